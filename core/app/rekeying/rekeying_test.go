package rekeying_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/rekeying"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest"
)

// seals is a box whose keys are texts: the master's name before the user's id.
type seals struct {
	present string
	// budget is how many more wrappings succeed; below zero there is no limit.
	budget int
}

var errBroken = errors.New("the process was killed")

func (s *seals) Rewrap(_ ident.Client, id ident.User, sealedKey []byte) ([]byte, bool, error) {
	master, owner, ok := strings.Cut(string(sealedKey), "/")
	switch {
	case !ok || owner != string(id):
		return nil, false, sealer.ErrUnreadable
	case master == s.present:
		return sealedKey, false, nil
	case s.budget == 0:
		return nil, false, errBroken
	}
	s.budget--
	return []byte(s.present + "/" + owner), true, nil
}

const perClient = 120 // more than two pages

func world(t *testing.T) (store.Store, []*user.User) {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	state := storetest.NewFake(storetest.Options{Now: func() time.Time { return now }, IDs: ident.Real()})
	var all []*user.User
	require.NoError(t, state.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		for _, name := range []string{"one", "two", "none"} {
			owner, err := client.New(ident.New[ident.Client](ident.Real()), name, "hash", now)
			require.NoError(t, err)
			require.NoError(t, tx.Clients().Put(t.Context(), owner))
			for i := range map[string]int{"one": perClient, "two": perClient}[name] {
				id := ident.New[ident.User](ident.Real())
				u := user.New(id, owner.ID, user.Identity{ExternalID: fmt.Sprint(i)}, "", []byte("old/"+string(id)), now)
				require.NoError(t, tx.Users().Put(t.Context(), u))
				all = append(all, u)
			}
		}
		return nil
	}))
	return state, all
}

func TestWrap_reaches_every_user_of_every_client(t *testing.T) {
	t.Parallel()
	state, all := world(t)
	service := rekeying.Service{Store: state, Box: &seals{"new", -1}}
	var told []rekeying.Count
	count, err := service.Wrap(t.Context(), func(c rekeying.Count) { told = append(told, c) })
	require.NoError(t, err)
	require.Equal(t, rekeying.Count{Users: 2 * perClient, Wrapped: 2 * perClient}, count)
	require.Equal(t, count, told[len(told)-1])
	for _, u := range all {
		requireWrapped(t, state, u)
	}
	count, err = service.Wrap(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, rekeying.Count{Users: 2 * perClient}, count, "nothing is left to do")
}

func requireWrapped(t *testing.T, state store.Store, u *user.User) {
	t.Helper()
	require.NoError(t, state.View(t.Context(), func(tx store.Tx) error {
		found, err := tx.Users().Get(t.Context(), store.Owner{Client: u.ClientID}, u.ID)
		require.NoError(t, err)
		require.Equal(t, "new/"+string(u.ID), string(found.SealedKey))
		require.Equal(t, u.ExternalID, found.ExternalID)
		return nil
	}))
}

func TestWrap_goes_on_after_an_end_anywhere(t *testing.T) {
	t.Parallel()
	state, all := world(t)
	wrapped := 0
	for range 2 * perClient {
		box := &seals{"new", 70}
		count, err := rekeying.Service{Store: state, Box: box}.Wrap(t.Context(), nil)
		wrapped += count.Wrapped
		if err == nil {
			require.Equal(t, 2*perClient, wrapped, "each committed once")
			for _, u := range all {
				requireWrapped(t, state, u)
			}
			return
		}
		require.ErrorIs(t, err, errBroken)
	}
	require.Fail(t, "it never came to an end")
}

func TestSample(t *testing.T) {
	t.Parallel()
	state, all := world(t)
	found, err := rekeying.Service{Store: state, Box: &seals{"new", -1}}.Sample(t.Context())
	require.NoError(t, err)
	require.True(t, found)
	require.NoError(t, state.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		for _, u := range all {
			u.SealedKey = []byte("of another database")
			require.NoError(t, tx.Users().Put(t.Context(), u))
		}
		return nil
	}))
	_, err = rekeying.Service{Store: state, Box: &seals{"new", -1}}.Sample(t.Context())
	require.ErrorIs(t, err, sealer.ErrUnreadable)

	empty := storetest.NewFake(storetest.Options{Now: time.Now, IDs: ident.Real()})
	found, err = rekeying.Service{Store: empty, Box: &seals{"new", -1}}.Sample(context.Background())
	require.NoError(t, err)
	require.False(t, found)
}

func TestHolds_tells_an_empty_database_from_one_with_users(t *testing.T) {
	t.Parallel()
	full, _ := world(t)
	holds, err := rekeying.Service{Store: full}.Holds(t.Context())
	require.NoError(t, err)
	require.True(t, holds)
	empty := storetest.NewFake(storetest.Options{Now: time.Now, IDs: ident.Real()})
	require.NoError(t, empty.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		owner, err := client.New(ident.New[ident.Client](ident.Real()), "one", "hash", time.Now())
		require.NoError(t, err)
		return tx.Clients().Put(t.Context(), owner)
	}))
	holds, err = rekeying.Service{Store: empty}.Holds(t.Context())
	require.NoError(t, err)
	require.False(t, holds)
}
