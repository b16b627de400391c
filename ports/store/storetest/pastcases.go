package storetest

import (
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

var pastCases = []testCase{
	{"the_old_end_is_found_in_order", func(w *world) {
		c, other, silent := w.newClient(), w.newClient(), w.newClient()
		for _, one := range []client.Client{c, other, silent} {
			w.put(one)
		}
		w.happenDaily(c, 3)
		w.now = genesis
		w.happenDaily(other, 1)
		for _, step := range []struct {
			before  time.Time
			clients []ident.Client
			seqs    []int64
		}{
			{genesis, nil, nil},
			{genesis.Add(time.Microsecond), sorted(c.ID, other.ID), []int64{1}},
			{genesis.AddDate(0, 0, 1), sorted(c.ID, other.ID), []int64{1}},
			{genesis.AddDate(0, 0, 2), sorted(c.ID, other.ID), []int64{1, 2}},
			{genesis.AddDate(1, 0, 0), sorted(c.ID, other.ID), []int64{1, 2, 3}},
		} {
			require.Equal(w, step.clients, w.agedClients(step.before, 10), step.before)
			require.Equal(w, step.seqs, w.aged(c, step.before, 10), step.before)
		}
		require.Equal(w, sorted(c.ID, other.ID)[:1], w.agedClients(genesis.AddDate(1, 0, 0), 1))
		require.Equal(w, []int64{1, 2}, w.aged(c, genesis.AddDate(1, 0, 0), 2))
		require.Empty(w, w.aged(silent, genesis.AddDate(1, 0, 0), 2))
	}},
	{"nothing_behind_a_younger_event_is_old", func(w *world) {
		c := w.newClient()
		w.put(c)
		w.happenDaily(c, 2)
		w.now = genesis // somebody's clock was put back
		w.happenDaily(c, 1)
		require.Equal(w, []int64{1}, w.aged(c, genesis.AddDate(0, 0, 1), 10))
	}},
	{"what_is_forgotten_is_told_and_never_passed_over", forgotten},
	{"numbers_are_not_given_out_again", func(w *world) {
		c := w.newClient()
		w.put(c)
		w.happenDaily(c, 3)
		w.forget(c, 3)
		require.Empty(w, w.agedClients(genesis.AddDate(9, 0, 0), 10))
		require.EqualValues(w, 3, w.head(c.ID))
		require.EqualValues(w, 4, w.oldest(c))
		w.happenDaily(c, 1)
		require.Equal(w, []int64{4}, w.seqsAfter(c, 3, store.EventFilter{}))
		w.forget(c, 2) // less than before
		require.EqualValues(w, 4, w.oldest(c))
		require.EqualValues(w, 4, w.head(c.ID))
	}},
	{"queues_at_the_old_end", func(w *world) {
		c, other := w.newClient(), w.newClient()
		w.put(c)
		w.put(other)
		var want []ident.Queue
		for _, acked := range []int64{1, 2, 3, 4} {
			q := w.queueAt(c, acked)
			if acked == 2 || acked == 3 {
				want = append(want, q.ID)
			}
		}
		w.queueAt(other, 2)
		slices.Sort(want)
		found := read(w, func(tx store.Tx) (ids []ident.Queue, err error) {
			queues, err := tx.Past().Queues(w.ctx, c.ID, 2, 4)
			for _, q := range queues {
				ids = append(ids, q.ID)
			}
			return ids, err
		})
		require.Equal(w, want, found)
	}},
	{"of_two_who_forget_the_second_finds_the_rest", twoForget},
}

// happenDaily appends an event, moves to the next day, and so on.
func (w *world) happenDaily(c client.Client, days int) {
	w.Helper()
	for n := range days {
		w.update(func(tx store.Tx) error { return tx.Events().Append(w.ctx, c.ID, draft(n+1)) })
		w.mutex.Lock()
		w.now = w.now.AddDate(0, 0, 1)
		w.mutex.Unlock()
	}
}

func sorted(ids ...ident.Client) []ident.Client {
	slices.Sort(ids)
	return ids
}

func (w *world) agedClients(before time.Time, limit int) []ident.Client {
	w.Helper()
	return read(w, func(tx store.Tx) ([]ident.Client, error) { return tx.Past().Clients(w.ctx, before, limit) })
}

func (w *world) aged(c client.Client, before time.Time, limit int) []int64 {
	w.Helper()
	return seqsOf(read(w, func(tx store.Tx) ([]event.Event, error) { return tx.Past().Events(w.ctx, c.ID, before, limit) }))
}

func (w *world) oldest(c client.Client) int64 {
	w.Helper()
	return read(w, func(tx store.Tx) (int64, error) { return tx.Events().Oldest(w.ctx, c.ID) })
}

func (w *world) seqsAfter(c client.Client, seq int64, filter store.EventFilter) []int64 {
	w.Helper()
	return seqsOf(read(w, func(tx store.Tx) ([]event.Event, error) { return tx.Events().After(w.ctx, c.ID, seq, filter, 10) }))
}

func seqsOf(events []event.Event) (seqs []int64) {
	for _, e := range events {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

func (w *world) forget(c client.Client, through int64) {
	w.Helper()
	w.update(func(tx store.Tx) error { return tx.Past().Forget(w.ctx, c.ID, through) })
}

func forgotten(w *world) {
	c, other := w.newClient(), w.newClient()
	w.put(c)
	w.put(other)
	w.happenDaily(c, 5)
	w.happenDaily(other, 5)
	require.EqualValues(w, 1, w.oldest(c))
	first := read(w, func(tx store.Tx) ([]event.Event, error) {
		return tx.Events().After(w.ctx, c.ID, 0, store.EventFilter{}, 1)
	})[0]
	w.forget(c, 3)
	require.EqualValues(w, 4, w.oldest(c))
	require.EqualValues(w, 5, w.head(c.ID))
	for _, filter := range []store.EventFilter{{}, {User: "usr_1"}, {Connection: "con_5"}, {Names: []event.Name{event.UserDeleted}}} {
		for _, behind := range []int64{0, 1, 2} {
			_, err := ask(w, func(tx store.Tx) ([]event.Event, error) { return tx.Events().After(w.ctx, c.ID, behind, filter, 10) })
			require.Equal(w, event.Gone(4), err, "after %d with %+v", behind, filter)
		}
		_, err := ask(w, func(tx store.Tx) ([]event.Event, error) { return tx.Events().After(w.ctx, c.ID, 3, filter, 10) })
		require.NoError(w, err)
	}
	require.Equal(w, []int64{4, 5}, w.seqsAfter(c, 3, store.EventFilter{}))
	require.Equal(w, []int64{5}, w.seqsAfter(c, 3, store.EventFilter{Connection: "con_5"}))
	require.Empty(w, read(w, func(tx store.Tx) ([]event.Event, error) { return tx.Events().Named(w.ctx, c.ID, first.ID) }))
	require.Equal(w, []int64{4}, seqsOf(read(w, func(tx store.Tx) ([]event.Event, error) { return tx.Events().At(w.ctx, c.ID, 2, 3, 4) })))
	require.Equal(w, []int64{1, 2, 3, 4, 5}, w.seqsAfter(other, 0, store.EventFilter{}), "of another client")
}

// twoForget at once, while somebody appends.
func twoForget(w *world) {
	c := w.newClient()
	w.put(c)
	w.happenDaily(c, 40)
	var mu sync.Mutex
	var all []int64
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for range 4 {
				var seqs []int64
				err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
					found, err := tx.Past().Events(w.ctx, c.ID, genesis.AddDate(9, 0, 0), 5)
					if err != nil {
						return err
					}
					seqs = seqsOf(found)
					return tx.Past().Forget(w.ctx, c.ID, seqs[len(seqs)-1])
				})
				if err != nil {
					w.Errorf("forgetting: %v", err)
				}
				mu.Lock()
				all = append(all, seqs...)
				mu.Unlock()
			}
		})
	}
	w.happenDaily(c, 5)
	group.Wait()
	slices.Sort(all)
	require.Len(w, all, 40)
	require.Len(w, slices.Compact(all), 40, "nobody forgets twice")
	require.Equal(w, []int64{41, 42, 43, 44, 45}, w.seqsAfter(c, 40, store.EventFilter{}))
}
