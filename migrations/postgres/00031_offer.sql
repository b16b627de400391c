-- +goose Up
-- Runs that offer what they find to the choice of their user, and visits that
-- ended by time, of which nothing is left behind.
ALTER TABLE synchronizations ADD COLUMN offers BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE widget_sessions ADD COLUMN settled BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX widget_sessions_lapsed ON widget_sessions (expires_at, id) WHERE outcome IS NULL AND NOT settled;

-- +goose Down
DROP INDEX widget_sessions_lapsed;
ALTER TABLE widget_sessions DROP COLUMN settled;
ALTER TABLE synchronizations DROP COLUMN offers;
