-- +goose Up
-- When a connection is read next without its user: by channel, because one may
-- wait for its user, or for its bank, while the other goes on.
ALTER TABLE channels ADD COLUMN next_at INTEGER;
ALTER TABLE channels ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;

-- What finds the connections that are due must not look at those that are not,
-- nor at the rows of providers that are left out.
CREATE INDEX connections_due ON connections (next_synchronization_at, id, provider_id) WHERE next_synchronization_at IS NOT NULL;

-- Which providers are down.
CREATE TABLE breakers (
    provider_id   TEXT    NOT NULL PRIMARY KEY,
    failures      INTEGER NOT NULL,
    failing_since INTEGER,
    trips         INTEGER NOT NULL,
    open_until    INTEGER,
    probe_until   INTEGER
) STRICT;

-- Connections that were there before get their first turn within a day, spread
-- over it, on the clock that the server goes by. Channels that wait for their
-- user, or have nothing to read with, get none.
UPDATE connections SET next_synchronization_at =
    unixepoch() * 1000000 + COALESCE((SELECT offset_seconds FROM sandbox_clock), 0) * 1000000 + abs(random() % 86400000000)
WHERE auto_sync AND EXISTS (
    SELECT 1 FROM channels
    WHERE connection_id = connections.id AND status IN ('RUNNING', 'SUCCESS', 'PARTIAL_SUCCESS', 'EMPTY', 'RATE_LIMITED', 'PROVIDER_UNAVAILABLE', 'TECHNICAL_ERROR')
      AND (status <> 'EMPTY' OR sealed_credentials IS NOT NULL OR sealed_secrets IS NOT NULL));
UPDATE channels SET next_at = (SELECT next_synchronization_at FROM connections WHERE id = connection_id)
WHERE status IN ('RUNNING', 'SUCCESS', 'PARTIAL_SUCCESS', 'EMPTY', 'RATE_LIMITED', 'PROVIDER_UNAVAILABLE', 'TECHNICAL_ERROR')
  AND (status <> 'EMPTY' OR sealed_credentials IS NOT NULL OR sealed_secrets IS NOT NULL);

-- +goose Down
DROP TABLE breakers;
DROP INDEX connections_due;
ALTER TABLE channels DROP COLUMN failures;
ALTER TABLE channels DROP COLUMN next_at;
UPDATE connections SET next_synchronization_at = NULL;
