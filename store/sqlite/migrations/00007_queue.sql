-- +goose Up

-- Webhooks that were accepted, until they are in the inbox.
create table delivery (
	seq  integer primary key autoincrement,
	at   integer not null,
	body blob    not null
);

-- What is to be done (store.Job). due is when; while somebody works on it, when it is
-- taken for lost.
create table job (
	kind    text    not null,
	key     text    not null,
	due     integer not null,
	aside   integer not null,
	tries   integer not null,
	version integer not null,
	reason  text    not null,
	body    blob    not null,
	primary key (kind, key)
) without rowid;
create index job_due on job (kind, due) where aside = 0;
create index job_aside on job (due) where aside = 1;

-- What webhooks told of people who are known already (store.Result).
create table result (
	kind     text    not null,
	id       text    not null,
	customer text    not null,
	outcome  text    not null,
	detail   text    not null,
	at       integer not null,
	primary key (kind, id)
) without rowid;
create index result_at on result (at);

-- Sessions that the token backend began (store.Ticket).
create table ticket (
	name   text    primary key,
	id     text    not null,
	sealed blob    not null,
	at     integer not null
) without rowid;
create index ticket_session on ticket (id);
create index ticket_at on ticket (at);

pragma user_version = 7;
