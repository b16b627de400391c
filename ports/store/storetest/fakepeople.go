package storetest

import (
	"context"
	"maps"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeClients struct{ *fakeTx }

func (r fakeClients) Get(_ context.Context, id ident.Client) (client.Client, error) {
	c, ok := r.state.clients[id]
	if !ok {
		return client.Client{}, fault.New(fault.NotFound, "client_not_found", "There is no such client.")
	}
	return tidy(c), nil
}

func (r fakeClients) Put(_ context.Context, c client.Client) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.clients[c.ID] = tidy(c)
	return nil
}

func (r fakeClients) List(_ context.Context, page store.Page) (store.Slice[client.Client], error) {
	by := byTime(false, func(c client.Client) time.Time { return c.CreatedAt }, func(c client.Client) ident.Client { return c.ID })
	return paged(maps.Values(r.state.clients), func(client.Client) bool { return true }, by, page)
}

type fakeUsers struct{ *fakeTx }

func (r fakeUsers) Get(_ context.Context, owner store.Owner, id ident.User) (*user.User, error) {
	return r.find(func(u user.User) bool { return u.ID == id && owns(owner, u.ClientID, u.ID) })
}

func (r fakeUsers) ByEmail(_ context.Context, client ident.Client, emailKey string) (*user.User, error) {
	return r.find(func(u user.User) bool { return u.ClientID == client && emailKey != "" && u.EmailKey == emailKey })
}

func (r fakeUsers) ByExternalID(_ context.Context, client ident.Client, externalID string) (*user.User, error) {
	return r.find(func(u user.User) bool {
		return u.ClientID == client && externalID != "" && u.ExternalID == externalID
	})
}

func (r fakeUsers) find(match func(user.User) bool) (*user.User, error) {
	for _, u := range r.state.users {
		if match(u) {
			found := tidy(u)
			return &found, nil
		}
	}
	return nil, user.ErrNotFound
}

func (r fakeUsers) Put(_ context.Context, u *user.User) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.clients[u.ClientID]; !ok {
		return errOrphan
	}
	for _, other := range r.state.users {
		if other.ID != u.ID && other.ClientID == u.ClientID && (same(other.EmailKey, u.EmailKey) || same(other.ExternalID, u.ExternalID)) {
			return user.ErrTaken
		}
	}
	r.state.users[u.ID] = tidy(*u)
	return r.record(u.ClientID, u.Drain())
}

func same(a, b string) bool { return a != "" && a == b }

func (r fakeUsers) Delete(_ context.Context, u *user.User) error {
	if err := r.writable(); err != nil {
		return err
	}
	if old, ok := r.state.users[u.ID]; !ok || old.ClientID != u.ClientID {
		return user.ErrNotFound
	}
	r.dropUser(u.ID)
	return r.record(u.ClientID, u.Drain())
}

func (r fakeUsers) List(_ context.Context, client ident.Client, filter store.UserFilter, page store.Page) (store.Slice[*user.User], error) {
	keep := func(u user.User) bool {
		return u.ClientID == client && (filter.Email == "" || u.EmailKey == user.EmailKey(filter.Email)) &&
			(filter.ExternalID == "" || u.ExternalID == filter.ExternalID)
	}
	by := byTime(false, func(u user.User) time.Time { return u.CreatedAt }, func(u user.User) ident.User { return u.ID })
	return pointers(paged(maps.Values(r.state.users), keep, by, page))
}
