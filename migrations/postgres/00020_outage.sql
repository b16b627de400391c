-- +goose Up
-- Plugins of which clients were told that they are given up.
CREATE TABLE outages (
    plugin TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    since  BIGINT           NOT NULL
);

-- +goose Down
DROP TABLE outages;
