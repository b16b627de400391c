package synchronizing_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// statuses of a connection's channels, in its order.
func statuses(c *connection.Connection) (all []connection.ChannelStatus) {
	for _, channel := range c.Channels {
		all = append(all, channel.Status)
	}
	return all
}

// TestTwoPlugins has each channel of a bank in the hands of another plugin.
func TestTwoPlugins(t *testing.T) {
	t.Parallel()

	t.Run("Are_handed_what_is_theirs", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.serves("scraper", channelID)
		w.bank.begin = func(req port.Begin) (port.Step, error) {
			require.Equal(t, req.Session.ChannelID == channelID, req.Credentials["login"].Reveal() == "ana", "credentials are of the form that asked for them")
			if kept := string(req.Secrets.Data.Reveal()); kept != "" {
				require.Equal(t, "trust of "+req.Session.ChannelID, kept)
			}
			return port.Step{Ready: &port.Ready{State: state("of " + req.Session.ChannelID), Secrets: state("trust of " + req.Session.ChannelID)}}, nil
		}
		w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
			require.Equal(t, "of "+req.Session.ChannelID, string(req.State.Data.Reveal()))
			require.Equal(t, "trust of "+req.Session.ChannelID, string(req.Secrets.Data.Reveal()))
			return readWith(sink, "of-"+req.Session.ChannelID, row(req.Session.ChannelID, "-12.30", "CB BOULANGERIE"))
		}
		c := w.connectBy(redirectID, channelID)
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
		require.Len(t, w.bank.begun, 4)
		require.Len(t, w.accounts(), 1)
		require.Len(t, w.rows(), 1)
	})

	// A plugin that says it serves the other one's channel, and gets its way because
	// that one was taken out, is handed nothing: what was sealed for one opens for no other.
	t.Run("Inherit_nothing_from_each_other", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.serves("scraper", channelID)
		w.remember()
		c := w.connectBy(redirectID, channelID)
		w.work(c.LastSynchronizationID)
		begun := len(w.bank.begun)
		w.bank.serves("thief", channelID)
		require.Equal(t, synchronization.Partial, w.again(c, synchronization.All).Status)
		require.Equal(t, []connection.ChannelStatus{connection.ChannelSuccess, connection.TokenExpired}, statuses(w.connection(c.ID)))
		require.Len(t, w.bank.begun, begun+1, "the thief was never asked")
		require.Equal(t, redirectID, w.bank.begun[begun].Session.ChannelID)
		require.Empty(t, w.connection(c.ID).Channels[1].SealedSecrets, "they open for nobody")
	})

	t.Run("Go_one_by_one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.serves("scraper", channelID)
		w.remember()
		w.bothRead()
		c := w.connectBy(redirectID, channelID)
		w.work(c.LastSynchronizationID)
		before, begun := w.connection(c.ID), len(w.bank.begun)
		w.bank.serves("-", channelID)
		require.Equal(t, synchronization.Partial, w.again(c, synchronization.All).Status)
		now := w.connection(c.ID)
		require.Equal(t, []connection.ChannelStatus{connection.ChannelSuccess, connection.ProviderUnavailable}, statuses(now))
		require.Len(t, w.bank.begun, begun+1)
		require.Equal(t, before.Channels[1].SealedSecrets, now.Channels[1].SealedSecrets, "it may come back")
		require.Equal(t, before.Channels[1].SealedCredentials, now.Channels[1].SealedCredentials)
		require.Len(t, w.rows(), 1)
		w.bank.serves("scraper", channelID)
		require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
		require.Equal(t, "device trust", string(w.bank.begun[begun+2].Secrets.Data.Reveal()))
	})
}
