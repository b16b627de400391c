package visiting_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// everythingOf is an order of all accounts, by all ways.
func everythingOf() widget.Order { return widget.Order{Accounts: widget.AllAccounts, AutoSync: true} }

// goes from the first page to the run of the first channel.
func (g guest) goes() {
	g.t.Helper()
	g.does(widget.ChooseBank, widget.Choose, widget.Agree)
	g.does(widget.Agree, widget.Accept, widget.Reading) // nothing is asked before the bank is
}

// run changes the newest run of the visit's connection, as its worker does.
func (g guest) run(change func(*synchronization.Synchronization) error) {
	g.t.Helper()
	id := g.look().Diagnosis.Run.ID
	g.w.Update(func(ctx context.Context, tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, id)
		if err != nil {
			return err
		}
		if err := change(run); err != nil {
			return err
		}
		return tx.Runs().Put(ctx, run)
	})
}

// isLetIn: the bank lets the run in, on the channels that it reads.
func (g guest) isLetIn() {
	g.t.Helper()
	g.run(func(run *synchronization.Synchronization) error {
		for i := range run.Legs {
			run.Legs[i].Phase = synchronization.Ready
		}
		return run.Claim("here", g.w.Now(), g.w.Now().Add(time.Minute))
	})
}

// outcome of one channel, with the end of the run.
func (g guest) outcome(channel string, status connection.ChannelStatus) {
	g.t.Helper()
	visit := g.look()
	g.w.Update(func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Connections().Get(ctx, store.Owner{Client: g.w.Acme.ID}, visit.Session.Progress.ConnectionID)
		if err != nil {
			return err
		}
		if err := c.Finish(channel, connection.Outcome{Status: status}, g.w.Now()); err != nil {
			return err
		}
		if run, err := tx.Runs().Active(ctx, c.ID); err == nil && c.Status != connection.Running {
			if err := run.Cancel(g.w.Now()); err != nil {
				return err
			}
			if err := tx.Runs().Put(ctx, run); err != nil {
				return err
			}
		}
		return tx.Connections().Put(ctx, c)
	})
}

func channelsOf(c *connection.Connection) (ids []string) {
	for _, channel := range c.Channels {
		ids = append(ids, channel.DefinitionID)
	}
	return ids
}

