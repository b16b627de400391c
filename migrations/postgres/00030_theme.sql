-- +goose Up
-- The looks that clients registered for the pages of the widget.
CREATE TABLE themes (
    client_id    TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    name         TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    accent       TEXT COLLATE "C" NOT NULL,
    accent_dark  TEXT COLLATE "C" NOT NULL,
    font         TEXT COLLATE "C" NOT NULL,
    corners      TEXT COLLATE "C" NOT NULL,
    logo         BYTEA,
    logo_width   BIGINT           NOT NULL,
    logo_height  BIGINT           NOT NULL,
    terms_header TEXT COLLATE "C" NOT NULL,
    terms_body   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (client_id, name)
);

-- +goose Down
DROP TABLE themes;
