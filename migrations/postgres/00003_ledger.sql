-- +goose Up
CREATE TABLE accounts (
    id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id          TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id            TEXT COLLATE "C" NOT NULL,
    connection_id      TEXT COLLATE "C" NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    type               TEXT COLLATE "C" NOT NULL,
    status             TEXT COLLATE "C" NOT NULL,
    name               TEXT COLLATE "C" NOT NULL,
    holder             TEXT COLLATE "C" NOT NULL,
    iban               TEXT COLLATE "C" NOT NULL,
    number             TEXT COLLATE "C" NOT NULL,
    currency           TEXT COLLATE "C" NOT NULL,
    credit_limit       TEXT COLLATE "C", -- JSON of an amount, as are the balances: never compared here
    balance            TEXT COLLATE "C",
    balances           TEXT COLLATE "C",
    balance_as_of      BIGINT,
    shared_by          TEXT COLLATE "C",
    fed_by             TEXT COLLATE "C" NOT NULL,
    bank_id            TEXT COLLATE "C" NOT NULL,
    stable_id          BOOLEAN          NOT NULL,
    first_seen_at      BIGINT           NOT NULL,
    last_success_at    BIGINT,
    last_attempt_at    BIGINT,
    next_try_at        BIGINT
);
CREATE INDEX accounts_of_client ON accounts (client_id, first_seen_at, id);
CREATE INDEX accounts_of_user ON accounts (user_id, first_seen_at, id);
CREATE INDEX accounts_of_connection ON accounts (connection_id, first_seen_at, id);

CREATE TABLE transactions (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id           TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id             TEXT COLLATE "C" NOT NULL,
    connection_id       TEXT COLLATE "C" NOT NULL,
    account_id          TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    amount              TEXT COLLATE "C" NOT NULL,
    amount_key          TEXT COLLATE "C" NOT NULL, -- sorts as the amount does
    currency            TEXT COLLATE "C" NOT NULL,
    status              TEXT COLLATE "C" NOT NULL,
    type                TEXT COLLATE "C" NOT NULL,
    booking_date        TEXT COLLATE "C",
    value_date          TEXT COLLATE "C",
    transaction_date    TEXT COLLATE "C",
    effective_date      TEXT COLLATE "C" NOT NULL,
    first_seen_at       BIGINT,
    updated_at          BIGINT,
    label               TEXT COLLATE "C" NOT NULL,
    raw_label           TEXT COLLATE "C" NOT NULL,
    merchant            TEXT COLLATE "C" NOT NULL,
    counterparty        TEXT COLLATE "C" NOT NULL,
    merchant_code       TEXT COLLATE "C" NOT NULL,
    end_to_end_id       TEXT COLLATE "C" NOT NULL,
    search_text         TEXT COLLATE "C" NOT NULL, -- label, raw label and merchant, folded
    category_id         TEXT COLLATE "C" NOT NULL,
    category_source     TEXT COLLATE "C" NOT NULL,
    category_confidence DOUBLE PRECISION NOT NULL,
    links               TEXT COLLATE "C",
    bank_id             TEXT COLLATE "C" NOT NULL,
    fingerprint         TEXT COLLATE "C" NOT NULL,
    occurrence          INTEGER          NOT NULL,
    raw                 BYTEA,
    removed             BOOLEAN          NOT NULL
);
CREATE INDEX transactions_of_client ON transactions (client_id, effective_date, id);
CREATE INDEX transactions_of_user ON transactions (user_id, effective_date, id);
CREATE INDEX transactions_of_connection ON transactions (connection_id, effective_date, id);
CREATE INDEX transactions_of_account ON transactions (account_id, effective_date, id);

-- +goose Down
DROP TABLE transactions;
DROP TABLE accounts;
