-- +goose Up
-- Connections whose user chooses the accounts that are kept.
ALTER TABLE connections ADD COLUMN selective BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE connections DROP COLUMN selective;
