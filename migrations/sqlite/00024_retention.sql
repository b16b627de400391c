-- +goose Up
-- How far each client's log is forgotten: events up to here are gone. It stands
-- beside the head so that who forgets and who writes do not wait for each other.
CREATE TABLE event_tails (
    client_id TEXT    NOT NULL PRIMARY KEY REFERENCES clients (id),
    seq       INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE event_tails;
