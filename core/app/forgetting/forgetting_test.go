package forgetting_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/delivering"
	"github.com/tributary-dev/tributary/core/app/forgetting"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

const keep = 10 * 24 * time.Hour

func sweeper(w *usecasetest.World) forgetting.Sweeper {
	return forgetting.Sweeper{Store: w.Store, Now: w.Now, Keep: keep, Every: time.Hour, Log: slog.New(slog.DiscardHandler)}
}

func happen(w *usecasetest.World, u *user.User, name event.Name, count int) {
	w.Update(func(ctx context.Context, tx store.Tx) error {
		for range count {
			if err := tx.Events().Append(ctx, u.ClientID, event.Draft{Name: name, Version: 1, UserID: u.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

func queues(w *usecasetest.World) delivering.Service {
	return delivering.Service{Store: w.Store, Bus: w.Bus, Now: w.Now, IDs: w.IDs}
}

// log reads what a client sees after a number, or of all that is kept.
func log(w *usecasetest.World, p usecase.Principal, after *int64) (seqs []int64, err error) {
	found, err := delivering.Log{Service: queues(w)}.After(context.Background(), p, after, store.EventFilter{}, 5000, 0)
	for _, e := range found {
		seqs = append(seqs, e.Seq)
	}
	return seqs, err
}

func queue(t *testing.T, w *usecasetest.World, filter delivery.Filter) *delivery.Queue {
	t.Helper()
	made, err := queues(w).Create(t.Context(), w.As(w.Acme), filter)
	require.NoError(t, err)
	return made
}

func at(seq int64) *int64 { return &seq }

// TestSweep proves W8: what is older than is kept is gone, what is younger is
// there, and who is behind is told where the log begins.
func TestSweep(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	happen(w, w.Ana, event.AccountsAdded, 700) // several parts
	happen(w, w.Cleo, event.AccountsAdded, 3)
	old := w.Head(w.Acme)
	w.Pass(keep)
	happen(w, w.Ana, event.AccountsAdded, 5)
	require.NoError(t, sweeper(w).Sweep(t.Context()))
	all, err := log(w, w.As(w.Acme), nil)
	require.NoError(t, err)
	require.Len(t, all, int(old)+5, "what is exactly as old as is kept is kept")

	w.Pass(time.Microsecond)
	require.NoError(t, sweeper(w).Sweep(t.Context()))
	all, err = log(w, w.As(w.Acme), nil)
	require.NoError(t, err)
	require.Equal(t, []int64{old + 1, old + 2, old + 3, old + 4, old + 5}, all)
	for _, p := range []usecase.Principal{w.As(w.Acme), w.For(w.Ana), w.For(w.Ben)} {
		for _, behind := range []int64{0, 1, old - 1} {
			_, err = log(w, p, &behind)
			require.Equal(t, event.Gone(old+1), err)
		}
		_, err = log(w, p, at(old))
		require.NoError(t, err)
	}
	all, err = log(w, w.As(w.Other), nil)
	require.NoError(t, err)
	require.Empty(t, all, "each client's log by itself")
	happen(w, w.Cleo, event.AccountsAdded, 1)
	all, err = log(w, w.As(w.Other), nil)
	require.NoError(t, err)
	require.Equal(t, []int64{5}, all, "numbers go on")
}

// TestSweep_and_queues: one that wanted something of what is gone has that told,
// once, and goes on when it says so; one that wanted nothing loses nothing.
func TestSweep_and_queues(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s, acme := queues(w), w.As(w.Acme)
	behind, idle := queue(t, w, delivery.Filter{}), queue(t, w, delivery.Filter{Names: []event.Name{event.ConsentExpired}})
	happen(w, w.Ana, event.AccountsAdded, 450)
	done := queue(t, w, delivery.Filter{})
	old := w.Head(w.Acme)
	w.Pass(keep + time.Hour)
	happen(w, w.Ana, event.ConsentExpired, 2)
	for range 3 {
		require.NoError(t, sweeper(w).Sweep(t.Context()))
	}
	told := w.Told(w.Acme, old)
	require.Equal(t, []event.Name{event.ConsentExpired, event.ConsentExpired, event.QueueEventsLost}, told, "once")

	_, err := s.Events(t.Context(), acme, string(behind.ID), nil, 10, 0)
	require.Equal(t, event.Gone(old+1), err)
	_, err = s.Lend(t.Context(), acme, string(behind.ID), 10, time.Minute, 0)
	require.Equal(t, event.Gone(old+1), err)
	for name, q := range map[string]*delivery.Queue{"idle": idle, "done": done} {
		got, err := s.Events(t.Context(), acme, string(q.ID), nil, 10, 0)
		require.NoError(t, err, name)
		require.Equal(t, old+1, got[0].Seq, name)
	}
	lost, err := s.Events(t.Context(), acme, string(done.ID), at(old+2), 10, 0)
	require.NoError(t, err)
	require.Equal(t, event.Data{"queue_id": string(behind.ID), "through": float64(200)}, lost[0].Data)

	_, err = s.Ack(t.Context(), acme, string(behind.ID), old)
	require.NoError(t, err)
	got, err := s.Events(t.Context(), acme, string(behind.ID), nil, 10, 0)
	require.NoError(t, err)
	require.Equal(t, old+1, got[0].Seq)
}

// TestRun looks again and again, and not at all where all is kept.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := usecasetest.New(t)
		s := sweeper(w)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		w.Pass(2 * keep)
		time.Sleep(s.Every + time.Second)
		all, err := log(w, w.As(w.Acme), nil)
		require.NoError(t, err)
		require.Empty(t, all)
		cancel()
		require.NoError(t, <-ended)
	})
	w := usecasetest.New(t)
	w.Pass(1000 * keep)
	s := sweeper(w)
	s.Keep = 0
	require.NoError(t, s.Run(t.Context()))
	require.NotEmpty(t, w.Told(w.Acme, 0))
}

// TestSweep_fails with its store, and changes nothing.
func TestSweep_fails(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	w.Pass(2 * keep)
	s := sweeper(w)
	s.Store = broken{w.Store}
	w.Unchanged(func() { require.ErrorIs(t, s.Sweep(t.Context()), errBroken) })
}

var errBroken = errors.New("no store")

// broken reads, and cannot write.
type broken struct{ store.Store }

func (broken) Update(context.Context, store.Fence, func(store.Tx) error) error { return errBroken }
