package storetest

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
)

type themeKey struct {
	client ident.Client
	name   string
}

type fakeThemes struct{ *fakeTx }

func (r fakeThemes) Get(_ context.Context, client ident.Client, name string) (widget.Theme, error) {
	t, ok := r.state.themes[themeKey{client, name}]
	if !ok {
		return widget.Theme{}, widget.ErrNoTheme
	}
	return tidy(t), nil
}

func (r fakeThemes) Put(_ context.Context, t widget.Theme) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.clients[t.ClientID]; !ok {
		return errOrphan
	}
	r.state.themes[themeKey{t.ClientID, t.Name}] = tidy(t)
	return nil
}

func (r fakeThemes) Delete(ctx context.Context, client ident.Client, name string) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, err := r.Get(ctx, client, name); err != nil {
		return err
	}
	delete(r.state.themes, themeKey{client, name})
	return nil
}

func (r fakeThemes) Of(_ context.Context, client ident.Client) (all []widget.Theme, err error) {
	for key, t := range maps.All(r.state.themes) {
		if key.client == client {
			all = append(all, tidy(t))
		}
	}
	slices.SortFunc(all, func(a, b widget.Theme) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}
