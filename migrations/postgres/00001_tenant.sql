-- +goose Up
CREATE TABLE clients (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name          TEXT COLLATE "C" NOT NULL,
    secret_hash   TEXT COLLATE "C" NOT NULL,
    scopes        TEXT COLLATE "C",
    rights        TEXT COLLATE "C",
    redirect_urls TEXT COLLATE "C",
    disabled      BOOLEAN          NOT NULL,
    created_at    BIGINT           NOT NULL
);
CREATE INDEX clients_created ON clients (created_at, id);

CREATE TABLE users (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id     TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    email         TEXT COLLATE "C" NOT NULL,
    email_key     TEXT COLLATE "C" NOT NULL,
    external_id   TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    sealed_key    BYTEA,
    created_at    BIGINT           NOT NULL
);
CREATE INDEX users_created ON users (client_id, created_at, id);
CREATE UNIQUE INDEX users_email ON users (client_id, email_key) WHERE email_key <> '';
CREATE UNIQUE INDEX users_external_id ON users (client_id, external_id) WHERE external_id <> '';

CREATE TABLE tokens (
    hash       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind       TEXT COLLATE "C" NOT NULL,
    family     TEXT COLLATE "C" NOT NULL,
    client_id  TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id    TEXT COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
    scopes     TEXT COLLATE "C",
    data       BYTEA,
    expires_at BIGINT,
    revoked    BOOLEAN          NOT NULL,
    created_at BIGINT           NOT NULL
);
CREATE INDEX tokens_family ON tokens (family) WHERE family <> '';
CREATE INDEX tokens_user ON tokens (user_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);

-- +goose Down
DROP TABLE tokens;
DROP TABLE users;
DROP TABLE clients;
