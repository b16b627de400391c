package storetest

import (
	"context"
	"maps"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeAttempts struct{ *fakeTx }

func (r fakeAttempts) Add(ctx context.Context, a store.Attempt) error {
	if _, taken := r.state.attempts[a.Hash]; taken && !r.readOnly {
		return fault.New(fault.Conflict, "exists_already", "There is already one like this.")
	}
	return r.Put(ctx, a)
}

func (r fakeAttempts) Get(_ context.Context, hash string) (store.Attempt, error) {
	a, ok := r.state.attempts[hash]
	if !ok {
		return store.Attempt{}, fault.New(fault.NotFound, "attempt_not_found", "There is no such attempt.")
	}
	return tidy(a), nil
}

func (r fakeAttempts) Put(_ context.Context, a store.Attempt) error {
	if err := r.writable(); err != nil {
		return err
	}
	_, client := r.state.clients[a.Owner.Client]
	_, user := r.state.users[a.Owner.User]
	if !client || (a.Owner.User != "" && !user) {
		return errOrphan
	}
	r.state.attempts[a.Hash] = tidy(a)
	return nil
}

func (r fakeAttempts) Delete(_ context.Context, hash string) error {
	if err := r.writable(); err != nil {
		return err
	}
	delete(r.state.attempts, hash)
	return nil
}

func (r fakeAttempts) Sweep(_ context.Context, before time.Time) error {
	if err := r.writable(); err != nil {
		return err
	}
	maps.DeleteFunc(r.state.attempts, func(_ string, a store.Attempt) bool { return a.ExpiresAt.Before(before) })
	return nil
}
