package visiting_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// called writes calls of the bank down, as a worker does.
func called(w *usecasetest.World, c *connection.Connection, run *synchronization.Synchronization, outcome string, operations ...consent.Operation) {
	w.Update(func(ctx context.Context, tx store.Tx) error {
		for _, operation := range operations {
			w.Pass(time.Second)
			access := consent.Access{
				ID: ident.New[ident.Access](w.IDs), ConsentID: c.Channels[0].ConsentID, ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID,
				ChannelDefinition: usecasetest.Embedded, Operation: operation, At: w.Now(),
			}
			if run != nil {
				access.SynchronizationID, access.Trigger, access.Attended = run.ID, string(run.Trigger), run.PSU != nil
			}
			if err := tx.Accesses().Put(ctx, access.Ended(outcome, w.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestReview_tells_of_each_run_under_a_consent(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g, c := sharing(t, w, "Current", "Savings")
	_, err := g.Accesses(t.Context(), g.Visitor, nil)
	require.ErrorIs(t, err, widget.ErrMoved, "nothing is looked at")
	accounts := g.accounts()
	runs := map[synchronization.Trigger]*synchronization.Synchronization{}
	for _, trigger := range []synchronization.Trigger{synchronization.Connect, synchronization.Scheduled} {
		run := synchronization.New(synchronization.Order{
			ID: ident.New[ident.Synchronization](w.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, Type: synchronization.All, Trigger: trigger,
		}, w.Now())
		if trigger == synchronization.Connect {
			run.PSU = synchronization.Present("192.0.2.1", "browser")
		}
		run.Accounts = []synchronization.AccountOutcome{
			{AccountID: ident.Account(accounts["Current"]), Outcome: synchronization.OutcomeSuccess},
			{AccountID: ident.Account(accounts["Savings"]), Outcome: synchronization.OutcomeFailed},
			{AccountID: ident.New[ident.Account](w.IDs), Outcome: synchronization.OutcomeSuccess}, // gone by now
		}
		require.NoError(t, run.Cancel(w.Now()))
		w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Runs().Put(ctx, run) })
		runs[trigger] = run
	}
	called(w, c, runs[synchronization.Connect], consent.Succeeded, consent.Begin, consent.Continue, consent.Fetch, consent.End)
	called(w, c, runs[synchronization.Scheduled], "PROVIDER_UNAVAILABLE", consent.Begin)
	called(w, c, nil, consent.Succeeded, consent.Revoke)

	require.NoError(t, g.take(widget.Manage, widget.Review, about(c)))
	require.Equal(t, widget.Accesses, g.look().Page)
	found, err := g.Accesses(t.Context(), g.Visitor, nil)
	require.NoError(t, err)
	require.Nil(t, found.Next)
	for i := range found.Lines {
		require.False(t, found.Lines[i].At.IsZero())
		found.Lines[i].At = time.Time{}
	}
	require.Equal(t, []usecase.Reading{
		{Calls: 1, Told: true},
		{Trigger: synchronization.Scheduled, Calls: 1, Failed: true, Accounts: []string{"Current"}},
		{Trigger: synchronization.Connect, Attended: true, Calls: 4, Read: true, Accounts: []string{"Current"}},
	}, found.Lines)
	_, err = g.Accesses(t.Context(), g.Visitor, store.Key{"no place"})
	require.ErrorIs(t, err, store.ErrCursor)
	g.does(widget.Accesses, widget.Back, widget.Manage)
}

func TestReview_in_parts(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g, c := sharing(t, w, "Current")
	for range 250 {
		called(w, c, nil, consent.Succeeded, consent.Fetch)
	}
	require.NoError(t, g.take(widget.Manage, widget.Review, about(c)))
	var all []usecase.Reading
	var next store.Key
	for range 3 {
		found, err := g.Accesses(t.Context(), g.Visitor, next)
		require.NoError(t, err)
		all, next = append(all, found.Lines...), found.Next
	}
	require.Nil(t, next)
	require.Len(t, all, 250)
	for i := range all[1:] {
		require.True(t, all[i].At.After(all[i+1].At), "the newest first, each once")
	}
}

// TestReview_keeps_runs_whole: no part ends within a run.
func TestReview_keeps_runs_whole(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g, c := sharing(t, w, "Current")
	const runs = 46
	for range runs {
		run := synchronization.New(synchronization.Order{
			ID: ident.New[ident.Synchronization](w.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, Type: synchronization.All, Trigger: synchronization.Scheduled,
		}, w.Now())
		require.NoError(t, run.Cancel(w.Now()))
		w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Runs().Put(ctx, run) })
		called(w, c, run, consent.Succeeded, consent.Begin, consent.Continue, consent.Poll, consent.Poll, consent.Fetch, consent.Fetch, consent.End) // of which a hundred are no multiple
	}
	require.NoError(t, g.take(widget.Manage, widget.Review, about(c)))
	var next store.Key
	var told []int
	for range 4 {
		found, err := g.Accesses(t.Context(), g.Visitor, next)
		require.NoError(t, err)
		for _, line := range found.Lines {
			require.Equal(t, 7, line.Calls)
			require.True(t, line.Read)
		}
		told, next = append(told, len(found.Lines)), found.Next
	}
	require.Nil(t, next)
	require.Equal(t, []int{15, 15, 15, 1}, told)
}

func TestReview_is_of_ones_own(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	_, c := sharing(t, w, "Current")
	made, err := service(w).Create(t.Context(), w.For(w.Ben), usecase.NewWidgetSession{Order: widget.Order{Accounts: widget.AllAccounts}})
	require.NoError(t, err)
	ben := guest{t, w, service(w), usecase.Visitor{Session: string(made.Session.ID)}, made.Link}
	ben.Browser, err = ben.Open(t.Context(), ben.Session, widget.ManageAccounts, ben.link)
	require.NoError(t, err)
	w.Unchanged(func() { require.ErrorIs(t, ben.take(widget.Manage, widget.Review, about(c)), widget.ErrMoved) })
}
