-- +goose Up

-- What is true of the whole inbox: 'origin' is the API that its ids belong to,
-- 'guest left' when the last row left that was there for one action only.
create table meta (
	name  text primary key,
	value text not null
) without rowid;

-- "dckt": tells an inbox from any other file, from its first hundred bytes.
pragma application_id = 1684237172;

pragma user_version = 2;
