-- +goose Up
-- What consumers who share a queue work on, and the connection it is about.
ALTER TABLE queues ADD COLUMN connection_id TEXT NOT NULL DEFAULT '';
ALTER TABLE queues ADD COLUMN leases TEXT;

-- +goose Down
ALTER TABLE queues DROP COLUMN leases;
ALTER TABLE queues DROP COLUMN connection_id;
