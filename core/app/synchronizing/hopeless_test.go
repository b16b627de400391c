package synchronizing_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// die works on a run with a process that is killed as soon as the bank is
// called: nothing that it does afterwards reaches the store.
func (w *world) die(run ident.Synchronization) {
	weak := &unreachable{Store: w.store, fail: func(context.Context) error { return errStorage }}
	w.bank.begin = func(port.Begin) (port.Step, error) {
		weak.off.Store(true)
		return port.Step{}, &port.Failure{Code: port.AuthFailed}
	}
	worker := *w.worker
	worker.Store = weak
	require.Error(w.t, worker.Handle(w.ctx, string(run)))
	w.pass(time.Minute)
}

// TestRun_that_kills_every_process is given up, and the bank is no longer asked.
func TestRun_that_kills_every_process(t *testing.T) {
	t.Parallel()

	t.Run("Fails_as_a_technical_error", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		for range 6 {
			w.die(c.LastSynchronizationID)
			require.Equal(t, synchronization.Running, w.run(c.LastSynchronizationID).Status)
		}
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Failed, run.Status)
		require.Equal(t, "TECHNICAL_ERROR", run.Problem.Code)
		require.Equal(t, connection.TechnicalError, w.connection(c.ID).Channels[0].Status)
		require.Len(t, w.bank.begun, 6)
		require.Empty(t, w.due())
	})

	t.Run("By_one_channel_still_reads_the_other", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connectBy(redirectID, channelID)
		for range 6 {
			w.die(c.LastSynchronizationID)
		}
		w.bank.begin = nil
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Partial, run.Status)
		require.Equal(t, synchronization.Lost, run.Leg(redirectID).Phase)
		require.Equal(t, synchronization.Done, run.Leg(channelID).Phase)
	})

	t.Run("Has_its_chances_anew_after_the_user_was_asked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		for range 5 {
			w.die(c.LastSynchronizationID)
		}
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
		w.work(c.LastSynchronizationID)
		require.Zero(t, w.run(c.LastSynchronizationID).Fruitless)
		w.answerWith(c, "1234")
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	})

	t.Run("Is_not_blamed_for_a_process_that_lets_go", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		for range 20 {
			ctx, stop := context.WithCancel(w.ctx)
			w.bank.begin = func(port.Begin) (port.Step, error) { stop(); return port.Step{}, ctx.Err() }
			_ = w.worker.Handle(ctx, string(c.LastSynchronizationID))
		}
		w.bank.begin = nil
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	})
}
