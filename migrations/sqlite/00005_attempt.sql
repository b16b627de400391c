-- +goose Up
-- Calls that may be sent again, by a hash of client and key, with the answer
-- that they were given.
CREATE TABLE attempts (
    hash        TEXT    NOT NULL PRIMARY KEY,
    client_id   TEXT    NOT NULL REFERENCES clients (id),
    user_id     TEXT    REFERENCES users (id) ON DELETE CASCADE, -- whose data the answer holds
    fingerprint TEXT    NOT NULL,
    epoch       INTEGER NOT NULL,
    lease_until INTEGER,
    done        INTEGER NOT NULL,
    status      INTEGER NOT NULL,
    location    TEXT    NOT NULL,
    body        BLOB,
    expires_at  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_user ON attempts (user_id);
CREATE INDEX attempts_expiry ON attempts (expires_at);

-- +goose Down
DROP TABLE attempts;
