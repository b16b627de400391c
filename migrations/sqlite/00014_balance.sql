-- +goose Up
-- What each run learned of an account's balances; amounts are JSON, never
-- compared here.
CREATE TABLE balance_records (
    account_id         TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    synchronization_id TEXT NOT NULL,
    client_id          TEXT NOT NULL,
    user_id            TEXT NOT NULL,
    read_at            INTEGER NOT NULL,
    balance            TEXT,
    balances           TEXT,
    integrity          TEXT NOT NULL,
    missing            TEXT,
    gap_from           TEXT NOT NULL,
    gap_to             TEXT NOT NULL,
    PRIMARY KEY (account_id, synchronization_id)
) STRICT;
CREATE INDEX balance_records_of_account ON balance_records (account_id, read_at, synchronization_id);

-- +goose Down
DROP TABLE balance_records;
