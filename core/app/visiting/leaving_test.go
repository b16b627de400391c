package visiting_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// isAsked: the bank wants a code for the run of the visit's connection.
func (g guest) isAsked() {
	g.t.Helper()
	visit := g.look()
	c, run := visit.Diagnosis.Connection, visit.Diagnosis.Run
	asked := &connection.Challenge{
		ID: ident.New[ident.Challenge](g.w.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, SynchronizationID: run.ID,
		ChannelDefinition: c.Channels[0].DefinitionID, Ref: "1", Type: connection.Form, State: connection.Open, CreatedAt: g.w.Now(), ExpiresAt: g.w.Now().Add(time.Hour),
	}
	g.run(func(run *synchronization.Synchronization) error {
		if err := run.Claim("here", g.w.Now(), g.w.Now().Add(time.Minute)); err != nil {
			return err
		}
		return run.Pause(asked.ChannelDefinition, nil, asked.ExpiresAt)
	})
	g.w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Challenges().Put(ctx, asked) })
	require.Equal(g.t, widget.Answer, g.look().Page)
}

func (g guest) statusOf(run ident.Synchronization) synchronization.Status {
	g.t.Helper()
	found, err := g.Runs.Get(g.t.Context(), g.w.For(g.w.Ana), string(run))
	require.NoError(g.t, err)
	return found.Status
}

// TestLeaving ends what was begun in the visit for the visit alone, and nothing
// that somebody can still answer.
func TestLeaving(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		begin func(t *testing.T, w *usecasetest.World) guest
		ends  bool
	}{
		"a_bank_that_is_connected": {func(t *testing.T, w *usecasetest.World) guest {
			g := enter(t, w, site())
			g.connects()
			return g
		}, true},
		"credentials_that_were_mended_in_the_same_visit": {func(t *testing.T, w *usecasetest.World) guest {
			g := enter(t, w, site())
			g.connects()
			g.becomes(connection.AuthFailed)
			g.does(widget.Trouble, widget.Mend, widget.Identify)
			g.does(widget.Identify, widget.Connect, widget.Reading)
			return g
		}, true},
		"accounts_that_are_looked_for": {func(t *testing.T, w *usecasetest.World) guest {
			g, c := sharing(t, w, "Current")
			require.NoError(t, g.take(widget.Manage, widget.Find, about(c)))
			return g
		}, true},
		"a_consent_that_is_extended": {func(t *testing.T, w *usecasetest.World) guest {
			g, c := sharing(t, w, "Current")
			g.PSU = synchronization.Present("192.0.2.1", "browser")
			require.NoError(t, g.take(widget.Manage, widget.Extend, about(c)))
			g.does(widget.Agree, widget.Accept, widget.Reading)
			return g
		}, true},
		"new_credentials": {func(t *testing.T, w *usecasetest.World) guest {
			_, c := sharing(t, w, "Current")
			g := edits(t, w, c.ID)
			g.does(widget.Identify, widget.Connect, widget.Reading)
			return g
		}, false},
		"what_the_client_began": {func(t *testing.T, w *usecasetest.World) guest {
			_, c := sharing(t, w, "Current")
			g := edits(t, w, c.ID)
			_, err := g.Runs.Start(t.Context(), w.As(w.Acme), string(c.ID), synchronization.All)
			require.NoError(t, err)
			g.does(widget.Identify, widget.Back, widget.Reading)
			return g
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := usecasetest.New(t)
			g := x.begin(t, w)
			g.isAsked()
			run, at := g.look().Diagnosis.Run, g.look().Session.Progress.ConnectionID
			g.does(widget.Answer, widget.Leave, widget.Over)
			told, err := g.Get(t.Context(), w.As(w.Acme), g.Session)
			require.NoError(t, err)
			require.Equal(t, widget.Cancelled, told.Outcome.Result)
			require.Equal(t, at, told.Outcome.ConnectionID, "the client can have it mended")
			_, asked := g.Links.Current(t.Context(), w.For(w.Ana), string(at))
			if !x.ends {
				require.Equal(t, synchronization.Paused, g.statusOf(run.ID))
				require.NoError(t, asked, "it can still be answered")
				return
			}
			require.Equal(t, synchronization.Cancelled, g.statusOf(run.ID))
			require.True(t, fault.IsNotFound(asked))
			again := edits(t, w, at)
			require.NoError(t, again.take(widget.Identify, widget.Connect), "nothing stands in the way of another try")
		})
	}
}

