-- +goose Up
-- A breaker is of a channel: a bank's web site may be down while its interface
-- is there, and each may be reached by another plugin. What was known of a bank
-- is taken to hold for the channels by which it was read.
CREATE TABLE channel_breakers (
    channel       TEXT    NOT NULL PRIMARY KEY,
    failures      INTEGER NOT NULL,
    failing_since INTEGER,
    trips         INTEGER NOT NULL,
    open_until    INTEGER,
    probe_until   INTEGER
) STRICT;
INSERT INTO channel_breakers
SELECT ch.definition_id, b.failures, b.failing_since, b.trips, b.open_until, b.probe_until
FROM (SELECT DISTINCT c.provider_id, h.definition_id FROM channels h JOIN connections c ON c.id = h.connection_id) ch
JOIN breakers b ON b.provider_id = ch.provider_id;
DROP TABLE breakers;
ALTER TABLE channel_breakers RENAME TO breakers;

-- +goose Down
CREATE TABLE provider_breakers (
    provider_id   TEXT    NOT NULL PRIMARY KEY,
    failures      INTEGER NOT NULL,
    failing_since INTEGER,
    trips         INTEGER NOT NULL,
    open_until    INTEGER,
    probe_until   INTEGER
) STRICT;
INSERT INTO provider_breakers
SELECT ch.provider_id, max(b.failures), min(b.failing_since), max(b.trips), max(b.open_until), max(b.probe_until)
FROM (SELECT DISTINCT c.provider_id, h.definition_id FROM channels h JOIN connections c ON c.id = h.connection_id) ch
JOIN breakers b ON b.channel = ch.definition_id
GROUP BY ch.provider_id;
DROP TABLE breakers;
ALTER TABLE provider_breakers RENAME TO breakers;
