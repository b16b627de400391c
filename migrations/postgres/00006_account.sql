-- +goose Up
-- What the user calls an account; whether it was deleted and is kept only to be
-- recognised; and which deleted account it brings back.
ALTER TABLE accounts ADD COLUMN given_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN deleted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accounts ADD COLUMN supersedes TEXT COLLATE "C" NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE accounts DROP COLUMN supersedes;
ALTER TABLE accounts DROP COLUMN deleted;
ALTER TABLE accounts DROP COLUMN given_name;
