-- +goose Up
CREATE TABLE connections (
    id                      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id               TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id                 TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider_id             TEXT COLLATE "C" NOT NULL,
    name                    TEXT COLLATE "C" NOT NULL,
    status                  TEXT COLLATE "C" NOT NULL,
    auto_sync               BOOLEAN          NOT NULL,
    created_at              BIGINT           NOT NULL,
    last_synchronization_id TEXT COLLATE "C" NOT NULL,
    last_success_at         BIGINT,
    next_synchronization_at BIGINT
);
CREATE INDEX connections_of_client ON connections (client_id, created_at, id);
CREATE INDEX connections_of_user ON connections (user_id, created_at, id);

CREATE TABLE channels (
    connection_id      TEXT COLLATE "C" NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    position           INTEGER          NOT NULL,
    definition_id      TEXT COLLATE "C" NOT NULL,
    type               TEXT COLLATE "C" NOT NULL,
    status             TEXT COLLATE "C" NOT NULL,
    last_outcome       TEXT COLLATE "C" NOT NULL,
    fields             TEXT COLLATE "C",
    url                TEXT COLLATE "C" NOT NULL,
    message            TEXT COLLATE "C",
    retry_at           BIGINT,
    consent_id         TEXT COLLATE "C" NOT NULL,
    expires_at         BIGINT,
    sealed_credentials BYTEA,
    sealed_secrets     BYTEA,
    PRIMARY KEY (connection_id, position),
    UNIQUE (connection_id, definition_id)
);

CREATE TABLE synchronizations (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id       TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id         TEXT COLLATE "C" NOT NULL,
    connection_id   TEXT COLLATE "C" NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    type            TEXT COLLATE "C" NOT NULL,
    "trigger"       TEXT COLLATE "C" NOT NULL,
    status          TEXT COLLATE "C" NOT NULL,
    stage           TEXT COLLATE "C" NOT NULL,
    psu             TEXT COLLATE "C",
    locale          TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT           NOT NULL,
    started_at      BIGINT,
    finished_at     BIGINT,
    legs            TEXT COLLATE "C",
    accounts        TEXT COLLATE "C",
    problem         TEXT COLLATE "C",
    lease_owner     TEXT COLLATE "C" NOT NULL,
    lease_epoch     BIGINT           NOT NULL,
    lease_until     BIGINT,
    due_at          BIGINT
);
CREATE INDEX synchronizations_of_client ON synchronizations (client_id, created_at, id);
CREATE INDEX synchronizations_of_user ON synchronizations (user_id, created_at, id);
CREATE INDEX synchronizations_of_connection ON synchronizations (connection_id, created_at, id);
-- One run a connection: what Tributary promises to banks and to rows.
CREATE UNIQUE INDEX synchronizations_active ON synchronizations (connection_id) WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');
CREATE INDEX synchronizations_due ON synchronizations (due_at, id) WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');

CREATE TABLE challenges (
    id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id          TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id            TEXT COLLATE "C" NOT NULL,
    connection_id      TEXT COLLATE "C" NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    synchronization_id TEXT COLLATE "C" NOT NULL REFERENCES synchronizations (id) ON DELETE CASCADE,
    channel_definition TEXT COLLATE "C" NOT NULL,
    ref                TEXT COLLATE "C" NOT NULL,
    type               TEXT COLLATE "C" NOT NULL,
    message            TEXT COLLATE "C",
    fields             TEXT COLLATE "C",
    options            TEXT COLLATE "C",
    image              TEXT COLLATE "C",
    url                TEXT COLLATE "C" NOT NULL,
    return_hash        TEXT COLLATE "C" NOT NULL,
    state              TEXT COLLATE "C" NOT NULL,
    created_at         BIGINT           NOT NULL,
    expires_at         BIGINT,
    poll_after         BIGINT           NOT NULL, -- nanoseconds
    live               BOOLEAN          NOT NULL,
    sealed_state       BYTEA,
    sealed_answer      BYTEA
);
CREATE INDEX challenges_of_connection ON challenges (connection_id, created_at, id);
CREATE INDEX challenges_of_run ON challenges (synchronization_id, channel_definition, created_at, id);
CREATE UNIQUE INDEX challenges_return ON challenges (return_hash) WHERE return_hash <> '';

-- +goose Down
DROP TABLE challenges;
DROP TABLE synchronizations;
DROP TABLE channels;
DROP TABLE connections;
