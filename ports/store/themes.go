package store

import (
	"context"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
)

// Themes are the looks that clients registered, each by the name that its client
// gave it. Get and Delete fail with widget.ErrNoTheme.
type Themes interface {
	Get(ctx context.Context, client ident.Client, name string) (widget.Theme, error)
	Put(ctx context.Context, t widget.Theme) error
	Delete(ctx context.Context, client ident.Client, name string) error
	// Of are all of a client, by their names.
	Of(ctx context.Context, client ident.Client) ([]widget.Theme, error)
}
