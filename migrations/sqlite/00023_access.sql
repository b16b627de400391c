-- +goose Up
-- Calls of banks of which nobody told the end: whoever made them may be lost.
CREATE INDEX consent_accesses_open ON consent_accesses (at, id) WHERE ended_at IS NULL;

-- +goose Down
DROP INDEX consent_accesses_open;
