package storetest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
)

type fakePast struct{ *fakeTx }

func (r fakePast) Clients(_ context.Context, before time.Time, limit int) (found []ident.Client, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	for _, id := range slices.Sorted(maps.Keys(r.state.events)) {
		if log := r.state.events[id]; len(log) > 0 && log[0].OccurredAt.Before(before) && len(found) < limit {
			found = append(found, id)
		}
	}
	return found, nil
}

func (r fakePast) Events(_ context.Context, client ident.Client, before time.Time, limit int) (found []event.Event, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	for _, e := range r.state.events[client] {
		if !e.OccurredAt.Before(before) || len(found) == limit {
			break
		}
		found = append(found, e)
	}
	return tidy(found), nil
}

func (r fakePast) Queues(_ context.Context, client ident.Client, from, below int64) (found []*delivery.Queue, err error) {
	for _, id := range slices.Sorted(maps.Keys(r.state.queues)) {
		if q := tidy(r.state.queues[id]); q.ClientID == client && q.Acked >= from && q.Acked < below {
			found = append(found, &q)
		}
	}
	return found, nil
}

func (r fakePast) Forget(_ context.Context, client ident.Client, through int64) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.clients[client]; !ok {
		return errOrphan
	}
	log := r.state.events[client]
	kept := max(0, min(int64(len(log)), through-r.state.tails[client]))
	r.state.events[client] = log[kept:]
	r.state.tails[client] += kept
	return nil
}
