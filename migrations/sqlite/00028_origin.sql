-- +goose Up
-- Where a client's pages are, which may show the widget in a frame or a popup, and
-- how a phone hands a result to the client's app.
ALTER TABLE clients ADD COLUMN origins TEXT;
ALTER TABLE clients ADD COLUMN app_links TEXT;

-- +goose Down
ALTER TABLE clients DROP COLUMN app_links;
ALTER TABLE clients DROP COLUMN origins;
