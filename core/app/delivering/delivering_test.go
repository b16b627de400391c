package delivering_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/delivering"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func service(w *usecasetest.World) delivering.Service {
	return delivering.Service{Store: w.Store, Bus: w.Bus, Now: w.Now, IDs: w.IDs}
}

// happen appends an event about a user.
func happen(w *usecasetest.World, u *user.User, names ...event.Name) {
	for _, name := range names {
		w.Update(func(ctx context.Context, tx store.Tx) error {
			return tx.Events().Append(ctx, u.ClientID, event.Draft{Name: name, Version: 1, UserID: u.ID})
		})
	}
}

func queueOf(t *testing.T, w *usecasetest.World, p usecase.Principal, filter delivery.Filter) *delivery.Queue {
	t.Helper()
	queue, err := service(w).Create(t.Context(), p, filter)
	require.NoError(t, err)
	return queue
}

func read(t *testing.T, w *usecasetest.World, p usecase.Principal, q *delivery.Queue, after *int64, limit int) (seqs []int64, names []event.Name) {
	t.Helper()
	events, err := service(w).Events(t.Context(), p, string(q.ID), after, limit, 0)
	require.NoError(t, err)
	for _, e := range events {
		seqs, names = append(seqs, e.Seq), append(names, e.Name)
	}
	return seqs, names
}

func TestQueue(t *testing.T) {
	t.Parallel()

	t.Run("Starts_now_and_reads_in_order_again_and_again_until_acknowledged", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		head := w.Head(w.Acme)
		q := queueOf(t, w, w.As(w.Acme), delivery.Filter{})
		happen(w, w.Ana, event.ConnectionCreated, event.AccountsAdded)
		happen(w, w.Cleo, event.ConnectionCreated)
		happen(w, w.Ben, event.AccountsClosed)
		for range 2 {
			seqs, names := read(t, w, w.As(w.Acme), q, nil, 10)
			require.Equal(t, []int64{head + 1, head + 2, head + 3}, seqs)
			require.Equal(t, []event.Name{event.ConnectionCreated, event.AccountsAdded, event.AccountsClosed}, names)
		}
		seqs, _ := read(t, w, w.As(w.Acme), q, nil, 2)
		require.Equal(t, []int64{head + 1, head + 2}, seqs)

		acked, err := service(w).Ack(t.Context(), w.As(w.Acme), string(q.ID), head+2)
		require.NoError(t, err)
		require.Equal(t, head+2, acked.Acked)
		for _, less := range []int64{head + 2, head + 1, 0, -1} {
			acked, err = service(w).Ack(t.Context(), w.As(w.Acme), string(q.ID), less)
			require.NoError(t, err)
			require.Equal(t, head+2, acked.Acked, "it only rises")
		}
		seqs, _ = read(t, w, w.As(w.Acme), q, nil, 10)
		require.Equal(t, []int64{head + 3}, seqs)
		w.Unchanged(func() {
			_, err = service(w).Ack(t.Context(), w.As(w.Acme), string(q.ID), head+4)
			require.Equal(t, delivery.ErrAhead, err)
		})
	})

	t.Run("Reads_after_any_place_without_moving", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		q := queueOf(t, w, w.As(w.Acme), delivery.Filter{})
		happen(w, w.Ana, event.ConnectionCreated)
		head := w.Head(w.Acme)
		for after, want := range map[int64][]int64{head: nil, head + 100: nil, head - 1: {head}, 0: {1, 2, head}, -5: {1, 2, head}} {
			seqs, _ := read(t, w, w.As(w.Acme), q, &after, 10)
			require.Equal(t, want, seqs, "after %d", after)
		}
		seqs, _ := read(t, w, w.As(w.Acme), q, nil, 10)
		require.Equal(t, []int64{head}, seqs)
	})

	t.Run("Filters_by_type_and_by_user", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		some := queueOf(t, w, w.As(w.Acme), delivery.Filter{Names: []event.Name{event.AccountsAdded, event.AccountsClosed}})
		ben := queueOf(t, w, w.As(w.Acme), delivery.Filter{UserID: w.Ben.ID})
		happen(w, w.Ana, event.ConnectionCreated, event.AccountsAdded)
		happen(w, w.Ben, event.AccountsClosed, event.ConnectionDeleted)
		_, names := read(t, w, w.As(w.Acme), some, nil, 10)
		require.Equal(t, []event.Name{event.AccountsAdded, event.AccountsClosed}, names)
		_, names = read(t, w, w.As(w.Acme), ben, nil, 10)
		require.Equal(t, []event.Name{event.AccountsClosed, event.ConnectionDeleted}, names)
	})

	t.Run("Of_a_user_sees_that_user_only", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		q := queueOf(t, w, w.For(w.Ana), delivery.Filter{})
		require.Equal(t, w.Ana.ID, q.Filter.UserID)
		happen(w, w.Ben, event.ConnectionCreated)
		happen(w, w.Ana, event.AccountsAdded)
		var all int64
		_, names := read(t, w, w.For(w.Ana), q, &all, 10)
		require.Equal(t, []event.Name{event.UserCreated, event.AccountsAdded}, names)
	})

	t.Run("Is_not_made_for_whom_one_does_not_reach", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		for _, c := range []struct {
			p    usecase.Principal
			user ident.User
		}{{w.For(w.Ana), w.Ben.ID}, {w.As(w.Acme), w.Cleo.ID}, {w.As(w.Acme), "usr_"}, {w.As(w.Acme), "me"}} {
			w.Unchanged(func() {
				_, err := service(w).Create(t.Context(), c.p, delivery.Filter{UserID: c.user})
				require.Equal(t, user.ErrNotFound, err)
			})
		}
		w.Unchanged(func() {
			_, err := service(w).Create(t.Context(), w.As(w.Acme), delivery.Filter{Names: []event.Name{event.UserCreated, "user.%"}})
			require.ErrorIs(t, err, event.ErrName)
		})
	})
}

