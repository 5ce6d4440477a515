-- +goose Up

-- What is text here may have been any bytes: what Postgres cannot hold as text is
-- written otherwise (text.go). Every text that is compared is in the order of bytes.

-- One row a session. body holds everything (store.EncodeRow); the other columns are
-- made from it and exist to be searched and sorted by. Bits of views: 1 review,
-- 2 failed, 4 progress, 8 passed, 16 decided, 32 unknown, 64 proposed (store.Mask).
-- All sort keys ascend; equal keys are ordered by id.
create table session (
	id            text collate "C" primary key,
	views         bigint   not null,
	due           bigint   not null,
	newest        bigint   not null,
	worst         bigint   not null,
	name          text collate "C" not null,
	device        text collate "C" not null,
	ip            text collate "C" not null,
	claimed_by    text collate "C" not null,
	claimed_until bigint   not null,
	words         tsvector not null, -- store.Tokens, and more (plan.go)
	body          bytea    not null
);

-- A page costs the same at any place because each view has an index for each order.
create index session_due on session (due, id);
create index session_due_review on session (due, id) where views & 1 <> 0;
create index session_due_failed on session (due, id) where views & 2 <> 0;
create index session_due_progress on session (due, id) where views & 4 <> 0;
create index session_due_passed on session (due, id) where views & 8 <> 0;
create index session_due_decided on session (due, id) where views & 16 <> 0;
create index session_due_unknown on session (due, id) where views & 32 <> 0;
create index session_due_proposed on session (due, id) where views & 64 <> 0;
create index session_newest on session (newest, id);
create index session_newest_review on session (newest, id) where views & 1 <> 0;
create index session_newest_failed on session (newest, id) where views & 2 <> 0;
create index session_newest_progress on session (newest, id) where views & 4 <> 0;
create index session_newest_passed on session (newest, id) where views & 8 <> 0;
create index session_newest_decided on session (newest, id) where views & 16 <> 0;
create index session_newest_unknown on session (newest, id) where views & 32 <> 0;
create index session_newest_proposed on session (newest, id) where views & 64 <> 0;
create index session_worst on session (worst, id);
create index session_worst_review on session (worst, id) where views & 1 <> 0;
create index session_worst_failed on session (worst, id) where views & 2 <> 0;
create index session_worst_progress on session (worst, id) where views & 4 <> 0;
create index session_worst_passed on session (worst, id) where views & 8 <> 0;
create index session_worst_decided on session (worst, id) where views & 16 <> 0;
create index session_worst_unknown on session (worst, id) where views & 32 <> 0;
create index session_worst_proposed on session (worst, id) where views & 64 <> 0;
create index session_name on session (name, id);
create index session_name_review on session (name, id) where views & 1 <> 0;
create index session_name_failed on session (name, id) where views & 2 <> 0;
create index session_name_progress on session (name, id) where views & 4 <> 0;
create index session_name_passed on session (name, id) where views & 8 <> 0;
create index session_name_decided on session (name, id) where views & 16 <> 0;
create index session_name_unknown on session (name, id) where views & 32 <> 0;
create index session_name_proposed on session (name, id) where views & 64 <> 0;

create index session_device on session (device, newest, id) where device <> '';
create index session_ip on session (ip, newest, id) where ip <> '';
create index session_claim on session (claimed_by, claimed_until) where claimed_by <> '';

-- Without a list of what is still to be put in order: every search would read it.
create index session_words on session using gin (words) with (fastupdate = off);

-- How many rows each view holds, as the sum of all slots. A writer adds what it
-- changed to a slot that nobody else is at, so that no writer waits for another.
create table counter (
	slot     bigint generated always as identity primary key,
	all_rows bigint not null,
	review   bigint not null,
	failed   bigint not null,
	progress bigint not null,
	passed   bigint not null,
	decided  bigint not null,
	unknown  bigint not null,
	proposed bigint not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create table tag (
	session text collate "C" not null references session (id) on delete cascade,
	tag     text collate "C" not null
);
create index tag_session on tag (session);

-- evidence is JSON of model.Evidence, or nothing.
create table note (
	id       bigint generated always as identity primary key,
	session  text collate "C" not null references session (id) on delete cascade,
	by       text   not null,
	at       bigint not null,
	text     text   not null,
	evidence text   not null,
	salt     text   not null
);
create index note_session on note (session, id);

-- Case files that were written on some machine, so that a deletion can erase them too.
create table case_file (
	session text collate "C" not null,
	path    text collate "C" not null,
	at      bigint not null
);
create index case_file_session on case_file (session);

-- What is true of the whole inbox: 'origin' is the API that its ids belong to,
-- 'guest left' when the last row left that was there for one action only.
create table meta (
	name  text collate "C" primary key,
	value text not null
);

-- The audit log: entries, the hashes of its tree by their number in it
-- (tlog.StoredHashIndex), signed checkpoints. What is there is never changed: the
-- triggers are against accidents, the hashes against everything else.
create table audit (
	seq  bigint primary key,
	line bytea  not null
);
create table audit_hash (
	idx  bigint primary key,
	hash bytea  not null
);
create table audit_checkpoint (
	size bigint primary key,
	text text   not null
);

-- +goose StatementBegin
create function append_only() returns trigger language plpgsql as $$
begin
	raise exception 'the audit log is append-only';
end
$$;
-- +goose StatementEnd
create trigger stays before update or delete or truncate on audit for each statement execute function append_only();
create trigger stays before update or delete or truncate on audit_hash for each statement execute function append_only();
create trigger stays before update or delete or truncate on audit_checkpoint for each statement execute function append_only();

-- Who holds a row here is alone at what it names: 'audit' is adding to the log.
create table turn (
	name text primary key
);
insert into turn (name) values ('audit');

-- Bulk runs that have sessions left, and which: what the audit log says, found
-- without reading it. seq is the entry that planned the session. action is JSON of
-- model.Action, with its note, and goes with the last session.
create table batch (
	id     text collate "C" primary key,
	by     text   not null,
	at     bigint not null,
	last   bigint not null,
	total  bigint not null,
	action text   not null
);
create table batch_left (
	batch   text collate "C" not null references batch (id) on delete cascade,
	session text collate "C" not null,
	seq     bigint not null,
	primary key (batch, session)
);
