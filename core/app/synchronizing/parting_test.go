package synchronizing_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// parting notes which sessions were closed, each after the run had ended in the
// store: a store that is in a transaction would not answer.
func parting(t *testing.T, w *world, c **connection.Connection) *[]string {
	closed := &[]string{}
	w.bank.end = func(req port.End) error {
		require.True(t, w.run((*c).LastSynchronizationID).Status.Final())
		require.False(t, req.Revoke)
		*closed = append(*closed, string(req.State.Data.Reveal()))
		return &port.Failure{Code: port.ProviderUnavailable} // a courtesy: it changes nothing
	}
	return closed
}

func TestSession_of_a_lost_channel_is_closed(t *testing.T) {
	t.Parallel()
	fails := func(code port.Code) (port.Step, error) { return port.Step{}, &port.Failure{Code: code} }
	asking := func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
	for name, c := range map[string]struct {
		play   func(b *script)
		closed []string
	}{
		"not_opened": {func(b *script) { b.begin = func(port.Begin) (port.Step, error) { return fails(port.AuthFailed) } }, nil},
		"refused_by_the_user": {func(b *script) {
			b.begin, b.carryOn = asking, func(port.Continue) (port.Step, error) { return fails(port.Refused) }
		}, []string{"asked"}},
		"lost_already": {func(b *script) {
			b.begin, b.carryOn = asking, func(port.Continue) (port.Step, error) { return fails(port.SessionLost) }
		}, nil},
		"failed_while_read": {func(b *script) {
			b.fetch = func(context.Context, port.Fetch, port.Sink) error { return &port.Failure{Code: port.Blocked} }
		}, []string{"session"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.play(w.bank)
			var link *connection.Connection
			closed := parting(t, w, &link)
			link = w.connect()
			w.work(link.LastSynchronizationID)
			if w.run(link.LastSynchronizationID).Status == synchronization.Paused {
				w.answerWith(link, "1234")
				w.work(link.LastSynchronizationID)
			}
			require.Equal(t, synchronization.Failed, w.run(link.LastSynchronizationID).Status)
			require.ElementsMatch(t, c.closed, *closed)
		})
	}
}

func TestSession_of_a_cancelled_run_is_closed(t *testing.T) {
	t.Parallel()
	cancel := func(t *testing.T, w *world, c *connection.Connection) {
		_, err := w.runs.Cancel(w.ctx, w.asker, string(c.LastSynchronizationID))
		require.NoError(t, err)
		woken := w.store.Jobs()
		require.Equal(t, jobs.Job{Kind: synchronizing.Job, Key: string(c.LastSynchronizationID)}, woken[len(woken)-1])
	}

	t.Run("By_the_job_that_this_wakes_where_nobody_holds_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
		var c *connection.Connection
		closed := parting(t, w, &c)
		c = w.connect()
		w.work(c.LastSynchronizationID)
		cancel(t, w, c)
		require.Empty(t, *closed, "not while cancelling")
		w.work(c.LastSynchronizationID)
		require.Equal(t, []string{"asked"}, *closed)
	})

	t.Run("By_its_holder", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		var c *connection.Connection
		closed := parting(t, w, &c)
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			cancel(t, w, c)
			return statement(sink)
		}
		c = w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, []string{"session"}, *closed)
		require.Equal(t, synchronization.Cancelled, w.run(c.LastSynchronizationID).Status)
	})

	t.Run("Unless_there_is_none", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		var c *connection.Connection
		closed := parting(t, w, &c)
		c = w.connect()
		cancel(t, w, c)
		w.work(c.LastSynchronizationID)
		require.Empty(t, *closed)

		c = w.connect()
		w.work(c.LastSynchronizationID)
		require.Len(t, *closed, 1, "as after every run")
		w.work(c.LastSynchronizationID)
		require.Len(t, *closed, 1, "a late job closes nothing again")
	})
}
