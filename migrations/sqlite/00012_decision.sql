-- +goose Up
-- What people decide about transactions, and what changed in them.
ALTER TABLE transactions ADD COLUMN given_label TEXT NOT NULL DEFAULT '';
ALTER TABLE transactions ADD COLUMN removal TEXT NOT NULL DEFAULT '';
ALTER TABLE transactions ADD COLUMN revisions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transactions ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transactions ADD COLUMN transfer_key TEXT   ; -- of what can be a side of a transfer
CREATE INDEX transactions_in_doubt ON transactions (user_id, effective_date, id) WHERE in_doubt;
CREATE INDEX transactions_transferring ON transactions (user_id, transfer_key) WHERE transfer_key IS NOT NULL;

CREATE TABLE transaction_revisions (
    transaction_id     TEXT NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
    number             INTEGER NOT NULL,
    client_id          TEXT NOT NULL,
    user_id            TEXT NOT NULL,
    at                 INTEGER NOT NULL,
    evidence           TEXT NOT NULL,
    synchronization_id TEXT NOT NULL,
    changes            TEXT   , -- JSON: never compared here
    raw_before         BLOB,
    PRIMARY KEY (transaction_id, number)
) STRICT;

-- +goose Down
DROP TABLE transaction_revisions;
DROP INDEX transactions_transferring;
DROP INDEX transactions_in_doubt;
ALTER TABLE transactions DROP COLUMN transfer_key;
ALTER TABLE transactions DROP COLUMN in_doubt;
ALTER TABLE transactions DROP COLUMN revisions;
ALTER TABLE transactions DROP COLUMN removal;
ALTER TABLE transactions DROP COLUMN given_label;
