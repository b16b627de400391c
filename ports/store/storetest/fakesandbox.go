package storetest

import (
	"context"
	"maps"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeConfigurations struct{ *fakeTx }

func (r fakeConfigurations) Get(_ context.Context, client ident.Client, id ident.Configuration) (sandbox.Configuration, error) {
	c, ok := r.state.configurations[id]
	if !ok || c.ClientID != client {
		return sandbox.Configuration{}, sandbox.ErrNotFound
	}
	return tidy(c), nil
}

func (r fakeConfigurations) Put(_ context.Context, c sandbox.Configuration) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.clients[c.ClientID]; !ok {
		return errOrphan
	}
	r.state.configurations[c.ID] = tidy(c)
	return nil
}

func (r fakeConfigurations) Delete(ctx context.Context, client ident.Client, id ident.Configuration) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, err := r.Get(ctx, client, id); err != nil {
		return err
	}
	delete(r.state.configurations, id)
	return nil
}

func (r fakeConfigurations) List(_ context.Context, client ident.Client, page store.Page) (store.Slice[sandbox.Configuration], error) {
	return r.page(func(c sandbox.Configuration) bool { return c.ClientID == client }, page)
}

func (r fakeConfigurations) All(_ context.Context, page store.Page) (store.Slice[sandbox.Configuration], error) {
	return r.page(func(sandbox.Configuration) bool { return true }, page)
}

func (r fakeConfigurations) page(keep func(sandbox.Configuration) bool, page store.Page) (store.Slice[sandbox.Configuration], error) {
	by := byTime(false, func(c sandbox.Configuration) time.Time { return c.CreatedAt }, func(c sandbox.Configuration) ident.Configuration { return c.ID })
	slice, err := paged(maps.Values(r.state.configurations), keep, by, page)
	for i := range slice.Items {
		slice.Items[i].Text = nil
	}
	return slice, err
}

type fakeClock struct{ *fakeTx }

func (r fakeClock) Get(context.Context) (sandbox.Clock, error) { return r.state.clock, nil }

func (r fakeClock) Put(_ context.Context, c sandbox.Clock) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.clock = c
	return nil
}
