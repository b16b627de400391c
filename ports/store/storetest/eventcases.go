package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// log reads a client's whole log, but for what speak put there.
func (w *world) log(client ident.Client) []event.Event {
	w.Helper()
	all := read(w, func(tx store.Tx) ([]event.Event, error) {
		return tx.Events().After(w.ctx, client, 0, store.EventFilter{}, 10_000)
	})
	return slices.DeleteFunc(all, func(e event.Event) bool { return e.Version == spoken })
}

func (w *world) head(client ident.Client) int64 {
	w.Helper()
	return read(w, func(tx store.Tx) (int64, error) { return tx.Events().Head(w.ctx, client) })
}

func draft(n int) event.Draft {
	return event.Draft{
		Name: event.TransactionsAdded, Version: 3, UserID: "usr_1", ConnectionID: ident.Connection(fmt.Sprint("con_", n)),
		ChannelDefinition: "bank:direct", Data: event.Data{"count": n},
	}
}

var eventCases = []testCase{
	{"an_event_comes_back_whole", func(w *world) {
		c := w.newClient()
		d := draft(1)
		d.Data = event.Data{"text": "é\"", "number": 1.5, "list": []string{"a", "b"}, "yes": true}
		w.update(func(tx store.Tx) error {
			require.NoError(w, tx.Clients().Put(w.ctx, c))
			return tx.Events().Append(w.ctx, c.ID, d, event.Draft{Name: event.UserDeleted, Version: 1})
		})
		log := w.log(c.ID)
		require.Len(w, log, 2)
		_, err := ident.Parse[ident.Event](string(log[0].ID))
		require.NoError(w, err)
		require.NotEqual(w, log[0].ID, log[1].ID)
		d.Data["list"] = []any{"a", "b"} // as JSON tells it
		require.Equal(w, event.Event{Draft: d, Seq: 1, ID: log[0].ID, ClientID: c.ID, OccurredAt: genesis}, log[0])
		require.Equal(w, event.Event{
			Draft: event.Draft{Name: event.UserDeleted, Version: 1}, Seq: 2, ID: log[1].ID, ClientID: c.ID, OccurredAt: genesis,
		}, log[1])
	}},
	{"data_that_JSON_cannot_tell_is_refused", func(w *world) {
		c := w.newClient()
		w.put(c)
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
			return tx.Events().Append(w.ctx, c.ID, event.Draft{Name: event.UserCreated, Data: event.Data{"f": func() {}}})
		})
		require.Equal(w, fault.Internal, fault.KindOf(err))
		require.Empty(w, w.log(c.ID))
	}},
	{"what_aggregates_recorded_is_appended_once", recordedOnce},
	{"each_aggregate_tells_by_put_and_by_delete", eachAggregateTells},
	{"the_lag_of_queues_follows_the_log", lagOfQueues},
	{"nothing_is_numbered_before_the_commit", func(w *world) {
		c := w.newClient()
		w.put(c)
		w.update(func(tx store.Tx) error {
			require.NoError(w, tx.Events().Append(w.ctx, c.ID, draft(1)))
			head, err := tx.Events().Head(w.ctx, c.ID)
			require.Zero(w, head)
			return err
		})
		require.Len(w, w.log(c.ID), 1)
	}},
	{"filters_and_limits", eventFilters},
	{"names_among_many_others", eventNames},
	{"no_gap_with_twenty_writers", twentyWriters},
	{"hints_come_after_the_commit_and_only_then", hintsAfterCommit},
	{"heads_of_many_clients", func(w *world) {
		one, other, silent := w.newClient(), w.newClient(), w.newClient()
		for _, c := range []client.Client{one, other, silent} {
			w.put(c)
		}
		w.update(func(tx store.Tx) error {
			require.NoError(w, tx.Events().Append(w.ctx, one.ID, draft(1), draft(2)))
			return tx.Events().Append(w.ctx, other.ID, draft(1))
		})
		want := map[ident.Client]int64{one.ID: w.head(one.ID), other.ID: w.head(other.ID)}
		require.Equal(w, want[other.ID]+1, want[one.ID])
		asked := []ident.Client{one.ID, silent.ID, other.ID}
		for n := range 2500 { // more than one query takes
			asked = append(asked, ident.Client(fmt.Sprint("cli_none_", n)))
		}
		heads := read(w, func(tx store.Tx) (map[ident.Client]int64, error) { return tx.Events().Heads(w.ctx, asked...) })
		require.Equal(w, w.head(silent.ID), heads[silent.ID])
		delete(heads, silent.ID)
		require.Equal(w, want, heads)
		require.Empty(w, read(w, func(tx store.Tx) (map[ident.Client]int64, error) { return tx.Events().Heads(w.ctx) }))
	}},
	{"a_client_without_events", func(w *world) {
		require.Empty(w, w.log("cli_none"))
		require.Zero(w, read(w, func(tx store.Tx) (int64, error) { return tx.Events().Head(w.ctx, "cli_none") }))
	}},
}