// closes: the browser is closed at the choice of accounts, and nobody comes back.
func TestNames_that_were_offered_go_with_the_visit(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T, shared ...string) (*usecasetest.World, guest) {
		w := usecasetest.New(t)
		order := site()
		order.SelectAccounts = true
		g := enter(t, w, order)
		g.connects()
		g.offers("Hidden savings", usecasetest.Embedded)
		g.becomes(connection.ChannelSuccess)
		for _, name := range shared {
			g.shares(name)
		}
		require.Equal(t, widget.ChooseAccounts, g.look().Page)
		return w, g
	}
	hidden := func(t *testing.T, w *usecasetest.World) bool {
		t.Helper()
		found := false
		w.View(func(ctx context.Context, tx store.Tx) error {
			page, err := tx.Connections().List(ctx, w.For(w.Ana).Owner(), store.ConnectionFilter{}, store.Page{Limit: 10})
			for _, c := range page.Items {
				all, err := tx.Accounts().OfConnection(ctx, c.ID)
				for _, a := range all {
					found = found || a.Name == "Hidden savings"
				}
				require.NoError(t, err)
			}
			return err
		})
		return found
	}
	t.Run("with_the_connection_of_which_nothing_is_shared", func(t *testing.T) {
		t.Parallel()
		w, g := begin(t)
		given := g.look().Diagnosis.Connection.Channels[0].ConsentID
		w.Unchanged(func() { require.NoError(t, g.Sweep(t.Context())) }) // somebody is still there
		w.Pass(widget.Idle + time.Second)
		require.NoError(t, g.Sweep(t.Context()))
		all, err := g.Links.List(t.Context(), w.For(w.Ana), store.ConnectionFilter{}, store.Page{Limit: 10})
		require.NoError(t, err)
		require.Empty(t, all.Items)
		w.View(func(ctx context.Context, tx store.Tx) error {
			agreed, err := tx.Consents().Load(ctx, given)
			require.Equal(t, consent.Revoked, agreed.Status)
			history, failed := tx.Consents().History(ctx, w.For(w.Ana).Owner(), given)
			require.Equal(t, consent.ByTime, history[len(history)-1].By)
			require.NoError(t, failed)
			return err
		})
		w.Unchanged(func() { require.NoError(t, g.Sweep(t.Context())) })
		told, err := g.Get(t.Context(), w.As(w.Acme), g.Session)
		require.NoError(t, err)
		require.Nil(t, told.Outcome, "it expired, as before")
	})
	t.Run("alone_where_something_is_shared", func(t *testing.T) {
		t.Parallel()
		w, g := begin(t, "Current")
		require.True(t, hidden(t, w))
		w.Pass(widget.Idle + time.Second)
		require.NoError(t, g.Sweep(t.Context()))
		require.False(t, hidden(t, w))
		held := manages(t, w, widget.Order{Accounts: widget.AllAccounts}).look().Holdings
		require.Len(t, held, 1)
		require.Len(t, held[0].Diagnosis.Accounts, 1)
		require.False(t, held[0].Seen.Offered)
	})
	t.Run("not_while_somebody_else_is_at_the_choice", func(t *testing.T) {
		t.Parallel()
		w, g := begin(t, "Current")
		c := g.look().Diagnosis.Connection
		w.Pass(widget.Idle - time.Minute)
		other := manages(t, w, widget.Order{Accounts: widget.AllAccounts})
		require.NoError(t, other.take(widget.Manage, widget.Resume, about(c)))
		w.Pass(2 * time.Minute)
		require.NoError(t, g.Sweep(t.Context()))
		require.True(t, hidden(t, w))
		require.Equal(t, widget.ChooseAccounts, other.look().Page)
		w.Pass(widget.Idle + time.Second)
		require.NoError(t, g.Sweep(t.Context()))
		require.False(t, hidden(t, w))
	})
	t.Run("not_under_a_run_at_work", func(t *testing.T) {
		t.Parallel()
		w, g := begin(t, "Current")
		c := g.look().Diagnosis.Connection
		run, err := g.Runs.Start(t.Context(), w.As(w.Acme), string(c.ID), synchronization.All)
		require.NoError(t, err)
		w.Pass(widget.Idle + time.Second)
		require.NoError(t, g.Sweep(t.Context()))
		require.True(t, hidden(t, w))
		_, err = g.Runs.Cancel(t.Context(), w.As(w.Acme), string(run.ID))
		require.NoError(t, err)
		require.NoError(t, g.Sweep(t.Context()))
		require.False(t, hidden(t, w))
	})
	t.Run("nor_of_a_visit_that_was_anywhere_else", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		g := enter(t, w, site())
		w.Pass(widget.Idle + time.Second)
		require.NoError(t, g.Sweep(t.Context()))
		w.Unchanged(func() { require.NoError(t, g.Sweep(t.Context())) })
	})
}

// shares is an account of the visit's connection that is shared already.
func (g guest) shares(name string) {
	g.t.Helper()
	g.offers(name, usecasetest.Embedded)
	c := g.look().Diagnosis.Connection
	g.w.Update(func(ctx context.Context, tx store.Tx) error {
		all, err := tx.Accounts().OfConnection(ctx, c.ID)
		for _, account := range all {
			if account.Name == name {
				return tx.Accounts().Put(ctx, account.Shared())
			}
		}
		return err
	})
}
