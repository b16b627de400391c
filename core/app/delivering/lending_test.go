package delivering_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/delivering"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// lent are the numbers that a lease gave, from the newest number on.
func lent(t *testing.T, s delivering.Service, p usecase.Principal, q *delivery.Queue, limit int) (delivery.Lease, []int64) {
	t.Helper()
	got, err := s.Lend(t.Context(), p, string(q.ID), limit, time.Minute, 0)
	require.NoError(t, err)
	var seqs []int64
	for _, e := range got.Events {
		seqs = append(seqs, e.Seq)
	}
	return got.Lease, seqs
}

// TestLend shares a queue among consumers.
func TestLend(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s, acme := service(w), w.As(w.Acme)
	q := queueOf(t, w, acme, delivery.Filter{Names: []event.Name{event.AccountsAdded}})
	happen(w, w.Ana, event.AccountsAdded, event.AccountsClosed, event.AccountsAdded, event.AccountsAdded, event.AccountsAdded)
	head := w.Head(w.Acme)
	one, seqs := lent(t, s, acme, q, 2)
	require.Equal(t, []int64{head - 4, head - 2}, seqs)
	two, seqs := lent(t, s, acme, q, 2)
	require.Equal(t, []int64{head - 1, head}, seqs)
	_, seqs = lent(t, s, acme, q, 2)
	require.Empty(t, seqs)

	after, err := s.Return(t.Context(), acme, string(q.ID), string(two.ID), head)
	require.NoError(t, err)
	require.Equal(t, head-5, after.Acked, "the first consumer is not done")
	w.Pass(2 * time.Minute)
	again, seqs := lent(t, s, acme, q, 10)
	require.Equal(t, []int64{head - 4, head - 2}, seqs, "its lease is over, and what was acknowledged does not come again")
	_, err = s.Return(t.Context(), acme, string(q.ID), string(one.ID), head-2)
	require.Equal(t, delivery.ErrLease, err)
	for _, nonsense := range []string{"", "lea_", string(q.ID)} {
		_, err = s.Return(t.Context(), acme, string(q.ID), nonsense, head)
		require.Equal(t, delivery.ErrLease, err, nonsense)
	}
	after, err = s.Return(t.Context(), acme, string(q.ID), string(again.ID), head-2)
	require.NoError(t, err)
	require.Equal(t, head, after.Acked)
	require.Empty(t, after.Leases)

	for who, p := range map[string]usecase.Principal{"another client": w.As(w.Other), "a user": w.For(w.Ana)} {
		w.Unchanged(func() {
			_, err := s.Lend(t.Context(), p, string(q.ID), 1, time.Minute, 0)
			require.Equal(t, delivery.ErrNotFound, err, who)
			_, err = s.Return(t.Context(), p, string(q.ID), string(again.ID), 1)
			require.Equal(t, delivery.ErrNotFound, err, who)
		})
	}
}

// TestLend_waits for an event, or for a lease to end.
func TestLend_waits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := usecasetest.New(t)
		s := service(w)
		s.Real = time.Now
		q := queueOf(t, w, w.As(w.Acme), delivery.Filter{})
		begin := time.Now()
		go func() {
			time.Sleep(3 * time.Second)
			happen(w, w.Ana, event.AccountsAdded)
		}()
		got, err := s.Lend(t.Context(), w.As(w.Acme), string(q.ID), 10, 5*time.Second, 30*time.Second)
		require.NoError(t, err)
		require.Len(t, got.Events, 1)
		require.Equal(t, 3*time.Second, time.Since(begin))
		again, err := s.Lend(t.Context(), w.As(w.Acme), string(q.ID), 10, time.Second, 30*time.Second)
		require.NoError(t, err)
		require.Equal(t, got.Events, again.Events)
		require.Less(t, time.Since(begin), 12*time.Second)
		none, err := s.Lend(t.Context(), w.As(w.Other), string(queueOf(t, w, w.As(w.Other), delivery.Filter{}).ID), 10, time.Second, 4*time.Second)
		require.NoError(t, err)
		require.Zero(t, none)
	})
}

// TestQueue_of_a_connection is made for one that the principal reaches.
func TestQueue_of_a_connection(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	for _, nonsense := range []string{"con_", "con_00000000000000000000000000"} {
		w.Unchanged(func() {
			_, err := service(w).Create(t.Context(), w.As(w.Acme), delivery.Filter{ConnectionID: ident.Connection(nonsense)})
			require.Equal(t, connection.ErrNotFound, err)
		})
	}
}
