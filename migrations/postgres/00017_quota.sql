-- +goose Up
-- Calls that banks count, one row a fetch: what it reserved or spent of each
-- account and kind of data is JSON, never compared here. A call counts from at,
-- on the clock that users see; made_at is when it began in real time.
CREATE TABLE quota_calls (
    id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id          TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id            TEXT COLLATE "C" NOT NULL,
    connection_id      TEXT COLLATE "C" NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    synchronization_id TEXT COLLATE "C" NOT NULL,
    channel            TEXT COLLATE "C" NOT NULL,
    begun_at           BIGINT NOT NULL,
    at                 BIGINT NOT NULL,
    made_at            BIGINT NOT NULL,
    attended           BOOLEAN NOT NULL,
    settled            BOOLEAN NOT NULL,
    lines              TEXT COLLATE "C"
);
CREATE INDEX quota_calls_of_connection ON quota_calls (connection_id, at, id);
CREATE INDEX quota_calls_made ON quota_calls (made_at);

-- A run that waits for the bank's quota goes on then, on the clock that users see.
ALTER TABLE synchronizations ADD COLUMN retry_at BIGINT;
CREATE INDEX synchronizations_rested ON synchronizations (retry_at, id)
    WHERE status = 'WAITING' AND due_at IS NULL AND retry_at IS NOT NULL;

-- +goose Down
DROP INDEX synchronizations_rested;
ALTER TABLE synchronizations DROP COLUMN retry_at;
DROP TABLE quota_calls;
