package synchronizing_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// TestDrain is a process that shuts down while a user is in the middle.
func TestDrain(t *testing.T) {
	t.Parallel()
	const limit = 20 * time.Second

	// asked gives a world whose only run has asked, live or not, and who works on it.
	asked := func(t *testing.T, live bool, play func(t *testing.T, w *world, c *connection.Connection, done chan error)) {
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Limits.Look, w.worker.Drain = time.Second, synchronizing.NewDrain(limit)
			w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, live), nil }
			c, done := w.connect(), make(chan error, 1)
			go func() { done <- w.worker.Handle(t.Context(), string(c.LastSynchronizationID)) }()
			synctest.Wait()
			play(t, w, c, done)
		})
	}

	t.Run("Waits_for_an_answer_and_for_what_follows", func(t *testing.T) {
		t.Parallel()
		asked(t, true, func(t *testing.T, w *world, c *connection.Connection, done chan error) {
			require.Equal(t, 1, w.worker.Drain.Live())
			began := time.Now()
			go func() {
				time.Sleep(10 * time.Second)
				w.answerWith(c, "1")
			}()
			w.worker.Drain.End(t.Context())
			require.Less(t, time.Since(began), limit)
			require.NoError(t, <-done)
			require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
			require.Zero(t, w.worker.Drain.Live())
		})
	})

	t.Run("Ends_what_nobody_answers_and_offers_to_begin_again", func(t *testing.T) {
		t.Parallel()
		asked(t, true, func(t *testing.T, w *world, c *connection.Connection, done chan error) {
			began := time.Now()
			w.worker.Drain.End(t.Context())
			require.LessOrEqual(t, time.Since(began), limit+time.Second)
			require.NoError(t, <-done)
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Failed, run.Status)
			require.Equal(t, "SESSION_LOST", run.Legs[0].Code)
			channel := w.connection(c.ID).Channels[0]
			require.Equal(t, connection.ChallengeRequired, channel.Status)
			advice := w.connection(c.ID).Advise(channel, nil)
			require.Equal(t, connection.TurnUser, advice.Turn)
			require.Equal(t, connection.ActionReauthenticate, advice.Action)
			require.Contains(t, advice.Message["en"], "not at fault")
			require.Equal(t, 1, w.bank.ended, "its page is closed")
			_, err := w.links.Current(w.ctx, w.asker, string(c.ID))
			require.ErrorIs(t, err, connection.ErrNoChallenge)
		})
	})

	t.Run("Leaves_what_can_go_on_elsewhere_to_others", func(t *testing.T) {
		t.Parallel()
		asked(t, false, func(t *testing.T, w *world, c *connection.Connection, done chan error) {
			require.NoError(t, <-done)
			began := time.Now()
			w.worker.Drain.End(t.Context())
			require.Zero(t, time.Since(began))
			w.answerWith(c, "1")
			w.work(c.LastSynchronizationID)
			require.Equal(t, synchronization.Paused, w.run(c.LastSynchronizationID).Status, "no run is taken up any more")
			other := *w.worker
			other.Owner, other.Drain = "there", nil
			require.NoError(t, other.Handle(t.Context(), string(c.LastSynchronizationID)))
			require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		})
	})
}

// TestLostSession is one whose process was killed: the user is offered to begin
// again, once in a row.
func TestLostSession(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, w *world) {
		w.worker.Limits.Look = time.Second
		live := func(port.Begin) (port.Step, error) { return asks(connection.Form, true), nil }
		w.bank.begin = live
		// lost has the process die that holds the run, and another one take it up.
		lost := func(run *synchronization.Synchronization) connection.Channel {
			weak := &unreachable{Store: w.store, fail: func(context.Context) error { return errStorage }}
			holder, done := *w.worker, make(chan error, 1)
			holder.Store, holder.Owner = weak, "gone"
			go func() { done <- holder.Handle(t.Context(), string(run.ID)) }()
			synctest.Wait()
			require.Equal(t, synchronization.Paused, w.run(run.ID).Status, "it has asked, and holds on")
			weak.off.Store(true)
			require.Error(t, <-done)
			time.Sleep(w.worker.Limits.Lease)
			w.work(run.ID)
			require.Equal(t, synchronization.Failed, w.run(run.ID).Status)
			require.Equal(t, string(w.connection(run.ConnectionID).Channels[0].Status), w.run(run.ID).Problem.Code, "the run says what the channel says")
			require.NoError(t, w.worker.Handle(t.Context(), string(run.ID)), "it is over, and not tried again by itself")
			return w.connection(run.ConnectionID).Channels[0]
		}
		c := w.connect()
		begun := func() int { return len(w.bank.begun) }

		channel := lost(w.run(c.LastSynchronizationID))
		require.Equal(t, connection.ChallengeRequired, channel.Status)
		require.Equal(t, connection.CauseSessionLost, channel.Cause)
		require.Zero(t, channel.RetryAt)
		require.Equal(t, 1, begun())

		again, err := w.runs.Start(w.ctx, w.asker, string(c.ID), synchronization.All)
		require.NoError(t, err)
		require.Equal(t, connection.TechnicalError, lost(again).Status, "asking the user once more would mend nothing")
		require.Equal(t, 2, begun(), "it began anew, with the same credentials")

		w.bank.begin = nil
		require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
		require.Empty(t, w.connection(c.ID).Channels[0].Cause)
		w.bank.begin = live
		once, err := w.runs.Start(w.ctx, w.asker, string(c.ID), synchronization.All)
		require.NoError(t, err)
		require.Equal(t, connection.ChallengeRequired, lost(once).Status, "the offer stands again after a success")
	})
}
