-- +goose Up

-- One row a session. body holds everything (store.EncodeRow); the other columns
-- are made from it and exist to be searched and sorted by. Bits of views: 1 review,
-- 2 failed, 4 progress, 8 passed, 16 decided, 32 unknown (store.Mask). All sort
-- keys ascend; equal keys are ordered by id.
create table session (
	rid           integer primary key,
	id            text    not null unique,
	views         integer not null,
	due           integer not null,
	newest        integer not null,
	worst         integer not null,
	name          text    not null,
	device        text    not null,
	ip            text    not null,
	claimed_by    text    not null,
	claimed_until integer not null,
	words         text    not null, -- store.Tokens
	body          blob    not null
);

-- A page costs the same at any place because each view has an index for each
-- order. The column views is in them so that walking along needs no table.
create index session_due on session (due, id, views);
create index session_due_review on session (due, id, views) where views & 1;
create index session_due_failed on session (due, id, views) where views & 2;
create index session_due_progress on session (due, id, views) where views & 4;
create index session_due_passed on session (due, id, views) where views & 8;
create index session_due_decided on session (due, id, views) where views & 16;
create index session_due_unknown on session (due, id, views) where views & 32;
create index session_newest on session (newest, id, views);
create index session_newest_review on session (newest, id, views) where views & 1;
create index session_newest_failed on session (newest, id, views) where views & 2;
create index session_newest_progress on session (newest, id, views) where views & 4;
create index session_newest_passed on session (newest, id, views) where views & 8;
create index session_newest_decided on session (newest, id, views) where views & 16;
create index session_newest_unknown on session (newest, id, views) where views & 32;
create index session_worst on session (worst, id, views);
create index session_worst_review on session (worst, id, views) where views & 1;
create index session_worst_failed on session (worst, id, views) where views & 2;
create index session_worst_progress on session (worst, id, views) where views & 4;
create index session_worst_passed on session (worst, id, views) where views & 8;
create index session_worst_decided on session (worst, id, views) where views & 16;
create index session_worst_unknown on session (worst, id, views) where views & 32;
create index session_name on session (name, id, views);
create index session_name_review on session (name, id, views) where views & 1;
create index session_name_failed on session (name, id, views) where views & 2;
create index session_name_progress on session (name, id, views) where views & 4;
create index session_name_passed on session (name, id, views) where views & 8;
create index session_name_decided on session (name, id, views) where views & 16;
create index session_name_unknown on session (name, id, views) where views & 32;

create index session_device on session (device, newest, id) where device <> '';
create index session_ip on session (ip, newest, id) where ip <> '';
create index session_claim on session (claimed_by, claimed_until) where claimed_by <> '';

-- How many rows each view holds, kept by difference in the same transaction.
create table counter (
	view text    primary key,
	n    integer not null
) without rowid;
insert into counter (view, n) values
	('all', 0), ('review', 0), ('failed', 0), ('progress', 0), ('passed', 0), ('decided', 0), ('unknown', 0);

create table tag (
	tag text    not null,
	rid integer not null references session (rid) on delete cascade,
	primary key (tag, rid)
) without rowid;
create index tag_session on tag (rid);

create table note (
	id  integer primary key,
	rid integer not null references session (rid) on delete cascade,
	by  text    not null,
	at  integer not null,
	text text   not null
);
create index note_session on note (rid, id);

-- The words again, for finding the rows of a word that few have. No text is kept
-- here, tokens come ready made, and what is deleted leaves no trace in the index
-- (detail 'none' would do and is smaller, but with secure-delete it loses rows that
-- are written twice in one transaction: SQLite 3.53).
create virtual table search using fts5 (
	words, content = '', detail = 'column', columnsize = 0, prefix = '1 2 3', tokenize = "ascii tokenchars '#!$%&~_'"
);
insert into search (search, rank) values ('secure-delete', 1);

pragma user_version = 1;
