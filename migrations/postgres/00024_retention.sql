-- +goose Up
-- How far each client's log is forgotten: events up to here are gone. It stands
-- beside the head so that who forgets and who writes do not wait for each other.
CREATE TABLE event_tails (
    client_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES clients (id),
    seq       BIGINT           NOT NULL
);

-- +goose Down
DROP TABLE event_tails;
