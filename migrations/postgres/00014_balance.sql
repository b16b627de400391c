-- +goose Up
-- What each run learned of an account's balances; amounts are JSON, never
-- compared here.
CREATE TABLE balance_records (
    account_id         TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    synchronization_id TEXT COLLATE "C" NOT NULL,
    client_id          TEXT COLLATE "C" NOT NULL,
    user_id            TEXT COLLATE "C" NOT NULL,
    read_at            BIGINT NOT NULL,
    balance            TEXT COLLATE "C",
    balances           TEXT COLLATE "C",
    integrity          TEXT COLLATE "C" NOT NULL,
    missing            TEXT COLLATE "C",
    gap_from           TEXT COLLATE "C" NOT NULL,
    gap_to             TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, synchronization_id)
);
CREATE INDEX balance_records_of_account ON balance_records (account_id, read_at, synchronization_id);

-- +goose Down
DROP TABLE balance_records;
