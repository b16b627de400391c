-- +goose Up
-- Readers who want events of some names find them without walking over the rest
-- of a long log.
CREATE INDEX events_of_name ON events (client_id, name, seq);

-- +goose Down
DROP INDEX events_of_name;
