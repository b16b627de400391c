-- +goose Up
-- Addresses that a client's events are sent to. user_id and connection_id are
-- those of the filter, and may outlive what they name.
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
CREATE INDEX webhooks_of_client ON webhooks (client_id, created_at, id);
CREATE INDEX webhooks_behind ON webhooks (client_id, reached) WHERE status = 'ENABLED';
CREATE INDEX webhooks_due ON webhooks (retry_at) WHERE status = 'ENABLED' AND retry_at IS NOT NULL;

-- What became of an event for a webhook. Most rows are written once.
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
CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at) WHERE status = 'PENDING';
CREATE INDEX deliveries_age ON deliveries (created_at);

-- +goose Down
DROP TABLE deliveries;
DROP TABLE webhooks;
