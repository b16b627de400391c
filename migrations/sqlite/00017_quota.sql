-- +goose Up
-- Calls that banks count, one row a fetch: what it reserved or spent of each
-- account and kind of data is JSON, never compared here. A call counts from at,
-- on the clock that users see; made_at is when it began in real time.
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
CREATE INDEX quota_calls_of_connection ON quota_calls (connection_id, at, id);
CREATE INDEX quota_calls_made ON quota_calls (made_at);

-- A run that waits for the bank's quota goes on then, on the clock that users see.
ALTER TABLE synchronizations ADD COLUMN retry_at INTEGER;
CREATE INDEX synchronizations_rested ON synchronizations (retry_at, id)
    WHERE status = 'WAITING' AND due_at IS NULL AND retry_at IS NOT NULL;

-- +goose Down
DROP INDEX synchronizations_rested;
ALTER TABLE synchronizations DROP COLUMN retry_at;
DROP TABLE quota_calls;
