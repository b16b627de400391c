-- +goose Up
-- What gives transactions their category besides the engine: a client's rules,
-- which have no user, and those of its users.
CREATE TABLE category_rules (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id   TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id     TEXT COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
    name        TEXT COLLATE "C" NOT NULL,
    content     TEXT COLLATE "C" NOT NULL,
    direction   TEXT COLLATE "C" NOT NULL,
    category_id TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT           NOT NULL
);
CREATE INDEX category_rules_of_client ON category_rules (client_id, created_at, id);
CREATE INDEX category_rules_of_user ON category_rules (user_id, created_at, id);
CREATE INDEX category_rules_of_all_users ON category_rules (client_id) WHERE user_id IS NULL;

-- +goose Down
DROP TABLE category_rules;
