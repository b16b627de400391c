-- +goose Up
-- The newest number of each client's log. It is updated last in a transaction,
-- so that numbers become visible in their order.
CREATE TABLE event_heads (
    client_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES clients (id),
    seq       BIGINT           NOT NULL
);

-- Facts outlive what they tell of: user and connection are no references.
CREATE TABLE events (
    client_id          TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    seq                BIGINT           NOT NULL,
    id                 TEXT COLLATE "C" NOT NULL UNIQUE,
    name               TEXT COLLATE "C" NOT NULL,
    version            INTEGER          NOT NULL,
    occurred_at        BIGINT           NOT NULL,
    user_id            TEXT COLLATE "C" NOT NULL,
    connection_id      TEXT COLLATE "C" NOT NULL,
    channel_definition TEXT COLLATE "C" NOT NULL,
    data               TEXT COLLATE "C",
    PRIMARY KEY (client_id, seq)
);
CREATE INDEX events_of_user ON events (user_id, seq);
CREATE INDEX events_of_connection ON events (connection_id, seq);

CREATE TABLE queues (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id  TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id    TEXT COLLATE "C" NOT NULL, -- of the filter; may outlive the user
    names      TEXT COLLATE "C",
    acked      BIGINT           NOT NULL,
    created_at BIGINT           NOT NULL
);
CREATE INDEX queues_of_client ON queues (client_id, created_at, id);
CREATE INDEX queues_of_user ON queues (user_id, created_at, id);

-- +goose Down
DROP TABLE queues;
DROP TABLE events;
DROP TABLE event_heads;
