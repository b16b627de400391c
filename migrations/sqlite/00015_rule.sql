-- +goose Up
-- What gives transactions their category besides the engine: a client's rules,
-- which have no user, and those of its users.
CREATE TABLE category_rules (
    id          TEXT    NOT NULL PRIMARY KEY,
    client_id   TEXT    NOT NULL REFERENCES clients (id),
    user_id     TEXT    REFERENCES users (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    direction   TEXT    NOT NULL,
    category_id TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX category_rules_of_client ON category_rules (client_id, created_at, id);
CREATE INDEX category_rules_of_user ON category_rules (user_id, created_at, id);
CREATE INDEX category_rules_of_all_users ON category_rules (client_id) WHERE user_id IS NULL;

-- +goose Down
DROP TABLE category_rules;