func recordedOnce(w *world) {
	c := w.newClient()
	u := user.New(ident.User("usr_"+fmt.Sprintf("%026d", 1)), c.ID, user.Identity{ExternalID: "x"}, "", nil, genesis)
	w.update(func(tx store.Tx) error {
		require.NoError(w, tx.Clients().Put(w.ctx, c))
		return tx.Users().Put(w.ctx, u)
	})
	w.put(u) // nothing new is recorded
	u.Erased()
	w.update(func(tx store.Tx) error { return tx.Users().Delete(w.ctx, u) })
	names := []event.Name{}
	for _, e := range w.log(c.ID) {
		require.Equal(w, u.ID, e.UserID)
		names = append(names, e.Name)
	}
	require.Equal(w, []event.Name{event.UserCreated, event.UserDeleted}, names)
}

func eachAggregateTells(w *world) {
	e := w.newEstate(w.newClient())
	for i, step := range []struct {
		recorder *event.Recorder
		write    func(store.Tx) error
	}{
		{&e.user.Recorder, func(tx store.Tx) error { return tx.Users().Put(w.ctx, e.user) }},
		{&e.connection.Recorder, func(tx store.Tx) error { return tx.Connections().Put(w.ctx, e.connection) }},
		{&e.run.Recorder, func(tx store.Tx) error { return tx.Runs().Put(w.ctx, e.run) }},
		{&e.connection.Recorder, func(tx store.Tx) error { return tx.Connections().Delete(w.ctx, e.connection) }},
		{&e.user.Recorder, func(tx store.Tx) error { return tx.Users().Delete(w.ctx, e.user) }},
	} {
		step.recorder.Record(draft(i))
		step.recorder.Record(draft(i))
		w.update(step.write)
		log := w.log(e.client.ID)
		require.Len(w, log, 2*i+2, "step %d", i)
		require.Equal(w, draft(i).ConnectionID, log[2*i+1].ConnectionID)
		require.Empty(w, step.recorder.Drain(), "it is told once")
	}
}

func eventFilters(w *world) {
	c := w.newClient()
	drafts := []event.Draft{draft(1), draft(2), draft(1), draft(3)}
	drafts[3].UserID, drafts[2].Name = "usr_2", event.TransactionsRemoved
	w.update(func(tx store.Tx) error {
		require.NoError(w, tx.Clients().Put(w.ctx, c))
		return tx.Events().Append(w.ctx, c.ID, drafts...)
	})
	for _, row := range []struct {
		after  int64
		filter store.EventFilter
		limit  int
		want   []int64
	}{
		{0, store.EventFilter{}, 10, []int64{1, 2, 3, 4}},
		{0, store.EventFilter{}, 2, []int64{1, 2}},
		{2, store.EventFilter{}, 10, []int64{3, 4}},
		{4, store.EventFilter{}, 10, nil},
		{0, store.EventFilter{User: "usr_1"}, 10, []int64{1, 2, 3}},
		{1, store.EventFilter{Connection: "con_1"}, 10, []int64{3}},
		{0, store.EventFilter{Names: []event.Name{event.TransactionsRemoved, event.UserCreated}}, 10, []int64{3}},
		{0, store.EventFilter{User: "usr_2", Connection: "con_1"}, 10, nil},
	} {
		var seqs []int64
		for _, e := range read(w, func(tx store.Tx) ([]event.Event, error) {
			return tx.Events().After(w.ctx, c.ID, row.after, row.filter, row.limit)
		}) {
			seqs = append(seqs, e.Seq)
		}
		require.Equal(w, row.want, seqs, "%+v", row)
	}
}

// eventNames finds rare events among many: in the order of the log, to a limit, for one name and
// for several, one of them twice, and for as many as there are.
func eventNames(w *world) {
	c, other := w.newClient(), w.newClient()
	rare := map[int]event.Name{3: event.UserDeleted, 17: event.WebhookDisabled, 18: event.UserDeleted, 40: event.WebhookDisabled, 41: event.UserDeleted}
	w.put(other)
	w.put(c)
	for n := range 50 {
		d := draft(n)
		if name, is := rare[n+1]; is {
			d.Name = name
		}
		w.update(func(tx store.Tx) error {
			return errors.Join(tx.Events().Append(w.ctx, c.ID, d), tx.Events().Append(w.ctx, other.ID, event.Draft{Name: event.UserDeleted, Version: 1}))
		})
	}
	for _, row := range []struct {
		after int64
		names []event.Name
		limit int
		want  []int64
	}{
		{0, []event.Name{event.UserDeleted}, 10, []int64{3, 18, 41}},
		{3, []event.Name{event.UserDeleted}, 1, []int64{18}},
		{41, []event.Name{event.UserDeleted}, 10, nil},
		{0, []event.Name{event.UserDeleted, event.WebhookDisabled}, 10, []int64{3, 17, 18, 40, 41}},
		{3, []event.Name{event.WebhookDisabled, event.UserDeleted, event.UserDeleted}, 3, []int64{17, 18, 40}},
		{16, []event.Name{event.WebhookDisabled, event.UserDeleted, draft(0).Name}, 4, []int64{17, 18, 19, 20}},
		{38, event.Names(), 3, []int64{39, 40, 41}},
	} {
		var seqs []int64
		for _, e := range read(w, func(tx store.Tx) ([]event.Event, error) {
			return tx.Events().After(w.ctx, c.ID, row.after, store.EventFilter{Names: row.names}, row.limit)
		}) {
			seqs = append(seqs, e.Seq)
		}
		require.Equal(w, row.want, seqs, "%+v", row)
	}
}

