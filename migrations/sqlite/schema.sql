-- Generated from the migrations; do not edit.

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
, given_name TEXT NOT NULL DEFAULT '', deleted INTEGER NOT NULL DEFAULT 0, supersedes TEXT NOT NULL DEFAULT '', known_as TEXT, same_as TEXT, history TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX accounts_of_client ON accounts (client_id, first_seen_at, id);
CREATE INDEX accounts_of_connection ON accounts (connection_id, first_seen_at, id);
CREATE INDEX accounts_of_user ON accounts (user_id, first_seen_at, id);
CREATE TABLE attempts (
    hash        TEXT    NOT NULL PRIMARY KEY,
    client_id   TEXT    NOT NULL REFERENCES clients (id),
    user_id     TEXT    REFERENCES users (id) ON DELETE CASCADE, -- whose data the answer holds
    fingerprint TEXT    NOT NULL,
    epoch       INTEGER NOT NULL,
    lease_until INTEGER,
    done        INTEGER NOT NULL,
    status      INTEGER NOT NULL,
    location    TEXT    NOT NULL,
    body        BLOB,
    expires_at  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_expiry ON attempts (expires_at);
CREATE INDEX attempts_user ON attempts (user_id);
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
CREATE TABLE "breakers" (
    channel       TEXT    NOT NULL PRIMARY KEY,
    failures      INTEGER NOT NULL,
    failing_since INTEGER,
    trips         INTEGER NOT NULL,
    open_until    INTEGER,
    probe_until   INTEGER
) STRICT;
CREATE TABLE category_rules (
    id          TEXT    NOT NULL PRIMARY KEY,
    client_id   TEXT    NOT NULL REFERENCES clients (id),
    user_id     TEXT    REFERENCES users (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    direction   TEXT    NOT NULL,
    category_id TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX category_rules_of_all_users ON category_rules (client_id) WHERE user_id IS NULL;
CREATE INDEX category_rules_of_client ON category_rules (client_id, created_at, id);
CREATE INDEX category_rules_of_user ON category_rules (user_id, created_at, id);
CREATE TABLE challenges (
    id                 TEXT    NOT NULL PRIMARY KEY,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL,
    connection_id      TEXT    NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    synchronization_id TEXT    NOT NULL REFERENCES synchronizations (id) ON DELETE CASCADE,
    channel_definition TEXT    NOT NULL,
    ref                TEXT    NOT NULL,
    type               TEXT    NOT NULL,
    message            TEXT,
    fields             TEXT,
    options            TEXT,
    image              TEXT,
    url                TEXT    NOT NULL,
    return_hash        TEXT    NOT NULL,
    state              TEXT    NOT NULL,
    created_at         INTEGER NOT NULL,
    expires_at         INTEGER,
    poll_after         INTEGER NOT NULL, -- nanoseconds
    live               INTEGER NOT NULL,
    sealed_state       BLOB,
    sealed_answer      BLOB
, resend TEXT) STRICT;
CREATE INDEX challenges_of_connection ON challenges (connection_id, created_at, id);
CREATE INDEX challenges_of_run ON challenges (synchronization_id, channel_definition, created_at, id);
CREATE UNIQUE INDEX challenges_return ON challenges (return_hash) WHERE return_hash <> '';
CREATE TABLE channels (
    connection_id      TEXT    NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    position           INTEGER NOT NULL,
    definition_id      TEXT    NOT NULL,
    type               TEXT    NOT NULL,
    status             TEXT    NOT NULL,
    last_outcome       TEXT    NOT NULL,
    fields             TEXT,
    url                TEXT    NOT NULL,
    message            TEXT,
    retry_at           INTEGER,
    consent_id         TEXT    NOT NULL,
    expires_at         INTEGER,
    sealed_credentials BLOB,
    sealed_secrets     BLOB, next_at INTEGER, failures INTEGER NOT NULL DEFAULT 0, cause TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (connection_id, position),
    UNIQUE (connection_id, definition_id)
) STRICT;
CREATE TABLE clients (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    secret_hash   TEXT    NOT NULL,
    scopes        TEXT,
    rights        TEXT,
    redirect_urls TEXT,
    disabled      INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
, origins TEXT, app_links TEXT) STRICT;
CREATE INDEX clients_created ON clients (created_at, id);
CREATE TABLE configurations (
    id         TEXT    NOT NULL PRIMARY KEY,
    client_id  TEXT    NOT NULL REFERENCES clients (id),
    bank       TEXT    NOT NULL,
    content    BLOB,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX configurations_created ON configurations (created_at, id);
CREATE INDEX configurations_of_client ON configurations (client_id, created_at, id);
CREATE TABLE connections (
    id                      TEXT    NOT NULL PRIMARY KEY,
    client_id               TEXT    NOT NULL REFERENCES clients (id),
    user_id                 TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider_id             TEXT    NOT NULL,
    name                    TEXT    NOT NULL,
    status                  TEXT    NOT NULL,
    auto_sync               INTEGER NOT NULL,
    created_at              INTEGER NOT NULL,
    last_synchronization_id TEXT    NOT NULL,
    last_success_at         INTEGER,
    next_synchronization_at INTEGER
, selective INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX connections_due ON connections (next_synchronization_at, id, provider_id) WHERE next_synchronization_at IS NOT NULL;
CREATE INDEX connections_of_client ON connections (client_id, created_at, id);
CREATE INDEX connections_of_user ON connections (user_id, created_at, id);
CREATE TABLE consent_accesses (
    id                 TEXT    NOT NULL PRIMARY KEY,
    consent_id         TEXT    NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL,
    connection_id      TEXT    NOT NULL,
    channel_definition TEXT    NOT NULL,
    synchronization_id TEXT    NOT NULL,
    "trigger"          TEXT    NOT NULL,
    operation          TEXT    NOT NULL,
    attended           INTEGER NOT NULL,
    at                 INTEGER NOT NULL,
    ended_at           INTEGER,
    outcome            TEXT    NOT NULL
) STRICT;
CREATE INDEX consent_accesses_by_time ON consent_accesses (at);
CREATE INDEX consent_accesses_of_consent ON consent_accesses (consent_id, at, id);
CREATE INDEX consent_accesses_open ON consent_accesses (at, id) WHERE ended_at IS NULL;
CREATE TABLE consent_entries (
    consent_id  TEXT    NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    what        TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    scopes      TEXT,
    valid_until INTEGER,
    days        INTEGER NOT NULL,
    PRIMARY KEY (consent_id, number)
) STRICT;
CREATE TABLE consent_withdrawals (
    consent_id         TEXT    NOT NULL PRIMARY KEY,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL,
    connection_id      TEXT    NOT NULL,
    provider_id        TEXT    NOT NULL,
    channel_definition TEXT    NOT NULL,
    sealed_key         BLOB,
    sealed_secrets     BLOB,
    created_at         INTEGER NOT NULL,
    attempts           INTEGER NOT NULL,
    due_at             INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_withdrawals_due ON consent_withdrawals (due_at, consent_id);
CREATE TABLE consents (
    id                 TEXT    NOT NULL PRIMARY KEY,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    connection_id      TEXT    NOT NULL,
    provider_id        TEXT    NOT NULL,
    channel_definition TEXT    NOT NULL,
    status             TEXT    NOT NULL,
    terms_version      TEXT    NOT NULL,
    terms_locale       TEXT    NOT NULL,
    scopes             TEXT,
    accounts           TEXT,
    bank_id            TEXT    NOT NULL,
    bank_until         INTEGER,
    given_at           INTEGER NOT NULL,
    confirmed_at       INTEGER,
    valid_until        INTEGER,
    ended_at           INTEGER,
    replaces           TEXT    NOT NULL,
    replaced_by        TEXT    NOT NULL,
    noticed            INTEGER NOT NULL,
    due_at             INTEGER,
    recorded           INTEGER NOT NULL
) STRICT;
CREATE INDEX consents_due ON consents (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX consents_of_client ON consents (client_id, given_at, id);
CREATE INDEX consents_of_connection ON consents (connection_id, given_at, id);
CREATE INDEX consents_of_user ON consents (user_id, given_at, id);
CREATE TABLE deliveries (
    webhook_id TEXT    NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL,
    event_id   TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    attempts   TEXT,
    step       INTEGER NOT NULL,
    next_at    INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (webhook_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_age ON deliveries (created_at);
CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at) WHERE status = 'PENDING';
CREATE TABLE event_heads (
    client_id TEXT    NOT NULL PRIMARY KEY REFERENCES clients (id),
    seq       INTEGER NOT NULL
) STRICT;
CREATE TABLE event_tails (
    client_id TEXT    NOT NULL PRIMARY KEY REFERENCES clients (id),
    seq       INTEGER NOT NULL
) STRICT;
CREATE TABLE events (
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    seq                INTEGER NOT NULL,
    id                 TEXT    NOT NULL UNIQUE,
    name               TEXT    NOT NULL,
    version            INTEGER NOT NULL,
    occurred_at        INTEGER NOT NULL,
    user_id            TEXT    NOT NULL,
    connection_id      TEXT    NOT NULL,
    channel_definition TEXT    NOT NULL,
    data               TEXT,
    PRIMARY KEY (client_id, seq)
) STRICT;
CREATE INDEX events_of_connection ON events (connection_id, seq);
CREATE INDEX events_of_name ON events (client_id, name, seq);
CREATE INDEX events_of_user ON events (user_id, seq);
CREATE TABLE feed (
    client_id TEXT    NOT NULL REFERENCES clients (id),
    seq       INTEGER NOT NULL,
    last      INTEGER NOT NULL, -- of the ids of this number, which one the line ends with
    user_id   TEXT    NOT NULL,
    added     INTEGER NOT NULL, -- or changed
    ids       TEXT    NOT NULL, -- JSON
    PRIMARY KEY (client_id, seq, last)
) STRICT;
CREATE INDEX feed_of_user ON feed (user_id, seq, last);
CREATE TABLE outages (
    plugin TEXT    NOT NULL PRIMARY KEY,
    since  INTEGER NOT NULL
) STRICT;
CREATE TABLE queues (
    id         TEXT    NOT NULL PRIMARY KEY,
    client_id  TEXT    NOT NULL REFERENCES clients (id),
    user_id    TEXT    NOT NULL, -- of the filter; may outlive the user
    names      TEXT,
    acked      INTEGER NOT NULL,
    created_at INTEGER NOT NULL
, connection_id TEXT NOT NULL DEFAULT '', leases TEXT) STRICT;
CREATE INDEX queues_of_client ON queues (client_id, created_at, id);
CREATE INDEX queues_of_user ON queues (user_id, created_at, id);
CREATE TABLE quota_calls (
    id                 TEXT    NOT NULL PRIMARY KEY,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL,
    connection_id      TEXT    NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    synchronization_id TEXT    NOT NULL,
    channel            TEXT    NOT NULL,
    begun_at           INTEGER NOT NULL,
    at                 INTEGER NOT NULL,
    made_at            INTEGER NOT NULL,
    attended           INTEGER NOT NULL,
    settled            INTEGER NOT NULL,
    lines              TEXT
) STRICT;
CREATE INDEX quota_calls_made ON quota_calls (made_at);
CREATE INDEX quota_calls_of_connection ON quota_calls (connection_id, at, id);
CREATE TABLE sandbox_clock (
    id             TEXT    NOT NULL PRIMARY KEY,
    offset_seconds INTEGER NOT NULL,
    revision       INTEGER NOT NULL
) STRICT;
CREATE TABLE synchronizations (
    id              TEXT    NOT NULL PRIMARY KEY,
    client_id       TEXT    NOT NULL REFERENCES clients (id),
    user_id         TEXT    NOT NULL,
    connection_id   TEXT    NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    type            TEXT    NOT NULL,
    "trigger"       TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    stage           TEXT    NOT NULL,
    psu             TEXT,
    locale          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    started_at      INTEGER,
    finished_at     INTEGER,
    legs            TEXT,
    accounts        TEXT,
    problem         TEXT,
    lease_owner     TEXT    NOT NULL,
    lease_epoch     INTEGER NOT NULL,
    lease_until     INTEGER,
    due_at          INTEGER
, fruitless INTEGER NOT NULL DEFAULT 0, retry_at INTEGER, offers INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX synchronizations_active ON synchronizations (connection_id) WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');
CREATE INDEX synchronizations_due ON synchronizations (due_at, id) WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');
CREATE INDEX synchronizations_of_client ON synchronizations (client_id, created_at, id);
CREATE INDEX synchronizations_of_connection ON synchronizations (connection_id, created_at, id);
CREATE INDEX synchronizations_of_user ON synchronizations (user_id, created_at, id);
CREATE INDEX synchronizations_rested ON synchronizations (retry_at, id)
    WHERE status = 'WAITING' AND due_at IS NULL AND retry_at IS NOT NULL;
CREATE TABLE themes (
    client_id    TEXT    NOT NULL REFERENCES clients (id),
    name         TEXT    NOT NULL,
    display_name TEXT    NOT NULL,
    accent       TEXT    NOT NULL,
    accent_dark  TEXT    NOT NULL,
    font         TEXT    NOT NULL,
    corners      TEXT    NOT NULL,
    logo         BLOB,
    logo_width   INTEGER NOT NULL,
    logo_height  INTEGER NOT NULL,
    terms_header TEXT    NOT NULL,
    terms_body   TEXT    NOT NULL,
    PRIMARY KEY (client_id, name)
) STRICT;
CREATE TABLE tokens (
    hash       TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    family     TEXT    NOT NULL,
    client_id  TEXT    NOT NULL REFERENCES clients (id),
    user_id    TEXT    REFERENCES users (id) ON DELETE CASCADE,
    scopes     TEXT,
    data       BLOB,
    expires_at INTEGER,
    revoked    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_expiry ON tokens (expires_at);
CREATE INDEX tokens_family ON tokens (family) WHERE family <> '';
CREATE INDEX tokens_user ON tokens (user_id);
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
, given_label TEXT NOT NULL DEFAULT '', removal TEXT NOT NULL DEFAULT '', revisions INTEGER NOT NULL DEFAULT 0, in_doubt INTEGER NOT NULL DEFAULT 0, transfer_key TEXT) STRICT;
CREATE INDEX transactions_in_doubt ON transactions (user_id, effective_date, id) WHERE in_doubt;
CREATE INDEX transactions_of_account ON transactions (account_id, effective_date, id);
CREATE INDEX transactions_of_client ON transactions (client_id, effective_date, id);
CREATE INDEX transactions_of_connection ON transactions (connection_id, effective_date, id);
CREATE INDEX transactions_of_user ON transactions (user_id, effective_date, id);
CREATE INDEX transactions_transferring ON transactions (user_id, transfer_key) WHERE transfer_key IS NOT NULL;
CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY,
    client_id     TEXT    NOT NULL REFERENCES clients (id),
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL,
    external_id   TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    sealed_key    BLOB,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX users_created ON users (client_id, created_at, id);
CREATE UNIQUE INDEX users_email ON users (client_id, email_key) WHERE email_key <> '';
CREATE UNIQUE INDEX users_external_id ON users (client_id, external_id) WHERE external_id <> '';
CREATE TABLE webhooks (
    id            TEXT    NOT NULL PRIMARY KEY,
    client_id     TEXT    NOT NULL REFERENCES clients (id),
    url           TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    user_id       TEXT    NOT NULL,
    connection_id TEXT    NOT NULL,
    names         TEXT,
    algorithm     TEXT    NOT NULL,
    sealed_key    BLOB,
    secrets       TEXT,
    status        TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    failing_since INTEGER,
    reached       INTEGER NOT NULL, -- every event up to here has a delivery, or is not wanted
    retry_at      INTEGER,
    lease_owner   TEXT    NOT NULL,
    lease_epoch   INTEGER NOT NULL,
    lease_until   INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX webhooks_behind ON webhooks (client_id, reached) WHERE status = 'ENABLED';
CREATE INDEX webhooks_due ON webhooks (retry_at) WHERE status = 'ENABLED' AND retry_at IS NOT NULL;
CREATE INDEX webhooks_of_client ON webhooks (client_id, created_at, id);
CREATE TABLE widget_sessions (
    id            TEXT    NOT NULL PRIMARY KEY,
    client_id     TEXT    NOT NULL REFERENCES clients (id),
    user_id       TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    wanted        TEXT    NOT NULL,
    entry         TEXT    NOT NULL,
    link_hash     TEXT    NOT NULL,
    browser_hash  TEXT    NOT NULL,
    connection_id TEXT,
    progress      TEXT    NOT NULL,
    outcome       TEXT,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
, settled INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX widget_sessions_at ON widget_sessions (connection_id, created_at, id) WHERE connection_id IS NOT NULL;
CREATE INDEX widget_sessions_expiry ON widget_sessions (expires_at);
CREATE INDEX widget_sessions_lapsed ON widget_sessions (expires_at, id) WHERE outcome IS NULL AND NOT settled;
CREATE INDEX widget_sessions_of_user ON widget_sessions (user_id);
