-- +goose Up
-- What users agreed to. The row is how it stands, its entries are all that
-- happened to it: they are only ever added. A consent outlives its connection.
CREATE TABLE consents (
    id                 TEXT    NOT NULL PRIMARY KEY,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    connection_id      TEXT    NOT NULL,
    provider_id        TEXT    NOT NULL,
    channel_definition TEXT    NOT NULL,
    status             TEXT    NOT NULL,
    terms_version      TEXT    NOT NULL,
    terms_locale       TEXT    NOT NULL,
    scopes             TEXT,
    accounts           TEXT,
    bank_id            TEXT    NOT NULL,
    bank_until         INTEGER,
    given_at           INTEGER NOT NULL,
    confirmed_at       INTEGER,
    valid_until        INTEGER,
    ended_at           INTEGER,
    replaces           TEXT    NOT NULL,
    replaced_by        TEXT    NOT NULL,
    noticed            INTEGER NOT NULL,
    due_at             INTEGER,
    recorded           INTEGER NOT NULL
) STRICT;
CREATE INDEX consents_of_client ON consents (client_id, given_at, id);
CREATE INDEX consents_of_user ON consents (user_id, given_at, id);
CREATE INDEX consents_of_connection ON consents (connection_id, given_at, id);
CREATE INDEX consents_due ON consents (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE consent_entries (
    consent_id  TEXT    NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    what        TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    scopes      TEXT,
    valid_until INTEGER,
    days        INTEGER NOT NULL,
    PRIMARY KEY (consent_id, number)
) STRICT;

-- Every call of a bank, written down before it is made.
CREATE TABLE consent_accesses (
    id                 TEXT    NOT NULL PRIMARY KEY,
    consent_id         TEXT    NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL,
    connection_id      TEXT    NOT NULL,
    channel_definition TEXT    NOT NULL,
    synchronization_id TEXT    NOT NULL,
    "trigger"          TEXT    NOT NULL,
    operation          TEXT    NOT NULL,
    attended           INTEGER NOT NULL,
    at                 INTEGER NOT NULL,
    ended_at           INTEGER,
    outcome            TEXT    NOT NULL
) STRICT;
CREATE INDEX consent_accesses_of_consent ON consent_accesses (consent_id, at, id);
CREATE INDEX consent_accesses_by_time ON consent_accesses (at);

-- What a bank has still to be told, with what that takes: it refers to nothing
-- that may be gone by then.
CREATE TABLE consent_withdrawals (
    consent_id         TEXT    NOT NULL PRIMARY KEY,
    client_id          TEXT    NOT NULL REFERENCES clients (id),
    user_id            TEXT    NOT NULL,
    connection_id      TEXT    NOT NULL,
    provider_id        TEXT    NOT NULL,
    channel_definition TEXT    NOT NULL,
    sealed_key         BLOB,
    sealed_secrets     BLOB,
    created_at         INTEGER NOT NULL,
    attempts           INTEGER NOT NULL,
    due_at             INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_withdrawals_due ON consent_withdrawals (due_at, consent_id);

-- Connections that are there were agreed to: their consent is their first
-- channel's id with another prefix. An id is 128 bits in 26 letters of 5, so that
-- no other ends in a z: the second channel's does.
INSERT INTO consents (id, client_id, user_id, connection_id, provider_id, channel_definition, status, terms_version, terms_locale,
    scopes, bank_id, given_at, confirmed_at, valid_until, replaces, replaced_by, noticed, due_at, recorded)
SELECT CASE ch.position WHEN 0 THEN 'cst_' || substr(c.id, 5) ELSE 'cst_' || substr(c.id, 5, 25) || 'z' END,
    c.client_id, c.user_id, c.id, c.provider_id, ch.definition_id, 'ACTIVE', 'client-agreement', 'en',
    '["ACCOUNTS","BALANCES","TRANSACTIONS"]', '', c.created_at, c.created_at, ch.expires_at, '', '', 0, ch.expires_at, 1
FROM channels AS ch JOIN connections AS c ON c.id = ch.connection_id
WHERE ch.position < 2 AND (ch.status <> 'EMPTY' OR ch.sealed_credentials IS NOT NULL OR ch.sealed_secrets IS NOT NULL);
INSERT INTO consent_entries (consent_id, number, what, actor, at, scopes, valid_until, days)
SELECT id, 1, 'GIVEN', 'CLIENT', given_at, scopes, valid_until, 0 FROM consents;
-- The first look at one that ends plans its notices.
UPDATE consents SET due_at = given_at WHERE valid_until IS NOT NULL;
UPDATE channels SET consent_id = coalesce((SELECT id FROM consents
    WHERE consents.connection_id = channels.connection_id AND consents.channel_definition = channels.definition_id), '');

-- +goose Down
UPDATE channels SET consent_id = '';
DROP TABLE consent_withdrawals;
DROP TABLE consent_accesses;
DROP TABLE consent_entries;
DROP TABLE consents;
