-- +goose Up
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
) STRICT;
CREATE INDEX connections_of_client ON connections (client_id, created_at, id);
CREATE INDEX connections_of_user ON connections (user_id, created_at, id);

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
    sealed_secrets     BLOB,
    PRIMARY KEY (connection_id, position),
    UNIQUE (connection_id, definition_id)
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
) STRICT;
CREATE INDEX synchronizations_of_client ON synchronizations (client_id, created_at, id);
CREATE INDEX synchronizations_of_user ON synchronizations (user_id, created_at, id);
CREATE INDEX synchronizations_of_connection ON synchronizations (connection_id, created_at, id);
-- One run a connection: what Tributary promises to banks and to rows.
CREATE UNIQUE INDEX synchronizations_active ON synchronizations (connection_id) WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');
CREATE INDEX synchronizations_due ON synchronizations (due_at, id) WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');

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
) STRICT;
CREATE INDEX challenges_of_connection ON challenges (connection_id, created_at, id);
CREATE INDEX challenges_of_run ON challenges (synchronization_id, channel_definition, created_at, id);
CREATE UNIQUE INDEX challenges_return ON challenges (return_hash) WHERE return_hash <> '';

-- +goose Down
DROP TABLE challenges;
DROP TABLE synchronizations;
DROP TABLE channels;
DROP TABLE connections;
