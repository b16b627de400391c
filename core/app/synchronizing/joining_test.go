package synchronizing_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// adds the channel of the web site to a connection.
func (w *world) adds(c *connection.Connection, terms string) (*connection.Connection, error) {
	channel := usecase.NewChannel{DefinitionID: channelID, Credentials: secret.Values{"login": secret.New("ana")}}
	return w.links.ReplaceCredentials(w.ctx, w.asker, string(c.ID), channel, terms)
}

func (w *world) consentOf(c *connection.Connection, definition string) (found *consent.Consent) {
	channel, err := c.Channel(definition)
	require.NoError(w.t, err)
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) (err error) {
		found, err = tx.Consents().Load(w.ctx, channel.ConsentID)
		return err
	}))
	return found
}

func TestChannel_that_is_added(t *testing.T) {
	t.Parallel()

	t.Run("Is_read_by_the_run_at_work", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connectBy(redirectID)
		added := false
		w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
			if !added { // the user fills the form in while the first channel is read
				added = true
				_, err := w.adds(c, "2026-03")
				require.NoError(t, err)
			}
			return readWith(sink, "of-"+req.Session.ChannelID, row(req.Session.ChannelID, "-12.30", "CB BOULANGERIE"))
		}
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, run.Status)
		require.Len(t, run.Legs, 2)
		now := w.connection(c.ID)
		require.Equal(t, connection.Success, now.Status)
		require.Equal(t, run.ID, now.LastSynchronizationID)
		for _, channel := range now.Channels {
			require.Equal(t, connection.ChannelSuccess, channel.Status)
			require.Equal(t, consent.Active, w.consentOf(now, channel.DefinitionID).Status)
		}
		require.Equal(t, "2026-03", w.consentOf(now, channelID).Terms.Version)
		require.Len(t, w.accounts(), 1)
		require.Equal(t, redirectID, w.accounts()[0].FedBy)
	})

	t.Run("Is_read_after_the_user_was_at_the_bank", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bothRead()
		w.bank.begin = func(req port.Begin) (port.Step, error) {
			if req.Session.ChannelID == redirectID {
				return asks(connection.Form, false), nil
			}
			return ready("session"), nil
		}
		c := w.connectBy(redirectID)
		w.work(c.LastSynchronizationID)
		changed, err := w.adds(c, "")
		require.NoError(t, err)
		require.Equal(t, connection.Running, changed.Status)
		asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.NoError(t, err)
		require.Equal(t, redirectID, asked.ChannelDefinition, "what was asked still is")
		require.NoError(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), secret.Values{"code": secret.New("1")}))
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		require.Len(t, w.bank.fetched, 2)
	})

	t.Run("Is_read_alone_where_none_is", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bothRead()
		c := w.connectBy(redirectID)
		w.work(c.LastSynchronizationID)
		changed, err := w.adds(c, "")
		require.NoError(t, err)
		require.NotEqual(t, c.LastSynchronizationID, changed.LastSynchronizationID)
		w.work(changed.LastSynchronizationID)
		require.Len(t, w.bank.fetched, 2)
		require.Equal(t, channelID, w.bank.fetched[1].Session.ChannelID, "the other one is not asked again")
		require.Len(t, w.accounts(), 1)
		require.Equal(t, consent.ClientTerms, w.consentOf(changed, channelID).Terms.Version)
		w.again(c, synchronization.All)
		require.Equal(t, []string{"of-" + channelID}, w.bank.fetched[3].Skip)
	})

	t.Run("Waits_for_a_run_at_which_nobody_is", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connectBy(redirectID)
		w.work(c.LastSynchronizationID)
		for _, busy := range []struct {
			trigger synchronization.Trigger
			kind    synchronization.Type
		}{{synchronization.Scheduled, synchronization.All}, {synchronization.Manual, synchronization.ListAccounts}} {
			run := w.queue(c, busy.trigger, busy.kind)
			_, err := w.adds(c, "")
			require.ErrorIs(t, err, synchronization.ErrRunning)
			require.Len(t, w.connection(c.ID).Channels, 1)
			_, err = w.runs.Cancel(w.ctx, w.asker, string(run.ID))
			require.NoError(t, err)
		}
	})

	t.Run("Fails_alone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bothRead()
		c := w.connectBy(redirectID)
		w.work(c.LastSynchronizationID)
		w.bank.begin = func(port.Begin) (port.Step, error) { return port.Step{}, &port.Failure{Code: port.AuthFailed} }
		changed, err := w.adds(c, "")
		require.NoError(t, err)
		w.work(changed.LastSynchronizationID)
		now := w.connection(c.ID)
		require.Equal(t, connection.Failed, now.Status)
		require.Equal(t, connection.ChannelSuccess, now.Channels[0].Status)
		require.Equal(t, connection.AuthFailed, now.Channels[1].Status)
		require.NotEqual(t, ident.Consent(""), now.Channels[1].ConsentID)
	})
}
