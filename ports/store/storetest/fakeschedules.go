package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// Schedules implements store.Tx.
func (tx *fakeTx) Schedules() store.Schedules { return fakeSchedules{tx} }

// Breakers implements store.Tx.
func (tx *fakeTx) Breakers() store.Breakers { return fakeBreakers{tx} }

type fakeSchedules struct{ *fakeTx }

func (r fakeSchedules) Due(_ context.Context, now time.Time, except []string, limit int) ([]store.Turn, error) {
	return r.turns(limit, func(c connection.Connection) bool {
		return !c.NextSynchronizationAt.After(now) && !slices.Contains(except, c.ProviderID)
	})
}

func (r fakeSchedules) Beyond(_ context.Context, after time.Time, limit int) ([]store.Turn, error) {
	return r.turns(limit, func(c connection.Connection) bool { return c.NextSynchronizationAt.After(after) })
}

func (r fakeSchedules) turns(limit int, keep func(connection.Connection) bool) ([]store.Turn, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var found []connection.Connection
	for _, c := range r.state.connections {
		if !c.NextSynchronizationAt.IsZero() && keep(c) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b connection.Connection) int {
		return cmp.Or(a.NextSynchronizationAt.Compare(b.NextSynchronizationAt), cmp.Compare(a.ID, b.ID))
	})
	var turns []store.Turn
	for _, c := range found[:min(limit, len(found))] {
		turns = append(turns, store.Turn{Connection: c.ID, Provider: c.ProviderID})
	}
	return turns, nil
}

func (r fakeSchedules) Load(_ context.Context, id ident.Connection) (*connection.Connection, error) {
	c, ok := r.state.connections[id]
	if !ok {
		return nil, connection.ErrNotFound
	}
	c = tidy(c)
	return &c, nil
}

func (r fakeSchedules) Plans(_ context.Context, ids ...ident.Connection) (map[ident.Connection]store.Plan, error) {
	plans := map[ident.Connection]store.Plan{}
	for _, id := range ids {
		for _, channel := range r.state.connections[id].Channels {
			if channel.NextAt.IsZero() {
				continue
			}
			if plans[id] == nil {
				plans[id] = store.Plan{}
			}
			plans[id][channel.DefinitionID] = channel.NextAt
		}
	}
	return tidy(plans), nil
}

func (r fakeSchedules) Busy(context.Context) (map[string]store.Load, error) {
	busy := map[string]store.Load{}
	for _, s := range r.state.runs {
		provider := r.state.connections[s.ConnectionID].ProviderID
		load := busy[provider]
		switch s.Status {
		case synchronization.Queued:
			load.Queued++
		case synchronization.Running:
			load.Running++
		default:
			continue
		}
		busy[provider] = load
	}
	return busy, nil
}

type fakeBreakers struct{ *fakeTx }

func (r fakeBreakers) Get(_ context.Context, channel string) (schedule.Breaker, error) {
	return r.state.breakers[channel], nil
}

func (r fakeBreakers) Put(_ context.Context, channel string, b schedule.Breaker) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.breakers[channel] = tidy(b)
	return nil
}

func (r fakeBreakers) All(context.Context) (map[string]schedule.Breaker, error) {
	all := map[string]schedule.Breaker{}
	for channel, b := range r.state.breakers {
		if !b.Quiet() {
			all[channel] = b
		}
	}
	return all, nil
}
