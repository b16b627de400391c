package visiting_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// sharing is Ana with a connection and accounts of it, in a visit that manages.
func sharing(t *testing.T, w *usecasetest.World, names ...string) (guest, *connection.Connection) {
	t.Helper()
	first := enter(t, w, site())
	first.connects()
	first.becomes(connection.ChannelSuccess)
	c := first.look().Diagnosis.Connection
	w.Update(func(ctx context.Context, tx store.Tx) error {
		agreed, err := tx.Consents().Load(ctx, c.Channels[0].ConsentID)
		if err != nil {
			return err
		}
		agreed.Confirm(consent.Record{}, 90, w.Now())
		if err := tx.Consents().Put(ctx, agreed); err != nil {
			return err
		}
		for _, name := range names {
			account := ledger.Account{
				ID: ident.New[ident.Account](w.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, Type: bank.Checkings, Status: ledger.Active,
				Name: name, Currency: "EUR", SharedBy: []string{usecasetest.Embedded}, FedBy: usecasetest.Embedded, FirstSeenAt: w.Now(),
			}
			if err := tx.Accounts().Put(ctx, account); err != nil {
				return err
			}
		}
		return nil
	})
	return manages(t, w, widget.Order{Accounts: widget.AllAccounts}), c
}

func manages(t *testing.T, w *usecasetest.World, order widget.Order) guest {
	t.Helper()
	g := invite(t, w, order)
	browser, err := g.Open(t.Context(), g.Session, widget.ManageAccounts, g.link)
	require.NoError(t, err)
	g.Browser = browser
	return g
}

func (g guest) accounts() (names map[string]string) {
	g.t.Helper()
	names = map[string]string{}
	for _, held := range g.look().Holdings {
		for _, account := range held.Diagnosis.Accounts {
			names[account.ShownName()] = string(account.ID)
		}
	}
	return names
}

func about(c *connection.Connection) func(*usecase.Move) {
	return func(m *usecase.Move) {
		m.Connection, m.Consent = string(c.ID), string(c.Channels[0].ConsentID)
	}
}

func TestManage_names_and_removes_accounts(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g, c := sharing(t, w, "Current", "Savings")
	inspect := func(name string) func(*usecase.Move) {
		return func(m *usecase.Move) { m.Account = g.accounts()[name] }
	}
	require.NoError(t, g.take(widget.Manage, widget.Inspect, inspect("Savings")))
	require.Equal(t, "Savings", g.look().Account.Name)
	w.Unchanged(func() {
		require.ErrorIs(t, g.take(widget.Account, widget.Rename, func(m *usecase.Move) { m.Name = "\x00" }), ledger.ErrAccountName)
	})
	require.NoError(t, g.take(widget.Account, widget.Rename, func(m *usecase.Move) { m.Name = "House" }))
	require.NoError(t, g.take(widget.Manage, widget.Inspect, inspect("House")))
	g.does(widget.Account, widget.Remove, widget.Manage)
	require.Len(t, g.accounts(), 1)
	require.NoError(t, g.take(widget.Manage, widget.Inspect, inspect("Current")))
	g.does(widget.Account, widget.Remove, widget.Manage)
	require.Empty(t, g.look().Holdings, "with its last account the connection goes")
	_, err := g.Links.Get(t.Context(), w.For(w.Ana), string(c.ID))
	require.ErrorIs(t, err, connection.ErrNotFound)
	g.does(widget.Manage, widget.Finish, widget.Over)
}

func TestManage_ends_access(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g, c := sharing(t, w, "Current")
	require.NoError(t, g.take(widget.Manage, widget.End, about(c)))
	g.does(widget.Withdraw, widget.Back, widget.Manage)
	require.NoError(t, g.take(widget.Manage, widget.End, about(c)))
	g.does(widget.Withdraw, widget.Revoke, widget.Manage)
	held := g.look().Holdings
	require.Len(t, held, 1)
	require.Equal(t, consent.Revoked, held[0].Consents[0].Status)
	require.Len(t, held[0].Diagnosis.Accounts, 1, "what was read stays")
	require.NoError(t, g.take(widget.Manage, widget.Extend, about(c)))
	require.Equal(t, widget.Agree, g.look().Page, "the terms come first")
	g.does(widget.Agree, widget.Accept, widget.Identify) // the credentials were forgotten
	g.does(widget.Identify, widget.Connect, widget.Reading)
	g.becomes(connection.ChannelSuccess)
	g.does(widget.Done, widget.Overview, widget.Manage)
	require.NoError(t, g.take(widget.Manage, widget.End, about(c)))
	g.does(widget.Withdraw, widget.Erase, widget.Manage)
	require.Empty(t, g.look().Holdings)
}

func TestManage_extends_and_looks_for_accounts(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g, c := sharing(t, w, "Current")
	g.PSU = synchronization.Present("192.0.2.1", "browser")
	require.NoError(t, g.take(widget.Manage, widget.Extend, about(c)))
	g.does(widget.Agree, widget.Accept, widget.Reading)
	run := g.look().Diagnosis.Run
	require.NotEmpty(t, run.Legs[0].ConsentID)
	require.NotEqual(t, c.Channels[0].ConsentID, run.Legs[0].ConsentID, "the old one stands until the bank has confirmed")
	g.does(widget.Reading, widget.Overview, widget.Manage)
	require.ErrorIs(t, g.take(widget.Manage, widget.Find, about(c)), synchronization.ErrRunning)
	require.NoError(t, g.take(widget.Manage, widget.Resume, about(c)))
	require.Equal(t, widget.Reading, g.look().Page)
	g.becomes(connection.ChannelSuccess)
	g.does(widget.Done, widget.Overview, widget.Manage)
	require.NoError(t, g.take(widget.Manage, widget.Find, about(c)))
	require.Equal(t, synchronization.ListAccounts, g.look().Diagnosis.Run.Type)
}

// TestManage_is_about_ones_own: what a form names is looked for among what the
// page shows.
func TestManage_is_about_ones_own(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g, c := sharing(t, w, "Current")
	other, err := g.Links.Create(t.Context(), w.For(w.Ana), usecase.NewConnection{
		ProviderID: usecasetest.Bank, Channels: []usecase.NewChannel{{DefinitionID: usecasetest.Embedded, Credentials: credentials()}},
	})
	require.NoError(t, err)
	require.Len(t, g.look().Holdings, 2)
	order := widget.Order{Accounts: widget.AllAccounts, ConnectionID: other.ID}
	one := manages(t, w, order)
	require.Len(t, one.look().Holdings, 1, "the client's order is about one")
	made, err := service(w).Create(t.Context(), w.For(w.Ben), usecase.NewWidgetSession{Order: widget.Order{Accounts: widget.AllAccounts}})
	require.NoError(t, err)
	ben := guest{t, w, service(w), usecase.Visitor{Session: string(made.Session.ID)}, made.Link}
	ben.Browser, err = ben.Open(t.Context(), ben.Session, widget.ManageAccounts, ben.link)
	require.NoError(t, err)
	require.Empty(t, ben.look().Holdings)
	account := g.accounts()["Current"]
	for name, stranger := range map[string]guest{"another_user": ben, "another_connection": one} {
		for _, input := range []widget.Input{widget.Inspect, widget.Resume, widget.Find, widget.Extend, widget.End} {
			w.Unchanged(func() {
				err := stranger.take(widget.Manage, input, about(c), func(m *usecase.Move) { m.Account = account })
				require.ErrorIs(t, err, widget.ErrMoved, "%s: %s", name, input)
			})
		}
	}
	w.Unchanged(func() {
		mixed := func(m *usecase.Move) { m.Connection, m.Consent = string(other.ID), string(c.Channels[0].ConsentID) }
		require.ErrorIs(t, g.take(widget.Manage, widget.Extend, mixed), widget.ErrMoved, "a consent of another connection")
	})
}

func credentials() secret.Values {
	return secret.Values{"login": secret.New("1234"), "password": secret.New(canary)}
}
