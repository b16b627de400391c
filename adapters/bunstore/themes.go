package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

type themeRow struct {
	bun.BaseModel `bun:"table:themes"`
	ClientID      ident.Client   `bun:"client_id,pk"`
	Name          string         `bun:"name,pk"`
	DisplayName   string         `bun:"display_name"`
	Accent        string         `bun:"accent"`
	AccentDark    string         `bun:"accent_dark"`
	Font          widget.Font    `bun:"font"`
	Corners       widget.Corners `bun:"corners"`
	Logo          []byte         `bun:"logo,nullzero"`
	LogoWidth     int            `bun:"logo_width"`
	LogoHeight    int            `bun:"logo_height"`
	TermsHeader   string         `bun:"terms_header"`
	TermsBody     string         `bun:"terms_body"`
}

func themeRowOf(t widget.Theme) themeRow {
	row := themeRow{
		ClientID: t.ClientID, Name: t.Name, DisplayName: t.DisplayName, Accent: t.Accent, AccentDark: t.AccentDark, Font: t.Font, Corners: t.Corners,
		TermsHeader: t.TermsHeader, TermsBody: t.TermsBody,
	}
	if t.Logo != nil {
		row.Logo, row.LogoWidth, row.LogoHeight = blob(t.Logo.PNG), t.Logo.Width, t.Logo.Height
	}
	return row
}

func (r themeRow) domain() (widget.Theme, error) {
	t := widget.Theme{
		ClientID: r.ClientID, Name: r.Name, DisplayName: r.DisplayName, Accent: r.Accent, AccentDark: r.AccentDark, Font: r.Font, Corners: r.Corners,
		TermsHeader: r.TermsHeader, TermsBody: r.TermsBody,
	}
	if len(r.Logo) > 0 {
		t.Logo = &picture.Picture{PNG: r.Logo, Width: r.LogoWidth, Height: r.LogoHeight}
	}
	return t, nil
}

// Themes implements store.Tx.
func (tx *transaction) Themes() store.Themes { return themes{tx} }

type themes struct{ *transaction }

func (t themes) Get(ctx context.Context, client ident.Client, name string) (widget.Theme, error) {
	return first[themeRow](ctx, t.transaction, widget.ErrNoTheme, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("client_id = ?", client).Where("name = ?", name)
	})
}

func (t themes) Put(ctx context.Context, theme widget.Theme) error {
	return put(ctx, t.transaction, "client_id, name", themeRowOf(theme))
}

func (t themes) Delete(ctx context.Context, client ident.Client, name string) error {
	count, err := remove[themeRow](ctx, t.transaction, "client_id = ? AND name = ?", client, name)
	if err == nil && count == 0 {
		return widget.ErrNoTheme
	}
	return err
}

func (t themes) Of(ctx context.Context, client ident.Client) ([]widget.Theme, error) {
	return find[themeRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("client_id = ?", client).OrderExpr("name")
	})
}
