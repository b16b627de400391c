package synchronizing_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// remember has the bank give a secret with each session.
func (w *world) remember() {
	w.bank.begin = func(port.Begin) (port.Step, error) {
		return port.Step{Ready: &port.Ready{State: state("session"), Secrets: state("device trust")}}, nil
	}
}

// spoil changes a stored connection behind the services' back.
func (w *world) spoil(c *connection.Connection, change func(*connection.Channel)) {
	require.NoError(w.t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
		stored, err := tx.Connections().Get(w.ctx, w.asker.Owner(), c.ID)
		if err != nil {
			return err
		}
		change(&stored.Channels[0])
		return tx.Connections().Put(w.ctx, stored)
	}))
}

func TestSecrets(t *testing.T) {
	t.Parallel()

	t.Run("Come_back_to_the_plugin_at_the_next_log_in", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.remember()
		c := w.connect()
		w.work(c.LastSynchronizationID)
		w.again(c, synchronization.All)
		require.Equal(t, "device trust", string(w.bank.begun[1].Secrets.Data.Reveal()))
	})

	// S2: what was moved to another row or column, or changed, is not used.
	for name, spoiled := range map[string]func(*connection.Channel, connection.Channel){
		"Secrets_of_an_unreadable_version":  func(c *connection.Channel, _ connection.Channel) { c.SealedSecrets[3]++ },
		"Secrets_that_were_cut":             func(c *connection.Channel, _ connection.Channel) { c.SealedSecrets = c.SealedSecrets[:2] },
		"Secrets_as_credentials":            func(c *connection.Channel, _ connection.Channel) { c.SealedCredentials = c.SealedSecrets },
		"Credentials_of_another_connection": func(c *connection.Channel, other connection.Channel) { c.SealedCredentials = other.SealedCredentials },
		"Secrets_of_another_connection":     func(c *connection.Channel, other connection.Channel) { c.SealedSecrets = other.SealedSecrets },
	} {
		t.Run(name+"_end_as_TOKEN_EXPIRED", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.remember()
			c := w.connect()
			w.work(c.LastSynchronizationID)
			other := w.connect()
			w.work(other.LastSynchronizationID)
			w.spoil(c, func(channel *connection.Channel) { spoiled(channel, w.connection(other.ID).Channels[0]) })
			run := w.again(c, synchronization.All)
			require.Equal(t, synchronization.Failed, run.Status)
			require.Equal(t, "TOKEN_EXPIRED", run.Problem.Code)
			channel := w.connection(c.ID).Channels[0]
			require.Equal(t, connection.TokenExpired, channel.Status)
			require.Nil(t, channel.SealedSecrets)
			require.Len(t, w.bank.begun, 2, "the bank is not asked with a guess")
		})
	}

	// A process was killed between the renewal at the bank and its commit: what is
	// kept was used before, and the bank's consent is still good.
	t.Run("That_a_bank_does_not_take_any_more_are_not_offered_again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.remember()
		c := w.connect()
		w.work(c.LastSynchronizationID)
		w.bank.fetch = func(context.Context, port.Fetch, port.Sink) error {
			return &port.Failure{Code: port.SecretStale, Whose: port.Bank}
		}
		w.bank.refresh = func(port.Refresh) (port.Ready, error) {
			return port.Ready{}, &port.Failure{Code: port.TokenExpired, Whose: port.User}
		}
		run := w.again(c, synchronization.All)
		require.Equal(t, "TOKEN_EXPIRED", run.Problem.Code)
		w.bank.fetch = nil
		require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
		require.True(t, w.bank.begun[2].Secrets.Empty(), "the plugin asks for new ones")
	})

	t.Run("Outlive_a_provider_that_left_the_catalogue", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.remember()
		c := w.connect()
		w.work(c.LastSynchronizationID)
		kept := w.connection(c.ID).Channels[0].SealedSecrets
		w.bank.gone = true
		run := w.again(c, synchronization.All)
		require.Equal(t, synchronization.Failed, run.Status)
		channel := w.connection(c.ID).Channels[0]
		require.Equal(t, connection.ProviderUnavailable, channel.Status)
		require.Equal(t, kept, channel.SealedSecrets)
		require.Len(t, w.rows(), 2)
		w.bank.gone = false
		require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
	})
}

func TestUnattended_run_that_is_asked_anyway(t *testing.T) {
	t.Parallel()
	for _, kind := range connection.ChallengeTypes() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.connect()
			w.work(c.LastSynchronizationID)
			w.bank.begin = func(req port.Begin) (port.Step, error) {
				require.Nil(t, req.PSU)
				return asks(kind, false), nil
			}
			unattended := w.asker
			unattended.PSU = nil
			var run *synchronization.Synchronization
			require.NoError(t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
				stored, err := tx.Connections().Get(w.ctx, w.asker.Owner(), c.ID)
				if err != nil {
					return err
				}
				run, err = w.runs.Queue(w.ctx, tx, stored, unattended, synchronization.Scheduled, synchronization.All)
				return err
			}))
			w.work(run.ID)
			require.Equal(t, synchronization.Failed, w.run(run.ID).Status)
			require.Equal(t, connection.ChallengeRequired, w.connection(c.ID).Channels[0].Status)
			require.Zero(t, w.count(event.SynchronizationChallengeRequired))
			require.NoError(t, w.store.View(w.ctx, func(tx store.Tx) error {
				_, err := tx.Challenges().Current(w.ctx, run.ID, channelID)
				require.ErrorIs(t, err, connection.ErrNoChallenge)
				return nil
			}))
		})
	}
}
