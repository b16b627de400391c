-- +goose Up
-- How a challenge can be sent again, as JSON; and how often a run was claimed
-- since it last got further.
ALTER TABLE challenges ADD COLUMN resend TEXT;
ALTER TABLE synchronizations ADD COLUMN fruitless INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE synchronizations DROP COLUMN fruitless;
ALTER TABLE challenges DROP COLUMN resend;
