-- +goose Up
-- What users agreed to. The row is how it stands, its entries are all that
-- happened to it: they are only ever added. A consent outlives its connection.
CREATE TABLE consents (
    id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id          TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id            TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    connection_id      TEXT COLLATE "C" NOT NULL,
    provider_id        TEXT COLLATE "C" NOT NULL,
    channel_definition TEXT COLLATE "C" NOT NULL,
    status             TEXT COLLATE "C" NOT NULL,
    terms_version      TEXT COLLATE "C" NOT NULL,
    terms_locale       TEXT COLLATE "C" NOT NULL,
    scopes             TEXT COLLATE "C",
    accounts           TEXT COLLATE "C",
    bank_id            TEXT COLLATE "C" NOT NULL,
    bank_until         BIGINT,
    given_at           BIGINT           NOT NULL,
    confirmed_at       BIGINT,
    valid_until        BIGINT,
    ended_at           BIGINT,
    replaces           TEXT COLLATE "C" NOT NULL,
    replaced_by        TEXT COLLATE "C" NOT NULL,
    noticed            BIGINT           NOT NULL,
    due_at             BIGINT,
    recorded           BIGINT           NOT NULL
);
CREATE INDEX consents_of_client ON consents (client_id, given_at, id);
CREATE INDEX consents_of_user ON consents (user_id, given_at, id);
CREATE INDEX consents_of_connection ON consents (connection_id, given_at, id);
CREATE INDEX consents_due ON consents (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE consent_entries (
    consent_id  TEXT COLLATE "C" NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    number      BIGINT           NOT NULL,
    what        TEXT COLLATE "C" NOT NULL,
    actor       TEXT COLLATE "C" NOT NULL,
    at          BIGINT           NOT NULL,
    scopes      TEXT COLLATE "C",
    valid_until BIGINT,
    days        BIGINT           NOT NULL,
    PRIMARY KEY (consent_id, number)
);

-- Every call of a bank, written down before it is made.
CREATE TABLE consent_accesses (
    id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    consent_id         TEXT COLLATE "C" NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    client_id          TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id            TEXT COLLATE "C" NOT NULL,
    connection_id      TEXT COLLATE "C" NOT NULL,
    channel_definition TEXT COLLATE "C" NOT NULL,
    synchronization_id TEXT COLLATE "C" NOT NULL,
    "trigger"          TEXT COLLATE "C" NOT NULL,
    operation          TEXT COLLATE "C" NOT NULL,
    attended           BOOLEAN          NOT NULL,
    at                 BIGINT           NOT NULL,
    ended_at           BIGINT,
    outcome            TEXT COLLATE "C" NOT NULL
);
CREATE INDEX consent_accesses_of_consent ON consent_accesses (consent_id, at, id);
CREATE INDEX consent_accesses_by_time ON consent_accesses (at);

-- What a bank has still to be told, with what that takes: it refers to nothing
-- that may be gone by then.
CREATE TABLE consent_withdrawals (
    consent_id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id          TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    user_id            TEXT COLLATE "C" NOT NULL,
    connection_id      TEXT COLLATE "C" NOT NULL,
    provider_id        TEXT COLLATE "C" NOT NULL,
    channel_definition TEXT COLLATE "C" NOT NULL,
    sealed_key         BYTEA,
    sealed_secrets     BYTEA,
    created_at         BIGINT           NOT NULL,
    attempts           BIGINT           NOT NULL,
    due_at             BIGINT           NOT NULL
);
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
