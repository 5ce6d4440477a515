-- +goose Up

-- Bulk runs that have sessions left, and which: what the audit log says, found
-- without reading it. seq is the entry that planned the session. action is JSON of
-- model.Action, with its note, and goes with the last session.
create table batch (
	id     text    primary key,
	by     text    not null,
	at     integer not null,
	last   integer not null,
	total  integer not null,
	action text    not null
) without rowid;
create table batch_left (
	batch   text    not null references batch (id) on delete cascade,
	session text    not null,
	seq     integer not null,
	primary key (batch, session)
) without rowid;

pragma user_version = 6;
