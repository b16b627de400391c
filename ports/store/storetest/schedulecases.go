package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// planned puts a connection of a provider with a next time; zero is none.
func (w *world) planned(e estate, provider string, next time.Time) store.Turn {
	c := w.newConnection(e.user)
	c.ProviderID, c.NextSynchronizationAt = provider, next
	w.put(c)
	return store.Turn{Connection: c.ID, Provider: provider}
}

func turns(w *world, get func(store.Schedules) ([]store.Turn, error)) []store.Turn {
	return read(w, func(tx store.Tx) ([]store.Turn, error) { return get(tx.Schedules()) })
}

var scheduleCases = []testCase{
	{"due_ones_are_listed_the_longest_waiting_first", func(w *world) {
		e := w.newEstate(w.newClient())
		e.connection.NextSynchronizationAt = time.Time{}
		w.put(e.connection)
		third := w.planned(e, "oak", genesis)
		first := w.planned(e, "elm", genesis.Add(-time.Hour))
		second := w.planned(w.newEstate(w.newClient()), "oak", genesis.Add(-time.Minute)) // of another client
		w.planned(e, "oak", time.Time{})
		w.planned(e, "oak", genesis.Add(time.Microsecond))
		due := func(limit int, except ...string) []store.Turn {
			return turns(w, func(s store.Schedules) ([]store.Turn, error) { return s.Due(w.ctx, genesis, except, limit) })
		}
		require.Equal(w, []store.Turn{first, second, third}, due(10))
		require.Equal(w, []store.Turn{first, second}, due(2))
		require.Equal(w, []store.Turn{first}, due(10, "oak"))
		require.Empty(w, due(10, "oak", "elm"))
		_, err := ask(w, func(tx store.Tx) ([]store.Turn, error) { return tx.Schedules().Due(w.ctx, genesis, nil, 0) })
		require.Error(w, err)
	}},
	{"what_is_too_far_ahead_is_found", func(w *world) {
		e := w.newEstate(w.newClient())
		e.connection.NextSynchronizationAt = genesis
		w.put(e.connection)
		far := w.planned(e, "oak", genesis.Add(3*time.Hour))
		near := w.planned(e, "elm", genesis.Add(2*time.Hour))
		w.planned(e, "oak", time.Time{})
		require.Equal(w, []store.Turn{near, far}, turns(w, func(s store.Schedules) ([]store.Turn, error) {
			return s.Beyond(w.ctx, genesis.Add(time.Hour), 10)
		}))
		require.Equal(w, []store.Turn{far}, turns(w, func(s store.Schedules) ([]store.Turn, error) {
			return s.Beyond(w.ctx, genesis.Add(2*time.Hour), 1)
		}))
	}},
	{"load_serves_all_owners", func(w *world) {
		e := w.newEstate(w.newClient())
		load := func(id string) (*connection.Connection, error) {
			return ask(w, func(tx store.Tx) (*connection.Connection, error) {
				return tx.Schedules().Load(w.ctx, e.connection.ID+ident.Connection(id))
			})
		}
		found, err := load("")
		require.NoError(w, err)
		require.Equal(w, e.connection, found)
		_, err = load("x")
		require.ErrorIs(w, err, connection.ErrNotFound)
	}},
	{"plans_are_of_channels", func(w *world) {
		e := w.newEstate(w.newClient())
		plain := w.newConnection(e.user)
		for i := range plain.Channels {
			plain.Channels[i].NextAt = time.Time{}
		}
		w.put(plain)
		want := store.Plan{}
		for _, channel := range e.connection.Channels {
			want[channel.DefinitionID] = channel.NextAt
		}
		require.Len(w, want, 2)
		plans := func(ids ...ident.Connection) map[ident.Connection]store.Plan {
			return read(w, func(tx store.Tx) (map[ident.Connection]store.Plan, error) { return tx.Schedules().Plans(w.ctx, ids...) })
		}
		require.Equal(w, map[ident.Connection]store.Plan{e.connection.ID: want}, plans(e.connection.ID, plain.ID, "con_none"))
		require.Empty(w, plans())
	}},
	{"busy_counts_what_there_is_to_do", func(w *world) {
		e := w.newEstate(w.newClient())
		e.run.Status = synchronization.Success
		w.put(e.run)
		for _, status := range append(synchronization.Statuses(), synchronization.Running) {
			c := w.newConnection(e.user)
			c.ProviderID = "oak"
			w.put(c)
			run := w.newRun(c)
			run.Status = status
			w.put(run)
		}
		c := w.newConnection(e.user)
		c.ProviderID = "elm"
		w.put(c)
		run := w.newRun(c)
		run.Status = synchronization.Queued
		w.put(run)
		require.Equal(w, map[string]store.Load{"oak": {Queued: 1, Running: 2}, "elm": {Queued: 1}},
			read(w, func(tx store.Tx) (map[string]store.Load, error) { return tx.Schedules().Busy(w.ctx) }))
	}},
}

var breakerCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		get := func() schedule.Breaker {
			return read(w, func(tx store.Tx) (schedule.Breaker, error) { return tx.Breakers().Get(w.ctx, "oak") })
		}
		all := func() map[string]schedule.Breaker {
			return read(w, func(tx store.Tx) (map[string]schedule.Breaker, error) { return tx.Breakers().All(w.ctx) })
		}
		require.True(w, get().Quiet())
		require.Empty(w, all())
		var full schedule.Breaker
		w.filler.fill(&full)
		for _, b := range []schedule.Breaker{full, {Failures: 1, Since: genesis}} {
			w.update(func(tx store.Tx) error { return tx.Breakers().Put(w.ctx, "oak", b) })
			require.Equal(w, b, get())
			require.Equal(w, map[string]schedule.Breaker{"oak": b}, all())
		}
		w.update(func(tx store.Tx) error { return tx.Breakers().Put(w.ctx, "oak", schedule.Breaker{}) })
		require.True(w, get().Quiet())
		require.Empty(w, all(), "a quiet one is as none")
	}},
}
