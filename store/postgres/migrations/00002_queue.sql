-- +goose Up

-- Webhooks that were accepted, until they are in the inbox. Rows come and go all the
-- time: they are swept up often.
create table delivery (
	seq  bigint generated always as identity primary key,
	at   bigint not null,
	body bytea  not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- What is to be done (store.Job); id is made from kind and key. due is when; while
-- somebody works on it, when it is taken for lost.
create table job (
	id      text collate "C" primary key,
	kind    text collate "C" not null,
	key     text collate "C" not null,
	due     bigint  not null,
	aside   boolean not null,
	tries   bigint  not null,
	version bigint  not null,
	reason  text    not null,
	body    bytea   not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index job_due on job (kind, due) where not aside;
create index job_aside on job (due) where aside;

-- What webhooks told of people who are known already (store.Result); key is made from
-- kind and id.
create table result (
	key      text collate "C" primary key,
	kind     text collate "C" not null,
	id       text collate "C" not null,
	customer text   not null,
	outcome  text   not null,
	detail   text   not null,
	at       bigint not null
);
create index result_at on result (at);

-- Sessions that the token backend began (store.Ticket); session is made from id.
create table ticket (
	name    text collate "C" primary key,
	session text collate "C" not null,
	id      text   not null,
	sealed  bytea  not null,
	at      bigint not null
);
create index ticket_session on ticket (session);
create index ticket_at on ticket (at);
