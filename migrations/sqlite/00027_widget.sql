-- +goose Up
-- Visits to the widget: what a client ordered, and what its user has decided so
-- far. The link and the browser that opened it are known by hash only.
CREATE TABLE widget_sessions (
    id            TEXT    NOT NULL PRIMARY KEY,
    client_id     TEXT    NOT NULL REFERENCES clients (id),
    user_id       TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    wanted        TEXT    NOT NULL,
    entry         TEXT    NOT NULL,
    link_hash     TEXT    NOT NULL,
    browser_hash  TEXT    NOT NULL,
    connection_id TEXT,
    progress      TEXT    NOT NULL,
    outcome       TEXT,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX widget_sessions_of_user ON widget_sessions (user_id);
CREATE INDEX widget_sessions_at ON widget_sessions (connection_id, created_at, id) WHERE connection_id IS NOT NULL;
CREATE INDEX widget_sessions_expiry ON widget_sessions (expires_at);

-- +goose Down
DROP TABLE widget_sessions;
