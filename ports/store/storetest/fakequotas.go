package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeQuotas struct{ *fakeTx }

func (r fakeQuotas) Of(_ context.Context, owner store.Owner, id ident.Connection, after time.Time) ([]quota.Call, error) {
	c, known := r.state.connections[id]
	if !known || !owns(owner, c.ClientID, c.UserID) {
		return nil, connection.ErrNotFound
	}
	var calls []quota.Call
	for _, call := range r.state.calls {
		if call.ConnectionID == id && call.At.After(after) {
			calls = append(calls, tidy(call))
		}
	}
	slices.SortFunc(calls, func(a, b quota.Call) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return calls, nil
}

func (r fakeQuotas) Put(_ context.Context, calls ...quota.Call) error {
	if err := r.writable(); err != nil {
		return err
	}
	for _, call := range calls {
		if _, known := r.state.connections[call.ConnectionID]; !known {
			return errOrphan
		}
		r.state.calls[call.ID] = tidy(call)
	}
	return nil
}

func (r fakeQuotas) Sweep(_ context.Context, at, made time.Time) error {
	if err := r.writable(); err != nil {
		return err
	}
	maps.DeleteFunc(r.state.calls, func(_ ident.Call, c quota.Call) bool { return c.MadeAt.Before(made) && c.At.Before(at) })
	return nil
}
