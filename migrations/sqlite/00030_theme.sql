-- +goose Up
-- The looks that clients registered for the pages of the widget.
CREATE TABLE themes (
    client_id    TEXT    NOT NULL REFERENCES clients (id),
    name         TEXT    NOT NULL,
    display_name TEXT    NOT NULL,
    accent       TEXT    NOT NULL,
    accent_dark  TEXT    NOT NULL,
    font         TEXT    NOT NULL,
    corners      TEXT    NOT NULL,
    logo         BLOB,
    logo_width   INTEGER NOT NULL,
    logo_height  INTEGER NOT NULL,
    terms_header TEXT    NOT NULL,
    terms_body   TEXT    NOT NULL,
    PRIMARY KEY (client_id, name)
) STRICT;

-- +goose Down
DROP TABLE themes;
