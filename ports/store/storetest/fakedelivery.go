package storetest

import (
	"context"
	"maps"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeQueues struct{ *fakeTx }

func (r fakeQueues) Get(_ context.Context, owner store.Owner, id ident.Queue) (*delivery.Queue, error) {
	q, ok := r.state.queues[id]
	if !ok || !owns(owner, q.ClientID, q.Filter.UserID) {
		return nil, delivery.ErrNotFound
	}
	q = tidy(q)
	return &q, nil
}

func (r fakeQueues) Put(_ context.Context, q *delivery.Queue) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.clients[q.ClientID]; !ok {
		return errOrphan
	}
	r.state.queues[q.ID] = tidy(*q)
	return nil
}

func (r fakeQueues) Delete(ctx context.Context, owner store.Owner, id ident.Queue) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, err := r.Get(ctx, owner, id); err != nil {
		return err
	}
	delete(r.state.queues, id)
	return nil
}

func (r fakeQueues) List(_ context.Context, owner store.Owner, page store.Page) (store.Slice[*delivery.Queue], error) {
	keep := func(q delivery.Queue) bool { return owns(owner, q.ClientID, q.Filter.UserID) }
	by := byTime(false, func(q delivery.Queue) time.Time { return q.CreatedAt }, func(q delivery.Queue) ident.Queue { return q.ID })
	return pointers(paged(maps.Values(r.state.queues), keep, by, page))
}

func (r fakeQueues) Lag(context.Context) (lag store.Lag, err error) {
	for _, q := range r.state.queues {
		behind := r.head(q.ClientID) - q.Acked
		lag.All, lag.Longest = lag.All+behind, max(lag.Longest, behind)
	}
	return lag, nil
}

type fakeTokens struct{ *fakeTx }

func (r fakeTokens) Put(_ context.Context, tokens ...store.Token) error {
	if err := r.writable(); err != nil {
		return err
	}
	for _, t := range tokens {
		_, client := r.state.clients[t.Owner.Client]
		_, user := r.state.users[t.Owner.User]
		if !client || (t.Owner.User != "" && !user) {
			return errOrphan
		}
		r.state.tokens[t.Hash] = tidy(t)
	}
	return nil
}

func (r fakeTokens) Get(_ context.Context, hash string) (store.Token, error) {
	t, ok := r.state.tokens[hash]
	if !ok {
		return store.Token{}, fault.New(fault.NotFound, "token_not_found", "There is no such token.")
	}
	return tidy(t), nil
}

func (r fakeTokens) Revoke(_ context.Context, hash string) error {
	return r.revoke(func(t store.Token) bool { return t.Hash == hash })
}

func (r fakeTokens) RevokeFamily(_ context.Context, family string) error {
	return r.revoke(func(t store.Token) bool { return family != "" && t.Family == family })
}

func (r fakeTokens) revoke(match func(store.Token) bool) error {
	if err := r.writable(); err != nil {
		return err
	}
	for hash, t := range r.state.tokens {
		if match(t) {
			t.Revoked = true
			r.state.tokens[hash] = t
		}
	}
	return nil
}

func (r fakeTokens) Sweep(_ context.Context, before time.Time) error {
	if err := r.writable(); err != nil {
		return err
	}
	maps.DeleteFunc(r.state.tokens, func(_ string, t store.Token) bool {
		return !t.ExpiresAt.IsZero() && t.ExpiresAt.Before(before)
	})
	return nil
}
