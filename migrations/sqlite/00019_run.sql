-- +goose Up
-- How far back an account was read: '' not yet, RECENT, MOVED (recent rows from
-- one channel beside those of another) or COMPLETE. Until now every reading went
-- as far back as the bank did.
ALTER TABLE accounts ADD COLUMN history TEXT NOT NULL DEFAULT '';
UPDATE accounts SET history = 'COMPLETE' WHERE last_success_at IS NOT NULL;
-- Why a channel failed, closer than its status says.
ALTER TABLE channels ADD COLUMN cause TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE channels DROP COLUMN cause;
ALTER TABLE accounts DROP COLUMN history;
