package synchronizing_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// TestApart is a live session that waits for its user: it takes no worker of the
// queue.
func TestApart(t *testing.T) {
	t.Parallel()
	apart := func(t *testing.T, play func(t *testing.T, w *world)) {
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Limits.Look, w.worker.Drain = time.Second, synchronizing.NewDrain(20*time.Second)
			w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, true), nil }
			play(t, w)
			w.worker.Drain.Close()
		})
	}

	t.Run("Frees_its_worker_and_goes_on", func(t *testing.T) {
		t.Parallel()
		apart(t, func(t *testing.T, w *world) {
			c, began := w.connect(), time.Now()
			w.work(c.LastSynchronizationID)
			require.Zero(t, time.Since(began), "the worker is free at once")
			synctest.Wait()
			require.Equal(t, synchronization.Paused, w.run(c.LastSynchronizationID).Status)
			require.Equal(t, 1, w.worker.Drain.Live())
			w.work(c.LastSynchronizationID) // a second job of it does no harm
			time.Sleep(5 * w.worker.Limits.Lease)
			w.answerWith(c, "1")
			time.Sleep(2 * time.Second)
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, run.Status)
			require.Equal(t, int64(1), run.Lease.Epoch, "it was held all the time")
			require.Zero(t, w.worker.Drain.Live())
		})
	})

	t.Run("Has_room_for_so_many", func(t *testing.T) {
		t.Parallel()
		apart(t, func(t *testing.T, w *world) {
			w.worker.Drain.Most = 1
			first, second := w.connect(), w.connect()
			w.work(first.LastSynchronizationID)
			w.work(second.LastSynchronizationID)
			synctest.Wait()
			require.Equal(t, synchronization.Paused, w.run(first.LastSynchronizationID).Status)
			run := w.run(second.LastSynchronizationID)
			require.Equal(t, synchronization.Failed, run.Status)
			require.Equal(t, "SESSION_LOST", run.Legs[0].Code)
			require.Equal(t, connection.CauseSessionLost, w.connection(second.ID).Channels[0].Cause)
			require.Equal(t, 1, w.bank.ended, "its page is closed")
			require.Equal(t, 1, w.count(event.SynchronizationChallengeRequired), "the user was not asked what nobody would take up")
			w.answerWith(first, "1")
			time.Sleep(2 * time.Second)
			require.Equal(t, synchronization.Success, w.run(first.LastSynchronizationID).Status)
		})
	})

	t.Run("Ends_with_its_process_and_lets_its_run_go", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Limits.Look, w.worker.Drain = time.Second, synchronizing.NewDrain(0)
			w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, true), nil }
			c := w.connect()
			w.work(c.LastSynchronizationID)
			synctest.Wait()
			require.NotEmpty(t, w.run(c.LastSynchronizationID).Lease.Owner)
			w.worker.Drain.Close()
			require.Empty(t, w.run(c.LastSynchronizationID).Lease.Owner, "another process takes it up at once")
		})
	})

	t.Run("Survives_a_panic", func(t *testing.T) {
		t.Parallel()
		apart(t, func(t *testing.T, w *world) {
			w.bank.carryOn = func(port.Continue) (port.Step, error) { panic("canary") }
			c := w.connect()
			w.work(c.LastSynchronizationID)
			synctest.Wait() // it asks apart from its worker
			w.answerWith(c, "1")
			time.Sleep(2 * time.Second)
			require.Zero(t, w.worker.Drain.Live())
			w.bank.begin = func(port.Begin) (port.Step, error) { panic("canary") }
			require.ErrorContains(t, w.worker.Handle(t.Context(), string(w.connect().LastSynchronizationID)), "canary", "the queue hears of it")
		})
	})
}
