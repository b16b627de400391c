package synchronizing_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// selective connects a bank of two accounts whose user chooses among them.
func (w *world) selective() *connection.Connection {
	w.two()
	c, err := w.links.Create(w.ctx, w.asker, usecase.NewConnection{
		ProviderID: "acme", Selective: true, Channels: []usecase.NewChannel{{DefinitionID: channelID, Credentials: secret.Values{"login": secret.New("ana")}}},
	})
	require.NoError(w.t, err)
	w.work(c.LastSynchronizationID)
	return c
}

func (w *world) offered(c *connection.Connection) []ledger.Account {
	found, err := w.links.Diagnose(w.ctx, w.asker, string(c.ID))
	require.NoError(w.t, err)
	return found.Offered
}

func (w *world) choose(c *connection.Connection, bankIDs ...string) error {
	var chosen []ident.Account
	for _, account := range w.offered(c) {
		if slices.Contains(bankIDs, account.BankID) {
			chosen = append(chosen, account.ID)
		}
	}
	return w.keeper().Choose(w.ctx, w.asker, c.ID, chosen, func(store.Tx, *connection.Connection) error { return nil })
}

func TestAnOfferedAccount(t *testing.T) {
	t.Parallel()

	t.Run("Is_nothing_but_its_name_until_it_is_chosen", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.selective()
		require.Equal(t, synchronization.ListAccounts, w.bank.fetched[0].Mode, "nothing is read before")
		require.Empty(t, w.accounts())
		require.Empty(t, w.run(c.LastSynchronizationID).Accounts)
		require.Zero(t, w.count(event.AccountsAdded))
		found := w.offered(c)
		require.Len(t, found, 2)
		for _, account := range found {
			require.NotEmpty(t, account.Name)
			require.Empty(t, account.Holder)
			require.True(t, account.Balance.IsZero() && len(account.Balances) == 0)
		}
		w.again(c, synchronization.All)
		require.Empty(t, w.accounts(), "it is not read by itself")
		require.ElementsMatch(t, []string{"a", "b"}, w.bank.fetched[1].Skip)

		require.NoError(t, w.choose(c, "a"))
		require.Empty(t, w.offered(c))
		require.Equal(t, 1, w.count(event.AccountsAdded))
		w.again(c, synchronization.All)
		require.Len(t, w.accounts(), 1)
		require.Equal(t, "a", w.accounts()[0].BankID)
		require.True(t, slices.ContainsFunc(found, func(a ledger.Account) bool { return a.ID == w.accounts()[0].ID }))
		require.Equal(t, ledger.Active, w.accounts()[0].Status)
		require.Len(t, w.rows(), 1)
		require.Equal(t, []string{"b"}, w.bank.fetched[2].Skip)
	})

	t.Run("Is_forgotten_where_it_is_not_chosen", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.selective()
		require.NoError(t, w.choose(c, "b"))
		w.each(c, func(a ledger.Account) { require.True(t, a.BankID == "b" || a.Name == "", "its name is not kept") })
		w.again(c, synchronization.All)
		require.Len(t, w.accounts(), 1)
		require.Empty(t, w.offered(c), "nor offered again but by a list")
	})

	t.Run("Lies_under_its_old_id_where_it_was_shared_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.selective()
		require.NoError(t, w.choose(c, "a", "b"))
		w.again(c, synchronization.All)
		old := w.byBank("a")
		require.NoError(t, w.keeper().Delete(w.ctx, w.asker, string(old.ID)))
		for range 2 {
			w.again(c, synchronization.ListAccounts)
			require.Len(t, w.accounts(), 1)
			require.Len(t, w.offered(c), 1)
			require.Equal(t, old.ID, w.offered(c)[0].Supersedes)
			require.NoError(t, w.choose(c))
		}
		w.again(c, synchronization.ListAccounts)
		require.NoError(t, w.choose(c, "a"))
		back := w.byBank("a")
		require.NotEqual(t, old.ID, back.ID)
		require.Equal(t, old.ID, back.Supersedes)
	})

	t.Run("Takes_the_connection_with_it_where_none_is_chosen", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.selective()
		require.NoError(t, w.choose(c))
		_, err := w.links.Get(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrNotFound)
	})

	t.Run("Is_looked_for_where_all_are_shared_too", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.two()
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Len(t, w.accounts(), 2)
		old := w.byBank("a")
		require.NoError(t, w.keeper().Delete(w.ctx, w.asker, string(old.ID)))
		look := func() {
			require.NoError(t, w.runs.Find(w.ctx, w.asker, string(c.ID)))
			w.work(w.connection(c.ID).LastSynchronizationID)
		}
		look()
		require.Len(t, w.accounts(), 1, "what was removed does not come back by itself")
		require.Len(t, w.offered(c), 1)
		require.NoError(t, w.choose(c))
		require.Empty(t, w.offered(c))
		require.Len(t, w.accounts(), 1, "what is shared stays")
		look()
		w.again(c, synchronization.All)
		require.Len(t, w.accounts(), 1)
		require.NoError(t, w.choose(c, "a"))
		require.Len(t, w.accounts(), 2)
		require.Equal(t, old.ID, w.byBank("a").Supersedes)
		stranger := w.asker
		stranger.User = "usr_other"
		require.ErrorIs(t, w.runs.Find(w.ctx, stranger, string(c.ID)), connection.ErrNotFound)
	})

	t.Run("Is_chosen_among_those_that_are_offered", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.selective()
		nothing := func(store.Tx, *connection.Connection) error { return nil }
		require.ErrorIs(t, w.keeper().Choose(w.ctx, w.asker, c.ID, []ident.Account{"acc_other"}, nothing), ledger.ErrAccountNotFound)
		require.Len(t, w.offered(c), 2, "nothing was decided")
		stranger := w.asker
		stranger.User = "usr_other"
		require.ErrorIs(t, w.keeper().Choose(w.ctx, stranger, c.ID, nil, nothing), connection.ErrNotFound)
	})
}

// each looks at all accounts of a connection, deleted ones too.
func (w *world) each(c *connection.Connection, look func(ledger.Account)) {
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) error {
		all, err := tx.Accounts().OfConnection(w.ctx, c.ID)
		for _, account := range all {
			look(account)
		}
		return err
	}))
}