func TestBothChannels_one_after_the_other(t *testing.T) {
	t.Parallel()

	t.Run("The_form_comes_while_the_first_is_read", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		g := enter(t, w, everythingOf())
		g.goes()
		require.Equal(t, []string{usecasetest.Redirect}, channelsOf(g.look().Diagnosis.Connection))
		run := g.look().Diagnosis.Run.ID
		g.isLetIn()
		require.Equal(t, widget.AddChannel, g.look().Page)
		require.Equal(t, usecasetest.Embedded, g.look().Ways[0].ID)
		w.Unchanged(func() {
			require.Error(t, g.take(widget.AddChannel, widget.Connect, func(m *usecase.Move) { m.Credentials = nil }))
			require.ErrorIs(t, g.take(widget.Identify, widget.Connect), widget.ErrMoved)
		})
		g.does(widget.AddChannel, widget.Connect, widget.Reading)
		require.ErrorIs(t, g.take(widget.AddChannel, widget.Connect), widget.ErrMoved, "a second time")
		c := g.look().Diagnosis.Connection
		require.Equal(t, []string{usecasetest.Redirect, usecasetest.Embedded}, channelsOf(c))
		require.Equal(t, run, c.LastSynchronizationID, "one run reads both")
		require.Equal(t, []ident.Connection{c.ID}, g.look().Session.Progress.Made)
		w.View(func(ctx context.Context, tx store.Tx) error {
			for _, channel := range c.Channels {
				given, err := tx.Consents().Load(ctx, channel.ConsentID)
				require.NoError(t, err)
				require.Equal(t, widget.OwnTerms, given.Terms.Version)
			}
			return nil
		})
		g.becomes(connection.ChannelSuccess)
		g.does(widget.Done, widget.Finish, widget.Over)
		require.NotContains(t, usecasetest.Everything(w.Store), canary)
	})

	t.Run("The_form_comes_when_the_first_was_read", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		g := enter(t, w, everythingOf())
		g.goes()
		run := g.look().Diagnosis.Run.ID
		g.becomes(connection.ChannelSuccess)
		g.does(widget.AddChannel, widget.Connect, widget.Reading)
		now := g.look().Diagnosis.Run
		require.NotEqual(t, run, now.ID)
		require.Len(t, now.Legs, 1, "what was read is not read again")
	})

	t.Run("Not_now_and_later_after_all", func(t *testing.T) {
		t.Parallel()
		g := enter(t, usecasetest.New(t), everythingOf())
		g.goes()
		g.isLetIn()
		g.does(widget.AddChannel, widget.Skip, widget.Reading)
		g.becomes(connection.ChannelSuccess)
		require.Len(t, g.look().Diagnosis.Connection.Channels, 1)
		g.does(widget.Done, widget.Widen, widget.AddChannel)
		g.does(widget.AddChannel, widget.Skip, widget.Done)
		g.does(widget.Done, widget.Widen, widget.AddChannel)
		g.does(widget.AddChannel, widget.Connect, widget.Reading)
	})

	t.Run("Trouble_of_the_first_comes_first", func(t *testing.T) {
		t.Parallel()
		g := enter(t, usecasetest.New(t), everythingOf())
		g.goes()
		g.becomes(connection.ChallengeRequired)
		g.does(widget.Trouble, widget.Again, widget.Reading)
		g.isLetIn()
		require.Equal(t, widget.AddChannel, g.look().Page)
	})

	t.Run("Trouble_of_the_second_is_mended_or_done_without", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		g := enter(t, w, everythingOf())
		g.goes()
		g.isLetIn()
		g.does(widget.AddChannel, widget.Connect, widget.Reading)
		g.outcome(usecasetest.Redirect, connection.ChannelSuccess)
		g.outcome(usecasetest.Embedded, connection.AuthFailed)
		g.does(widget.Trouble, widget.Mend, widget.Identify)
		g.does(widget.Identify, widget.Back, widget.Trouble)
		given := g.look().Diagnosis.Connection.Channels[1].ConsentID
		g.does(widget.Trouble, widget.Skip, widget.Done)
		c := g.look().Diagnosis.Connection
		require.Equal(t, connection.Success, c.Status)
		require.True(t, c.Channels[1].Dropped(), "what was typed is forgotten")
		w.View(func(ctx context.Context, tx store.Tx) error {
			agreed, err := tx.Consents().Load(ctx, given)
			require.Equal(t, consent.Revoked, agreed.Status)
			return err
		})
		require.NotContains(t, usecasetest.Everything(w.Store), canary)
		g.does(widget.Done, widget.Widen, widget.AddChannel)
		g.does(widget.AddChannel, widget.Connect, widget.Reading)
		c = g.look().Diagnosis.Connection
		require.Len(t, c.Channels, 2)
		require.NotEmpty(t, c.Channels[1].ConsentID)
	})

	t.Run("Payment_accounts_need_no_form", func(t *testing.T) {
		t.Parallel()
		g := enter(t, usecasetest.New(t), widget.Order{Accounts: widget.PaymentAccounts, Channels: nil})
		g.w.Banks.Set(paying())
		g.goes()
		g.isLetIn()
		require.Equal(t, widget.Reading, g.look().Page)
		g.becomes(connection.ChannelSuccess)
		require.False(t, g.look().Session.Takes(widget.Widen, g.look().Seen))
		require.Equal(t, widget.Done, g.look().Page)
	})

	t.Run("Other_accounts_need_no_bank", func(t *testing.T) {
		t.Parallel()
		g := enter(t, usecasetest.New(t), widget.Order{Accounts: widget.OtherAccounts})
		g.does(widget.ChooseBank, widget.Choose, widget.Agree)
		g.does(widget.Agree, widget.Accept, widget.Identify)
		g.does(widget.Identify, widget.Connect, widget.Reading)
		require.Equal(t, []string{usecasetest.Embedded}, channelsOf(g.look().Diagnosis.Connection))
	})

	t.Run("Accounts_are_chosen_once_both_are_known", func(t *testing.T) {
		t.Parallel()
		order := everythingOf()
		order.SelectAccounts = true
		w := usecasetest.New(t)
		g := enter(t, w, order)
		g.goes()
		g.offers("Current", usecasetest.Redirect)
		g.becomes(connection.ChannelSuccess)
		g.does(widget.AddChannel, widget.Connect, widget.Reading)
		require.Equal(t, synchronization.ListAccounts, g.look().Diagnosis.Run.Type)
		g.offers("Savings", usecasetest.Embedded)
		g.becomes(connection.ChannelSuccess)
		require.Equal(t, widget.ChooseAccounts, g.look().Page)
		require.Len(t, g.look().Diagnosis.Offered, 2)
	})
}

// paying gives all payment accounts by its interface.
func paying() provider.Provider {
	banks := usecasetest.NewCatalogue()
	found, _ := banks.Provider(context.Background(), usecasetest.Bank)
	found.Channels[1].AccountTypes = []bank.AccountType{bank.Checkings, bank.CreditCard}
	return found
}

