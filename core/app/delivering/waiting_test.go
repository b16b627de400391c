package delivering_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/delivering"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// lossy is a bus in one of its bad states.
type lossy struct {
	listen func(context.Context) (<-chan bus.Hint, error)
}

func (lossy) Publish(context.Context, bus.Hint) {}

func (l lossy) Listen(ctx context.Context, _ ident.Client) (<-chan bus.Hint, error) {
	return l.listen(ctx)
}

// answer is what a long poll came to, and after how long.
type answer struct {
	events []event.Event
	err    error
	after  time.Duration
}

// poll waits in the background for a queue of Ana's.
func poll(ctx context.Context, w *usecasetest.World, s delivering.Service, q *delivery.Queue, wait time.Duration) <-chan answer {
	answers, began := make(chan answer, 1), time.Now()
	go func() {
		events, err := s.Events(ctx, w.For(w.Ana), string(q.ID), nil, 10, wait)
		answers <- answer{events, err, time.Since(began)}
	}()
	return answers
}

// counting counts the transactions that only read.
type counting struct {
	store.Store
	views atomic.Int64
	fail  atomic.Bool
}

func (c *counting) View(ctx context.Context, fn func(store.Tx) error) error {
	if c.views.Add(1); c.fail.Load() {
		return errors.New("the database is gone")
	}
	return c.Store.View(ctx, fn)
}

// TestWatcher is one look for all who wait.
func TestWatcher(t *testing.T) {
	t.Parallel()
	const readers = 100
	deaf := lossy{func(context.Context) (<-chan bus.Hint, error) { return nil, nil }}

	t.Run("Looks_once_for_all_who_wait", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := usecasetest.New(t)
			looks := &counting{Store: w.Store}
			s := service(w)
			s.Bus, s.Watch = deaf, &delivering.Watcher{Store: looks}
			q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
			var all []<-chan answer
			for range readers {
				all = append(all, poll(t.Context(), w, s, q, time.Minute))
			}
			time.Sleep(41 * time.Second)
			require.EqualValues(t, 20, looks.views.Load())
			looks.fail.Store(true)
			happen(w, w.Ana, event.AccountsClosed)
			time.Sleep(2 * time.Second)
			looks.fail.Store(false)
			for _, answers := range all {
				got := <-answers
				require.Len(t, got.events, 1)
				require.Equal(t, 44*time.Second, got.after, "a look that failed passes nothing over")
			}
			time.Sleep(time.Hour)
			require.LessOrEqual(t, looks.views.Load(), int64(23), "nobody waits any more")
			require.Equal(t, 2*time.Second, (<-later(w, s, queueOf(t, w, w.For(w.Ana), delivery.Filter{}))).after, "it looks again for whoever comes")
		})
	})

	t.Run("Misses_nothing_that_comes_before_its_first_look", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := usecasetest.New(t)
			s := service(w)
			s.Bus, s.Watch = deaf, &delivering.Watcher{Store: w.Store}
			q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
			first := poll(t.Context(), w, s, q, time.Minute)
			time.Sleep(time.Second)
			happen(w, w.Ana, event.AccountsClosed)
			require.Equal(t, 2*time.Second, (<-first).after)
		})
	})
}

// later is a reader to whom something happens while it waits.
func later(w *usecasetest.World, s delivering.Service, q *delivery.Queue) <-chan answer {
	answers := poll(context.Background(), w, s, q, time.Minute)
	time.Sleep(time.Second)
	happen(w, w.Ana, event.AccountsClosed)
	return answers
}

func TestLongPoll(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		bus  func(*usecasetest.World) bus.Bus
		want time.Duration
	}{
		"Wakes_by_a_hint": {func(w *usecasetest.World) bus.Bus { return w.Bus }, 3 * time.Second},
		"Wakes_by_a_look_where_hints_are_lost": {func(*usecasetest.World) bus.Bus {
			return lossy{func(context.Context) (<-chan bus.Hint, error) { return make(chan bus.Hint), nil }}
		}, 10 * time.Second},
		"Wakes_by_a_look_where_the_bus_closed": {func(*usecasetest.World) bus.Bus {
			closed := make(chan bus.Hint)
			close(closed)
			return lossy{func(context.Context) (<-chan bus.Hint, error) { return closed, nil }}
		}, 10 * time.Second},
		"Wakes_by_a_look_where_there_is_no_bus": {func(*usecasetest.World) bus.Bus {
			return lossy{func(context.Context) (<-chan bus.Hint, error) { return nil, errors.New("no broker") }}
		}, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := usecasetest.New(t)
				s := service(w)
				s.Bus, s.Watch = c.bus(w), &delivering.Watcher{Store: w.Store, Every: 10 * time.Second}
				q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
				answers := poll(t.Context(), w, s, q, time.Minute)
				time.Sleep(2 * time.Second)
				happen(w, w.Ben, event.AccountsAdded) // not for this queue: it waits on
				time.Sleep(time.Second)
				happen(w, w.Ana, event.AccountsClosed)
				got := <-answers
				require.NoError(t, got.err)
				require.Len(t, got.events, 1)
				require.Equal(t, event.AccountsClosed, got.events[0].Name)
				require.Equal(t, c.want, got.after)
			})
		})
	}

	t.Run("Looks_every_two_seconds_unless_told", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := usecasetest.New(t)
			s := service(w)
			s.Watch = &delivering.Watcher{Store: w.Store}
			s.Bus = lossy{func(context.Context) (<-chan bus.Hint, error) { return nil, nil }}
			q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
			answers := poll(t.Context(), w, s, q, time.Minute)
			time.Sleep(time.Second)
			happen(w, w.Ana, event.AccountsClosed)
			require.Equal(t, 2*time.Second, (<-answers).after)
		})
	})

	t.Run("Answers_at_once_where_something_is_there", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := usecasetest.New(t)
			q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
			happen(w, w.Ana, event.AccountsClosed)
			got := <-poll(t.Context(), w, service(w), q, time.Minute)
			require.Len(t, got.events, 1)
			require.Zero(t, got.after)
		})
	})

	t.Run("Ends_empty_when_its_time_is_over", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := usecasetest.New(t)
			q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
			got := <-poll(t.Context(), w, service(w), q, 25*time.Second)
			require.Equal(t, answer{after: 25 * time.Second}, got)
			got = <-poll(t.Context(), w, service(w), q, 0)
			require.Equal(t, answer{}, got)
		})
	})

	t.Run("Ends_with_the_caller", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := usecasetest.New(t)
			q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
			ctx, leave := context.WithCancel(t.Context())
			answers := poll(ctx, w, service(w), q, time.Hour)
			time.Sleep(5 * time.Second)
			leave()
			got := <-answers
			require.ErrorIs(t, got.err, context.Canceled)
			require.Empty(t, got.events)
			require.Equal(t, 5*time.Second, got.after)
			synctest.Wait() // and leaves nobody behind, or the bubble does not end
		})
	})

	t.Run("Ends_when_the_queue_is_deleted_under_it", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := usecasetest.New(t)
			q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
			s := service(w)
			s.Watch = &delivering.Watcher{Store: w.Store, Every: time.Hour} // no look comes first
			answers := poll(t.Context(), w, s, q, 50*time.Minute)
			time.Sleep(time.Second)
			require.NoError(t, s.Delete(t.Context(), w.For(w.Ana), string(q.ID)))
			got := <-answers
			require.Equal(t, delivery.ErrNotFound, got.err)
			require.Equal(t, time.Second, got.after)
		})
	})
}
