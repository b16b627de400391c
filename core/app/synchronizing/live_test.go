package synchronizing_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// TestLiveSession lives in the process that holds the run, and keeps its lease
// while it waits for the user.
func TestLiveSession(t *testing.T) {
	t.Parallel()

	// live gives a world whose worker looks for answers once a second.
	live := func(t *testing.T, kind connection.ChallengeType, play func(t *testing.T, w *world)) {
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Limits.Look = time.Second
			w.bank.begin = func(port.Begin) (port.Step, error) { return asks(kind, true), nil }
			play(t, w)
		})
	}

	t.Run("Approved_in_the_app_goes_on", func(t *testing.T) {
		t.Parallel()
		live(t, connection.Decoupled, func(t *testing.T, w *world) {
			w.bank.carryOn = func(req port.Continue) (port.Step, error) {
				if require.True(t, req.Poll); len(w.bank.continued) < 20 {
					return asks(connection.Decoupled, true), nil
				}
				return ready("session"), nil
			}
			c, began := w.connect(), time.Now()
			w.work(c.LastSynchronizationID)
			require.Equal(t, 20*w.worker.Limits.Poll, time.Since(began), "polled at its own pace")
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, run.Status)
			require.Equal(t, int64(1), run.Lease.Epoch, "longer than a lease, and never let go")
			require.Equal(t, 1, w.count(event.SynchronizationChallengeRequired))
			_, err := w.links.Current(w.ctx, w.asker, string(c.ID))
			require.ErrorIs(t, err, connection.ErrNoChallenge)
		})
	})

	t.Run("Not_answered_in_time_is_lost_with_its_challenge", func(t *testing.T) {
		t.Parallel()
		live(t, connection.Form, func(t *testing.T, w *world) {
			c, began := w.connect(), time.Now()
			w.work(c.LastSynchronizationID)
			require.Equal(t, w.worker.Limits.Answer, time.Since(began))
			require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
			require.Equal(t, connection.ChallengeRequired, w.connection(c.ID).Channels[0].Status)
			require.Empty(t, w.bank.continued)
		})
	})

	t.Run("That_goes_on_elsewhere_lets_the_run_go", func(t *testing.T) {
		t.Parallel()
		live(t, connection.Decoupled, func(t *testing.T, w *world) {
			next := asks(connection.Decoupled, false)
			next.Challenge.Asked.Ref = "2"
			w.bank.carryOn = func(req port.Continue) (port.Step, error) {
				if req.Challenge == "1" {
					return next, nil
				}
				return ready("session"), nil
			}
			c := w.connect()
			w.work(c.LastSynchronizationID)
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Paused, run.Status)
			require.Empty(t, run.Lease.Owner)
			require.Len(t, w.bank.continued, 1, "nobody asks the bank without a lease")
			time.Sleep(w.worker.Limits.Poll)
			w.work(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		})
	})

	t.Run("Cancelled_under_its_holder_ends_it", func(t *testing.T) {
		t.Parallel()
		live(t, connection.Form, func(t *testing.T, w *world) {
			c, done := w.connect(), make(chan error, 1)
			go func() { done <- w.worker.Handle(t.Context(), string(c.LastSynchronizationID)) }()
			synctest.Wait()
			_, err := w.runs.Cancel(t.Context(), w.asker, string(c.LastSynchronizationID))
			require.NoError(t, err)
			require.NoError(t, <-done)
			require.Equal(t, synchronization.Cancelled, w.run(c.LastSynchronizationID).Status)
			require.Equal(t, 1, w.bank.ended, "its page is closed where it is")
		})
	})

	t.Run("Answered_twice_over_is_asked_and_answered_in_place", func(t *testing.T) {
		t.Parallel()
		live(t, connection.Form, func(t *testing.T, w *world) {
			w.bank.carryOn = func(req port.Continue) (port.Step, error) {
				if req.Answers["code"].Reveal() != "right" {
					return asks(connection.Form, true), nil
				}
				return ready("session"), nil
			}
			c, done := w.connect(), make(chan error, 1)
			go func() { done <- w.worker.Handle(t.Context(), string(c.LastSynchronizationID)) }()
			for _, code := range []string{"wrong", "right"} {
				time.Sleep(30 * time.Second)
				w.answerWith(c, code)
			}
			require.NoError(t, <-done)
			require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
			require.Equal(t, int64(1), w.run(c.LastSynchronizationID).Lease.Epoch)
		})
	})
}