func TestReach(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := service(w)
	queues := map[string]*delivery.Queue{
		"of Acme": queueOf(t, w, w.As(w.Acme), delivery.Filter{}), "of Acme for Ben": queueOf(t, w, w.As(w.Acme), delivery.Filter{UserID: w.Ben.ID}),
		"of Ana": queueOf(t, w, w.For(w.Ana), delivery.Filter{}), "of Other": queueOf(t, w, w.As(w.Other), delivery.Filter{}),
	}
	reaches := map[string][]string{
		"Acme": {"of Acme", "of Acme for Ben", "of Ana"}, "Other": {"of Other"}, "Ana": {"of Ana"}, "Ben": {"of Acme for Ben"}, "Cleo": nil,
	}
	for who, p := range w.Principals() {
		var listed []string
		slice, err := s.List(t.Context(), p, store.Page{Limit: 10})
		require.NoError(t, err)
		for name, q := range queues {
			for _, item := range slice.Items {
				if item.ID == q.ID {
					listed = append(listed, name)
				}
			}
		}
		require.ElementsMatch(t, reaches[who], listed, who)
		for name, q := range queues {
			_, err := s.Events(t.Context(), p, string(q.ID), nil, 1, 0)
			if slices.Contains(reaches[who], name) {
				require.NoError(t, err, who+" "+name)
				continue
			}
			w.Unchanged(func() {
				_, acking := s.Ack(t.Context(), p, string(q.ID), 0)
				_, waiting := s.Events(t.Context(), p, string(q.ID), nil, 1, 1<<40)
				for _, err := range []error{err, acking, waiting, s.Delete(t.Context(), p, string(q.ID))} {
					require.Equal(t, delivery.ErrNotFound, err, who+" "+name)
				}
			})
		}
		for _, id := range []string{"", "que_", "que_%", string(w.Ana.ID), string(ident.New[ident.Queue](w.IDs))} {
			require.Equal(t, delivery.ErrNotFound, s.Delete(t.Context(), p, id))
		}
	}
	require.NoError(t, s.Delete(t.Context(), w.For(w.Ana), string(queues["of Ana"].ID)))
	require.Equal(t, delivery.ErrNotFound, s.Delete(t.Context(), w.For(w.Ana), string(queues["of Ana"].ID)))
}
