-- +goose Up
-- Plugins of which clients were told that they are given up.
CREATE TABLE outages (
    plugin TEXT    NOT NULL PRIMARY KEY,
    since  INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE outages;
