package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeRuns struct{ *fakeTx }

func (r fakeRuns) Get(_ context.Context, owner store.Owner, id ident.Synchronization) (*synchronization.Synchronization, error) {
	return r.find(func(s synchronization.Synchronization) bool { return s.ID == id && owns(owner, s.ClientID, s.UserID) })
}

func (r fakeRuns) Load(_ context.Context, id ident.Synchronization) (*synchronization.Synchronization, error) {
	return r.find(func(s synchronization.Synchronization) bool { return s.ID == id })
}

func (r fakeRuns) Active(_ context.Context, id ident.Connection) (*synchronization.Synchronization, error) {
	return r.find(func(s synchronization.Synchronization) bool { return s.ConnectionID == id && !s.Status.Final() })
}

func (r fakeRuns) find(match func(synchronization.Synchronization) bool) (*synchronization.Synchronization, error) {
	for _, s := range r.state.runs {
		if match(s) {
			found := tidy(s)
			return &found, nil
		}
	}
	return nil, synchronization.ErrNotFound
}

func (r fakeRuns) Put(ctx context.Context, s *synchronization.Synchronization) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.connections[s.ConnectionID]; !ok {
		return errOrphan
	}
	if !s.Status.Final() {
		if other, err := r.Active(ctx, s.ConnectionID); err == nil && other.ID != s.ID {
			return synchronization.ErrRunning.About(string(other.ID))
		}
	}
	r.state.runs[s.ID] = tidy(*s)
	return r.record(s.ClientID, s.Drain())
}

func (r fakeRuns) Due(_ context.Context, now time.Time, limit int) ([]ident.Synchronization, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var due []synchronization.Synchronization
	for _, s := range r.state.runs {
		if !s.Status.Final() && !s.DueAt.IsZero() && !s.DueAt.After(now) && !s.Lease.Held(now) {
			due = append(due, s)
		}
	}
	slices.SortFunc(due, func(a, b synchronization.Synchronization) int {
		if order := a.DueAt.Compare(b.DueAt); order != 0 {
			return order
		}
		return cmp.Compare(a.ID, b.ID)
	})
	var ids []ident.Synchronization
	for _, s := range due[:min(limit, len(due))] {
		ids = append(ids, s.ID)
	}
	return ids, nil
}

func (r fakeRuns) Rested(_ context.Context, now time.Time, limit int) ([]ident.Synchronization, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var over []synchronization.Synchronization
	for _, s := range r.state.runs {
		if s.Rests() && !s.RetryAt.After(now) {
			over = append(over, s)
		}
	}
	slices.SortFunc(over, func(a, b synchronization.Synchronization) int {
		return cmp.Or(a.RetryAt.Compare(b.RetryAt), cmp.Compare(a.ID, b.ID))
	})
	var ids []ident.Synchronization
	for _, s := range over[:min(limit, len(over))] {
		ids = append(ids, s.ID)
	}
	return ids, nil
}

func (r fakeRuns) List(_ context.Context, owner store.Owner, filter store.RunFilter, page store.Page) (store.Slice[*synchronization.Synchronization], error) {
	keep := func(s synchronization.Synchronization) bool {
		return owns(owner, s.ClientID, s.UserID) && (filter.Connection == "" || s.ConnectionID == filter.Connection) &&
			(filter.Status == "" || s.Status == filter.Status)
	}
	by := byTime(true, func(s synchronization.Synchronization) time.Time { return s.CreatedAt },
		func(s synchronization.Synchronization) ident.Synchronization { return s.ID })
	return pointers(paged(maps.Values(r.state.runs), keep, by, page))
}
