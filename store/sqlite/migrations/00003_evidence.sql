-- +goose Up

-- What the person had looked at who wrote the note: JSON of model.Evidence, or
-- nothing. No picture, only their digests.
alter table note add column evidence text not null default '';

pragma user_version = 3;
