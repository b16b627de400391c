package synchronizing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func linked(t *testing.T, w *usecasetest.World, u *user.User) (*connection.Connection, synchronizing.Service) {
	t.Helper()
	runs := synchronizing.Service{Store: w.Store, Now: w.Now, IDs: w.IDs}
	links := connecting.Service{Store: w.Store, Catalogue: w.Banks, Box: w.Box, Now: w.Now, IDs: w.IDs, Runs: runs}
	made, err := links.Create(t.Context(), w.For(u), usecase.NewConnection{ProviderID: usecasetest.Bank, Channels: []usecase.NewChannel{{
		DefinitionID: usecasetest.Embedded, Credentials: secret.Values{"login": secret.New("1234"), "password": secret.New("x")},
	}}})
	require.NoError(t, err)
	return made, runs
}

func TestRuns_are_reached_by_their_owners_only(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	made, s := linked(t, w, w.Ana)
	run := made.LastSynchronizationID
	for who, p := range w.Principals() {
		slice, err := s.List(t.Context(), p, store.RunFilter{Connection: made.ID}, store.Page{Limit: 10})
		require.NoError(t, err)
		reaches := who == "Ana" || who == "Acme"
		require.Equal(t, reaches, len(slice.Items) == 1, who)
		for _, id := range []string{string(run), "syn_", "syn_%", string(made.ID), string(ident.New[ident.Synchronization](w.IDs))} {
			found, err := s.Get(t.Context(), p, id)
			if reaches && id == string(run) {
				require.NoError(t, err)
				require.Equal(t, run, found.ID)
				continue
			}
			w.Unchanged(func() {
				_, cancelling := s.Cancel(t.Context(), p, id)
				require.Equal(t, synchronization.ErrNotFound, err, who)
				require.Equal(t, synchronization.ErrNotFound, cancelling, who)
			})
		}
		for _, id := range []string{string(made.ID), "con_", string(run)} {
			w.Unchanged(func() {
				_, err := s.Start(t.Context(), p, id, synchronization.All)
				if reaches && id == string(made.ID) {
					var running *fault.Error
					require.ErrorAs(t, err, &running)
					require.Equal(t, string(run), running.Subject)
					return
				}
				require.Equal(t, connection.ErrNotFound, err, who)
			})
		}
	}
}

func TestStartAll(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	_, s := linked(t, w, w.Ana)
	idle, _ := linked(t, w, w.Ana)
	bens, _ := linked(t, w, w.Ben)
	for _, c := range []*connection.Connection{idle, bens} {
		_, err := s.Cancel(t.Context(), w.As(w.Acme), string(c.LastSynchronizationID))
		require.NoError(t, err)
	}
	for _, c := range []struct {
		p    usecase.Principal
		user string
		want string
	}{
		{w.As(w.Acme), "", "user_id_required"}, {w.As(w.Acme), "me", "user_not_found"}, {w.As(w.Acme), string(w.Cleo.ID), "user_not_found"},
		{w.For(w.Ben), string(w.Ana.ID), "user_not_found"}, {w.As(w.Other), string(w.Ana.ID), "user_not_found"}, {w.As(w.Acme), "usr_", "user_not_found"},
	} {
		w.Unchanged(func() {
			runs, err := s.StartAll(t.Context(), c.p, c.user, synchronization.All)
			require.ErrorContains(t, err, c.want)
			require.Nil(t, runs)
		})
	}
	runs, err := s.StartAll(t.Context(), w.As(w.Acme), string(w.Ana.ID), synchronization.ListAccounts)
	require.NoError(t, err)
	require.Len(t, runs, 1, "not beside one that runs, and not for another user")
	require.Equal(t, idle.ID, runs[0].ConnectionID)
	require.Equal(t, synchronization.ListAccounts, runs[0].Type)
	require.Equal(t, synchronization.Manual, runs[0].Trigger)
	again, err := s.StartAll(t.Context(), w.For(w.Ana), "", synchronization.All)
	require.NoError(t, err)
	require.Empty(t, again)
}

func TestCancel_gives_back_what_the_channel_was(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	w.work(c.LastSynchronizationID)
	run, err := w.runs.Start(w.ctx, w.asker, string(c.ID), synchronization.All)
	require.NoError(t, err)
	require.Equal(t, connection.Running, w.connection(c.ID).Status)
	cancelled, err := w.runs.Cancel(w.ctx, w.asker, string(run.ID))
	require.NoError(t, err)
	require.Equal(t, synchronization.Cancelled, cancelled.Status)
	require.Equal(t, connection.Success, w.connection(c.ID).Status)
	require.Equal(t, 1, w.count(event.SynchronizationCancelled))
	w.work(run.ID)
	require.Len(t, w.bank.begun, 1, "nobody works on it")
	_, err = w.runs.Cancel(w.ctx, w.asker, string(run.ID))
	require.ErrorIs(t, err, synchronization.ErrOver)
	require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
}
