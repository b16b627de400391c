-- +goose Up
-- Addresses that a client's events are sent to. user_id and connection_id are
-- those of the filter, and may outlive what they name.
CREATE TABLE webhooks (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id     TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    url           TEXT COLLATE "C" NOT NULL,
    description   TEXT COLLATE "C" NOT NULL,
    user_id       TEXT COLLATE "C" NOT NULL,
    connection_id TEXT COLLATE "C" NOT NULL,
    names         TEXT COLLATE "C",
    algorithm     TEXT COLLATE "C" NOT NULL,
    sealed_key    BYTEA,
    secrets       TEXT COLLATE "C",
    status        TEXT COLLATE "C" NOT NULL,
    reason        TEXT COLLATE "C" NOT NULL,
    failing_since BIGINT,
    reached       BIGINT           NOT NULL, -- every event up to here has a delivery, or is not wanted
    retry_at      BIGINT,
    lease_owner   TEXT COLLATE "C" NOT NULL,
    lease_epoch   BIGINT           NOT NULL,
    lease_until   BIGINT           NOT NULL,
    created_at    BIGINT           NOT NULL
);
CREATE INDEX webhooks_of_client ON webhooks (client_id, created_at, id);
CREATE INDEX webhooks_behind ON webhooks (client_id, reached) WHERE status = 'ENABLED';
CREATE INDEX webhooks_due ON webhooks (retry_at) WHERE status = 'ENABLED' AND retry_at IS NOT NULL;

-- What became of an event for a webhook. Most rows are written once.
CREATE TABLE deliveries (
    webhook_id TEXT COLLATE "C" NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    seq        BIGINT           NOT NULL,
    event_id   TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL,
    attempts   TEXT COLLATE "C",
    step       INTEGER          NOT NULL,
    next_at    BIGINT,
    created_at BIGINT           NOT NULL,
    PRIMARY KEY (webhook_id, seq)
);
CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at) WHERE status = 'PENDING';
CREATE INDEX deliveries_age ON deliveries (created_at);

-- +goose Down
DROP TABLE deliveries;
DROP TABLE webhooks;
