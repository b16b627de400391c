-- +goose Up
-- What each channel calls an account, and which others of its user are the same
-- one: JSON, never compared here.
ALTER TABLE accounts ADD COLUMN known_as TEXT;
ALTER TABLE accounts ADD COLUMN same_as TEXT;

-- +goose Down
ALTER TABLE accounts DROP COLUMN same_as;
ALTER TABLE accounts DROP COLUMN known_as;
