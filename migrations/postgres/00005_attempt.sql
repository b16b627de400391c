-- +goose Up
-- Calls that may be sent again, by a hash of client and key, with the answer
-- that they were given.
CREATE TABLE attempts (
    hash        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id   TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id     TEXT COLLATE "C" REFERENCES users (id) ON DELETE CASCADE, -- whose data the answer holds
    fingerprint TEXT COLLATE "C" NOT NULL,
    epoch       BIGINT           NOT NULL,
    lease_until BIGINT,
    done        BOOLEAN          NOT NULL,
    status      INTEGER          NOT NULL,
    location    TEXT COLLATE "C" NOT NULL,
    body        BYTEA,
    expires_at  BIGINT           NOT NULL,
    created_at  BIGINT           NOT NULL
);
CREATE INDEX attempts_user ON attempts (user_id);
CREATE INDEX attempts_expiry ON attempts (expires_at);

-- +goose Down
DROP TABLE attempts;
