-- +goose Up
-- Connections whose user chooses the accounts that are kept.
ALTER TABLE connections ADD COLUMN selective INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE connections DROP COLUMN selective;
