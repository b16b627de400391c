-- +goose Up
-- The log of changes of transactions: which ids an Update wrote, under the
-- number of its last event. It holds ids alone and outlives what they name: user
-- is no reference. A line tells many ids, so that a long synchronization keeps
-- the client's counter for a moment only.
CREATE TABLE feed (
    client_id TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    seq       BIGINT           NOT NULL,
    last      INTEGER          NOT NULL, -- of the ids of this number, which one the line ends with
    user_id   TEXT COLLATE "C" NOT NULL,
    added     BOOLEAN          NOT NULL, -- or changed
    ids       TEXT COLLATE "C" NOT NULL, -- JSON
    PRIMARY KEY (client_id, seq, last)
);
CREATE INDEX feed_of_user ON feed (user_id, seq, last);

INSERT INTO feed (client_id, seq, last, user_id, added, ids)
SELECT t.client_id, coalesce(h.seq, 0), row_number() OVER (PARTITION BY t.client_id ORDER BY t.id), t.user_id, TRUE, '["' || t.id || '"]'
FROM transactions t LEFT JOIN event_heads h ON h.client_id = t.client_id WHERE NOT t.removed;

-- +goose Down
DROP TABLE feed;
