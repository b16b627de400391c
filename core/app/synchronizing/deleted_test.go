package synchronizing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// two has a bank show two accounts, whatever it is told to skip.
func (w *world) two() {
	w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
		one, other := shown("a"), shown("b")
		one.Name, other.Name = "Current", "Savings"
		other.IBAN = "FR7699999999999999999999999"
		err := errors.Join(sink.Account("a", one), sink.Account("b", other))
		if req.Mode == synchronization.ListAccounts {
			return err
		}
		return errors.Join(err, sink.Rows("a", []ledger.Row{row("1", "-12.30", "CB BOULANGERIE")}), sink.Done("a", "2026-01-01", "2026-03-01"), sink.Done("b", "2026-01-01", "2026-03-01"))
	}
}

func TestADeletedAccount(t *testing.T) {
	t.Parallel()

	t.Run("Stays_away_until_a_list_of_accounts_brings_it_back_under_a_new_id", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.two()
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Len(t, w.accounts(), 2)
		gone := w.byBank("a")
		keeper := w.keeper()
		require.NoError(t, keeper.Delete(w.ctx, w.asker, string(gone.ID)))
		require.ErrorIs(t, keeper.Delete(w.ctx, w.asker, string(gone.ID)), ledger.ErrAccountNotFound, "once")
		require.Empty(t, w.rows())

		w.again(c, synchronization.All)
		require.Len(t, w.accounts(), 1, "the bank shows it; the user does not want it")
		require.Empty(t, w.rows())
		require.Equal(t, []string{"a"}, w.bank.fetched[1].Skip, "nor is it read")

		w.again(c, synchronization.ListAccounts)
		require.Empty(t, w.bank.fetched[2].Skip)
		require.Len(t, w.accounts(), 2)
		back := w.byBank("a")
		require.NotEqual(t, gone.ID, back.ID)
		require.Equal(t, gone.ID, back.Supersedes)

		w.again(c, synchronization.All)
		require.Len(t, w.accounts(), 2)
		require.Len(t, w.rows(), 1)
		require.Equal(t, back.ID, w.rows()[0].AccountID)
	})

	t.Run("Takes_channel_and_connection_with_it_when_it_was_the_last", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.two()
		c := w.connect()
		w.work(c.LastSynchronizationID)
		for _, a := range w.accounts() {
			require.NoError(t, w.keeper().Delete(w.ctx, w.asker, string(a.ID)))
		}
		_, err := w.links.Get(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrNotFound)
		require.Contains(t, w.told(), event.ConnectionDeleted)
		require.Contains(t, w.told(), event.AccountsDeleted)
	})

	t.Run("Leaves_its_channel_EMPTY_while_another_stands", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
			one := shown(req.Session.ChannelID)
			if req.Session.ChannelID == redirectID {
				one.IBAN = "FR7699999999999999999999999"
			}
			return errors.Join(sink.Account(one.BankID, one), sink.Done(one.BankID, "2026-01-01", "2026-03-01"))
		}
		c := w.connectBy(redirectID, channelID)
		w.work(c.LastSynchronizationID)
		keeper := w.keeper()
		run, err := w.runs.Start(w.ctx, w.asker, string(c.ID), synchronization.All)
		require.NoError(t, err)
		require.ErrorIs(t, keeper.Delete(w.ctx, w.asker, string(w.ofChannel(channelID))), synchronization.ErrRunning)
		w.work(run.ID)
		require.NoError(t, keeper.Delete(w.ctx, w.asker, string(w.ofChannel(channelID))))

		channel, err := w.connection(c.ID).Channel(channelID)
		require.NoError(t, err)
		require.Equal(t, connection.ChannelEmpty, channel.Status)
		require.Empty(t, channel.SealedCredentials)
		require.Empty(t, channel.SealedSecrets)
		require.Equal(t, connection.Success, w.connection(c.ID).Status)

		before := len(w.bank.fetched)
		last := w.again(c, synchronization.All)
		require.Equal(t, synchronization.Success, last.Status)
		require.Len(t, w.bank.fetched, before+1, "it is not read")
		_, err = w.links.ReplaceCredentials(w.ctx, w.asker, string(c.ID), usecase.NewChannel{DefinitionID: channelID, Credentials: secret.Values{"login": secret.New("ana")}}, "")
		require.NoError(t, err)
		channel, err = w.connection(c.ID).Channel(channelID)
		require.NoError(t, err)
		require.Equal(t, connection.ChannelRunning, channel.Status, "new credentials wake it")
	})
}

func (w *world) byBank(id string) ledger.Account {
	for _, a := range w.accounts() {
		if a.BankID == id {
			return a
		}
	}
	return ledger.Account{}
}

func (w *world) ofChannel(channel string) ident.Account {
	for _, a := range w.accounts() {
		if a.FedBy == channel {
			return a.ID
		}
	}
	return ""
}

func TestTheUsersOwnNameOfAnAccountStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.two()
	c := w.connect()
	w.work(c.LastSynchronizationID)
	id, name, none := string(w.accounts()[0].ID), "Household", ""
	keeper := w.keeper()
	changed, err := keeper.Change(w.ctx, w.asker, id, usecase.AccountChange{Name: &name})
	require.NoError(t, err)
	require.Equal(t, name, changed.ShownName())
	w.again(c, synchronization.All)
	require.Equal(t, name, w.accounts()[0].ShownName())
	changed, err = keeper.Change(w.ctx, w.asker, id, usecase.AccountChange{Name: &none})
	require.NoError(t, err)
	require.Equal(t, w.accounts()[0].Name, changed.ShownName())
	bad := "a\nb"
	_, err = keeper.Change(w.ctx, w.asker, id, usecase.AccountChange{Name: &bad})
	require.ErrorIs(t, err, ledger.ErrAccountName)
	other := w.asker
	other.User = "usr_00000000000000000000000000"
	for _, wrong := range []string{id, "acc_x", "acc_00000000000000000000000000"} {
		_, err = keeper.Change(w.ctx, other, wrong, usecase.AccountChange{Name: &name})
		require.ErrorIs(t, err, ledger.ErrAccountNotFound)
		require.ErrorIs(t, keeper.Delete(w.ctx, other, wrong), ledger.ErrAccountNotFound)
	}
}
