-- +goose Up

-- The view of decisions that wait for a second person: bit 64. No row is in it yet.
create index session_due_proposed on session (due, id, views) where views & 64;
create index session_newest_proposed on session (newest, id, views) where views & 64;
create index session_worst_proposed on session (worst, id, views) where views & 64;
create index session_name_proposed on session (name, id, views) where views & 64;
insert into counter (view, n) values ('proposed', 0);

-- Case files that were written here, so that a deletion can erase them too.
create table case_file (
	id   text    not null, -- interview id
	path text    not null,
	at   integer not null,
	primary key (id, path)
) without rowid;

pragma user_version = 5;