// offers an account to the choice of the visitor.
func (g guest) offers(name, channel string) {
	g.t.Helper()
	c := g.look().Diagnosis.Connection
	g.w.Update(func(ctx context.Context, tx store.Tx) error {
		account := ledger.Account{
			ID: ident.New[ident.Account](g.w.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, Type: bank.Checkings,
			Name: name, Currency: "EUR", SharedBy: []string{channel}, FedBy: channel, FirstSeenAt: g.w.Now(),
		}
		return tx.Accounts().Put(ctx, account.Offer())
	})
}

func TestManage_adds_a_channel(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	first := enter(t, w, everythingOf())
	first.goes()
	first.becomes(connection.ChannelSuccess)
	c := first.look().Diagnosis.Connection
	g := manages(t, w, widget.Order{Accounts: widget.AllAccounts})
	require.NoError(t, g.take(widget.Manage, widget.Widen, about(c)))
	require.Equal(t, widget.Agree, g.look().Page, "the words come first")
	require.Equal(t, usecasetest.Embedded, g.look().Ways[0].ID)
	g.does(widget.Agree, widget.Back, widget.Manage)
	require.NoError(t, g.take(widget.Manage, widget.Widen, about(c)))
	g.does(widget.Agree, widget.Accept, widget.AddChannel)
	g.does(widget.AddChannel, widget.Skip, widget.Manage)
	require.NoError(t, g.take(widget.Manage, widget.Widen, about(c)))
	g.does(widget.Agree, widget.Accept, widget.AddChannel)
	g.does(widget.AddChannel, widget.Connect, widget.Reading)
	g.becomes(connection.ChannelSuccess)
	g.does(widget.Done, widget.Overview, widget.Manage)
	require.Len(t, g.look().Holdings[0].Consents, 2)
	w.Unchanged(func() {
		require.ErrorIs(t, g.take(widget.Manage, widget.Widen, about(c)), widget.ErrMoved, "nothing is left")
	})
}

func TestEditCredentials_adds_a_channel(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	first := enter(t, w, everythingOf())
	first.goes()
	first.becomes(connection.ChannelSuccess)
	g := edits(t, w, first.look().Diagnosis.Connection.ID)
	g.does(widget.Identify, widget.Widen, widget.Agree)
	g.does(widget.Agree, widget.Back, widget.Identify)
	g.does(widget.Identify, widget.Widen, widget.Agree)
	g.does(widget.Agree, widget.Accept, widget.AddChannel)
	g.does(widget.AddChannel, widget.Skip, widget.Identify)
	g.does(widget.Identify, widget.Widen, widget.AddChannel)
	g.does(widget.AddChannel, widget.Connect, widget.Reading)
	g.becomes(connection.ChannelSuccess)
	require.Equal(t, widget.Done, g.look().Page)
}

// edits is Ana in a visit about the credentials of a connection.
func edits(t *testing.T, w *usecasetest.World, id ident.Connection) guest {
	t.Helper()
	order := everythingOf()
	order.ConnectionID = id
	g := invite(t, w, order)
	browser, err := g.Open(t.Context(), g.Session, widget.EditCredentials, g.link)
	require.NoError(t, err)
	g.Browser, g.PSU = browser, synchronization.Present("192.0.2.1", "browser")
	return g
}

// TestWords_that_changed are shown before a consent that has ended is given anew,
// whichever way leads there.
func TestWords_that_changed_are_shown_again(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before  string
		channel string
		revoke  bool
		asks    bool
	}{
		"the_same_words":              {widget.OwnTerms, usecasetest.Embedded, false, false},
		"other_words":                 {"2019", usecasetest.Embedded, false, true},
		"other_words_of_an_interface": {"2019", usecasetest.Redirect, false, true},
		"taken_back":                  {widget.OwnTerms, usecasetest.Embedded, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := usecasetest.New(t)
			order := usecase.NewConnection{ProviderID: usecasetest.Bank, TermsVersion: c.before, Channels: []usecase.NewChannel{{DefinitionID: c.channel}}}
			if c.channel == usecasetest.Embedded {
				order.Channels[0].Credentials = credentials()
			}
			made, err := service(w).Links.Create(t.Context(), w.For(w.Ana), order)
			require.NoError(t, err)
			own := made.Channels[0].ConsentID
			g := edits(t, w, made.ID)
			g.becomes(connection.TokenExpired)
			if c.revoke {
				_, err := g.Consents.Revoke(t.Context(), w.For(w.Ana), string(own))
				require.NoError(t, err)
			} else {
				w.Update(func(ctx context.Context, tx store.Tx) error {
					agreed, err := tx.Consents().Load(ctx, own)
					agreed.Confirm(consent.Record{}, 90, w.Now())
					agreed.End(w.Now())
					return errors.Join(err, tx.Consents().Put(ctx, agreed))
				})
			}
			if c.asks {
				g.does(widget.Agree, widget.Back, widget.Trouble)
				if c.channel == usecasetest.Redirect {
					g.does(widget.Trouble, widget.Again, widget.Agree)
					g.does(widget.Agree, widget.Accept, widget.Reading)
				} else {
					g = edits(t, w, made.ID)
					g.does(widget.Agree, widget.Accept, widget.Identify)
				}
			}
			if c.channel == usecasetest.Embedded {
				g.does(widget.Identify, widget.Connect, widget.Reading)
			}
			run := g.look().Diagnosis.Run
			require.NotEmpty(t, run.Legs[0].ConsentID)
			w.View(func(ctx context.Context, tx store.Tx) error {
				given, err := tx.Consents().Load(ctx, run.Legs[0].ConsentID)
				require.Equal(t, widget.OwnTerms, given.Terms.Version)
				require.NotEqual(t, own, given.ID)
				return err
			})
		})
	}
}
