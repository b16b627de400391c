package storetest

import (
	"context"
	"maps"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeConnections struct{ *fakeTx }

func (r fakeConnections) Get(_ context.Context, owner store.Owner, id ident.Connection) (*connection.Connection, error) {
	c, ok := r.state.connections[id]
	if !ok || !owns(owner, c.ClientID, c.UserID) {
		return nil, connection.ErrNotFound
	}
	c = tidy(c)
	return &c, nil
}

func (r fakeConnections) Put(_ context.Context, c *connection.Connection) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.users[c.UserID]; !ok {
		return errOrphan
	}
	r.state.connections[c.ID] = tidy(*c)
	return r.record(c.ClientID, c.Drain())
}

func (r fakeConnections) Delete(_ context.Context, c *connection.Connection) error {
	if err := r.writable(); err != nil {
		return err
	}
	if old, ok := r.state.connections[c.ID]; !ok || old.ClientID != c.ClientID || old.UserID != c.UserID {
		return connection.ErrNotFound
	}
	r.dropConnection(c.ID)
	return r.record(c.ClientID, c.Drain())
}

func (r fakeConnections) List(_ context.Context, owner store.Owner, filter store.ConnectionFilter, page store.Page) (store.Slice[*connection.Connection], error) {
	keep := func(c connection.Connection) bool {
		return owns(owner, c.ClientID, c.UserID) && (filter.Provider == "" || c.ProviderID == filter.Provider) &&
			(filter.Status == "" || c.Status == filter.Status)
	}
	by := byTime(false, func(c connection.Connection) time.Time { return c.CreatedAt },
		func(c connection.Connection) ident.Connection { return c.ID })
	return pointers(paged(maps.Values(r.state.connections), keep, by, page))
}

func (r fakeConnections) Popular(ctx context.Context, client ident.Client, newest int) (map[string]int, error) {
	if newest < 1 {
		return nil, errLimit
	}
	all, err := r.List(ctx, store.Owner{Client: client}, store.ConnectionFilter{}, store.Page{Limit: len(r.state.connections) + 1})
	counts := map[string]int{}
	for _, c := range all.Items[max(0, len(all.Items)-newest):] {
		counts[c.ProviderID]++
	}
	return counts, err
}

type fakeChallenges struct{ *fakeTx }

func (r fakeChallenges) Get(_ context.Context, owner store.Owner, id ident.Challenge) (*connection.Challenge, error) {
	return r.newest(connection.ErrNoChallenge, func(c connection.Challenge) bool {
		return c.ID == id && owns(owner, c.ClientID, c.UserID)
	})
}

func (r fakeChallenges) Current(_ context.Context, run ident.Synchronization, channel string) (*connection.Challenge, error) {
	return r.newest(connection.ErrNoChallenge, func(c connection.Challenge) bool {
		return c.SynchronizationID == run && c.ChannelDefinition == channel
	})
}

func (r fakeChallenges) Open(_ context.Context, owner store.Owner, id ident.Connection) (*connection.Challenge, error) {
	return r.newest(connection.ErrNoChallenge, func(c connection.Challenge) bool {
		return c.ConnectionID == id && owns(owner, c.ClientID, c.UserID) && c.State == connection.Open
	})
}

func (r fakeChallenges) ByReturn(_ context.Context, hash string) (*connection.Challenge, error) {
	return r.newest(connection.ErrReturn, func(c connection.Challenge) bool { return hash != "" && c.ReturnHash == hash })
}

func (r fakeChallenges) newest(missing error, match func(connection.Challenge) bool) (*connection.Challenge, error) {
	by := byTime(true, func(c connection.Challenge) time.Time { return c.CreatedAt },
		func(c connection.Challenge) ident.Challenge { return c.ID })
	found, err := paged(maps.Values(r.state.challenges), match, by, store.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(found.Items) == 0 {
		return nil, missing
	}
	return &found.Items[0], nil
}

func (r fakeChallenges) Put(_ context.Context, c *connection.Challenge) error {
	if err := r.writable(); err != nil {
		return err
	}
	_, connected := r.state.connections[c.ConnectionID]
	_, running := r.state.runs[c.SynchronizationID]
	if !connected || !running {
		return errOrphan
	}
	r.state.challenges[c.ID] = tidy(*c)
	return nil
}
