-- +goose Up
CREATE TABLE accounts (
    id                 TEXT    NOT NULL PRIMARY KEY,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL,
    connection_id      TEXT    NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    type               TEXT    NOT NULL,
    status             TEXT    NOT NULL,
    name               TEXT    NOT NULL,
    holder             TEXT    NOT NULL,
    iban               TEXT    NOT NULL,
    number             TEXT    NOT NULL,
    currency           TEXT    NOT NULL,
    credit_limit       TEXT, -- JSON of an amount, as are the balances: never compared here
    balance            TEXT,
    balances           TEXT,
    balance_as_of      INTEGER,
    shared_by          TEXT,
    fed_by             TEXT    NOT NULL,
    bank_id            TEXT    NOT NULL,
    stable_id          INTEGER NOT NULL,
    first_seen_at      INTEGER NOT NULL,
    last_success_at    INTEGER,
    last_attempt_at    INTEGER,
    next_try_at        INTEGER
) STRICT;
CREATE INDEX accounts_of_client ON accounts (client_id, first_seen_at, id);
CREATE INDEX accounts_of_user ON accounts (user_id, first_seen_at, id);
CREATE INDEX accounts_of_connection ON accounts (connection_id, first_seen_at, id);

CREATE TABLE transactions (
    id                  TEXT    NOT NULL PRIMARY KEY,
    client_id           TEXT    NOT NULL REFERENCES clients (id),
    user_id             TEXT    NOT NULL,
    connection_id       TEXT    NOT NULL,
    account_id          TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    amount              TEXT    NOT NULL,
    amount_key          TEXT    NOT NULL, -- sorts as the amount does
    currency            TEXT    NOT NULL,
    status              TEXT    NOT NULL,
    type                TEXT    NOT NULL,
    booking_date        TEXT,
    value_date          TEXT,
    transaction_date    TEXT,
    effective_date      TEXT    NOT NULL,
    first_seen_at       INTEGER,
    updated_at          INTEGER,
    label               TEXT    NOT NULL,
    raw_label           TEXT    NOT NULL,
    merchant            TEXT    NOT NULL,
    counterparty        TEXT    NOT NULL,
    merchant_code       TEXT    NOT NULL,
    end_to_end_id       TEXT    NOT NULL,
    search_text         TEXT    NOT NULL, -- label, raw label and merchant, folded
    category_id         TEXT    NOT NULL,
    category_source     TEXT    NOT NULL,
    category_confidence REAL    NOT NULL,
    links               TEXT,
    bank_id             TEXT    NOT NULL,
    fingerprint         TEXT    NOT NULL,
    occurrence          INTEGER NOT NULL,
    raw                 BLOB,
    removed             INTEGER NOT NULL
) STRICT;
CREATE INDEX transactions_of_client ON transactions (client_id, effective_date, id);
CREATE INDEX transactions_of_user ON transactions (user_id, effective_date, id);
CREATE INDEX transactions_of_connection ON transactions (connection_id, effective_date, id);
CREATE INDEX transactions_of_account ON transactions (account_id, effective_date, id);

-- +goose Down
DROP TABLE transactions;
DROP TABLE accounts;
