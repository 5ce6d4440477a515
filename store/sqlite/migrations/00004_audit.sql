-- +goose Up

-- The audit log: entries, the hashes of its tree by their number in it
-- (tlog.StoredHashIndex), signed checkpoints. What is there is never changed: the
-- triggers are against accidents, the hashes against everything else.
create table audit (
	seq  integer primary key,
	line blob not null
);
create table audit_hash (
	idx  integer primary key,
	hash blob not null
);
create table audit_checkpoint (
	size integer primary key,
	text text not null
);
-- +goose StatementBegin
create trigger audit_stays before update on audit begin select raise(abort, 'the audit log is append-only'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_is_kept before delete on audit begin select raise(abort, 'the audit log is append-only'); end;
-- +goose StatementEnd

-- Who has a note and its salt can prove that it is the one in the log.
alter table note add column salt text not null default '';

pragma user_version = 4;