// twentyWriters append for two clients at once, some in vain, while a reader
// follows: it must never see a number before the one below it.
func twentyWriters(w *world) {
	a, b := w.newClient(), w.newClient()
	w.put(a)
	w.put(b)
	var writers, reader sync.WaitGroup
	done := make(chan struct{})
	reader.Go(func() { w.follow(a.ID, done) })
	for n := range 20 {
		writers.Go(func() {
			for round := range 5 {
				err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
					if err := tx.Events().Append(w.ctx, a.ID, draft(n), draft(n)); err != nil {
						return err
					}
					if err := tx.Events().Append(w.ctx, b.ID, draft(n)); err != nil || round != 3 {
						return err
					}
					return errOnPurpose
				})
				if round != 3 && err != nil {
					w.Errorf("writer %d: %v", n, err)
				}
			}
		})
	}
	writers.Wait()
	close(done)
	reader.Wait()
	for client, want := range map[ident.Client]int{a.ID: 160, b.ID: 80} {
		log := w.log(client)
		require.Len(w, log, want)
		for i, e := range log {
			require.EqualValues(w, i+1, e.Seq)
		}
		require.EqualValues(w, want, read(w, func(tx store.Tx) (int64, error) { return tx.Events().Head(w.ctx, client) }))
	}
}

// follow reads a log as it grows.
func (w *world) follow(client ident.Client, done <-chan struct{}) {
	var seen int64
	for {
		events, err := ask(w, func(tx store.Tx) ([]event.Event, error) {
			return tx.Events().After(w.ctx, client, seen, store.EventFilter{}, 100)
		})
		if err != nil {
			w.Errorf("reader: %v", err)
			return
		}
		for _, e := range events {
			if e.Seq != seen+1 {
				w.Errorf("number %d comes after %d", e.Seq, seen)
				return
			}
			seen = e.Seq
		}
		select {
		case <-done:
			return
		case <-w.grown:
		}
	}
}

func hintsAfterCommit(w *world) {
	a, b := w.newClient(), w.newClient()
	w.put(a)
	w.put(b)
	require.Empty(w, w.hinted(), "there was nothing to tell")
	w.update(func(tx store.Tx) error {
		require.NoError(w, tx.Events().Append(w.ctx, a.ID, draft(1), draft(2)))
		require.NoError(w, tx.Events().Append(w.ctx, b.ID, draft(1)))
		require.Empty(w, w.hinted(), "not before the commit")
		return nil
	})
	require.ElementsMatch(w, []hint{{a.ID, 2}, {b.ID, 1}}, w.hinted())
	require.ErrorIs(w, w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
		require.NoError(w, tx.Events().Append(w.ctx, a.ID, draft(3)))
		return errOnPurpose
	}), errOnPurpose)
	require.Len(w, w.hinted(), 2)
}

// lagOfQueues has two clients with logs of their own: each queue is behind its
// own client's head.
func lagOfQueues(w *world) {
	a, b := w.newClient(), w.newClient()
	w.put(a)
	w.put(b)
	lag := func() store.Lag {
		return read(w, func(tx store.Tx) (store.Lag, error) { return tx.Queues().Lag(w.ctx) })
	}
	grow := func(client ident.Client, by int) {
		w.update(func(tx store.Tx) error {
			return tx.Events().Append(w.ctx, client, slices.Repeat([]event.Draft{draft(1)}, by)...)
		})
	}
	require.Zero(w, lag(), "without a queue")
	one, two, other := w.queueAt(a, 0), w.queueAt(a, 0), w.queueAt(b, 0)
	require.Zero(w, lag(), "without an event")
	grow(a.ID, 5)
	require.Equal(w, store.Lag{All: 10, Longest: 5}, lag(), "both queues of the one client")
	grow(b.ID, 7)
	require.Equal(w, store.Lag{All: 17, Longest: 7}, lag())
	for _, step := range []struct {
		queue *delivery.Queue
		acked int64
		want  store.Lag
	}{
		{other, 6, store.Lag{All: 11, Longest: 5}}, {one, 5, store.Lag{All: 6, Longest: 5}},
		{two, 3, store.Lag{All: 3, Longest: 2}}, {two, 5, store.Lag{All: 1, Longest: 1}}, {other, 7, store.Lag{}},
	} {
		step.queue.Acked = step.acked
		w.update(func(tx store.Tx) error { return tx.Queues().Put(w.ctx, step.queue) })
		require.Equal(w, step.want, lag())
	}
}

func (w *world) queueAt(c client.Client, acked int64) *delivery.Queue {
	q := &delivery.Queue{}
	w.filler.fill(q)
	q.ClientID, q.Acked = c.ID, acked
	w.update(func(tx store.Tx) error { return tx.Queues().Put(w.ctx, q) })
	return q
}
