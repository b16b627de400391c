-- +goose Up
-- The newest number of each client's log. It is updated last in a transaction,
-- so that numbers become visible in their order.
CREATE TABLE event_heads (
    client_id TEXT    NOT NULL PRIMARY KEY REFERENCES clients (id),
    seq       INTEGER NOT NULL
) STRICT;

-- Facts outlive what they tell of: user and connection are no references.
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
CREATE INDEX events_of_user ON events (user_id, seq);
CREATE INDEX events_of_connection ON events (connection_id, seq);

CREATE TABLE queues (
    id         TEXT    NOT NULL PRIMARY KEY,
    client_id  TEXT    NOT NULL REFERENCES clients (id),
    user_id    TEXT    NOT NULL, -- of the filter; may outlive the user
    names      TEXT,
    acked      INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX queues_of_client ON queues (client_id, created_at, id);
CREATE INDEX queues_of_user ON queues (user_id, created_at, id);

-- +goose Down
DROP TABLE queues;
DROP TABLE events;
DROP TABLE event_heads;
