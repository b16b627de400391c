-- +goose Up
CREATE TABLE clients (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    secret_hash   TEXT    NOT NULL,
    scopes        TEXT,
    rights        TEXT,
    redirect_urls TEXT,
    disabled      INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX clients_created ON clients (created_at, id);

CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY,
    client_id     TEXT    NOT NULL REFERENCES clients (id),
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL,
    external_id   TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    sealed_key    BLOB,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX users_created ON users (client_id, created_at, id);
CREATE UNIQUE INDEX users_email ON users (client_id, email_key) WHERE email_key <> '';
CREATE UNIQUE INDEX users_external_id ON users (client_id, external_id) WHERE external_id <> '';

CREATE TABLE tokens (
    hash       TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    family     TEXT    NOT NULL,
    client_id  TEXT    NOT NULL REFERENCES clients (id),
    user_id    TEXT    REFERENCES users (id) ON DELETE CASCADE,
    scopes     TEXT,
    data       BLOB,
    expires_at INTEGER,
    revoked    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_family ON tokens (family) WHERE family <> '';
CREATE INDEX tokens_user ON tokens (user_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);

-- +goose Down
DROP TABLE tokens;
DROP TABLE users;
DROP TABLE clients;
