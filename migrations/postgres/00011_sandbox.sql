-- +goose Up
-- Banks that clients brought to the sandbox, as they wrote them.
CREATE TABLE configurations (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id  TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    bank       TEXT COLLATE "C" NOT NULL,
    content    BYTEA,
    created_at BIGINT           NOT NULL
);
CREATE INDEX configurations_of_client ON configurations (client_id, created_at, id);
CREATE INDEX configurations_created ON configurations (created_at, id);

-- How far the sandbox is from real time. The one row is there from the start,
-- so that whoever moves the clock has something to lock.
CREATE TABLE sandbox_clock (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    offset_seconds BIGINT           NOT NULL,
    revision       BIGINT           NOT NULL
);
INSERT INTO sandbox_clock (id, offset_seconds, revision) VALUES ('clock', 0, 0);

-- +goose Down
DROP TABLE sandbox_clock;
DROP TABLE configurations;
