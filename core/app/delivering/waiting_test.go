package delivering_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/delivering"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
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
				s.Bus, s.Look = c.bus(w), 10*time.Second
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
			answers := poll(t.Context(), w, service(w), q, time.Hour)
			time.Sleep(time.Second)
			require.NoError(t, service(w).Delete(t.Context(), w.For(w.Ana), string(q.ID)))
			require.Equal(t, delivery.ErrNotFound, (<-answers).err)
		})
	})
}
