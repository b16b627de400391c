package storetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest"
)

func TestFakeNeedsNoOptions(t *testing.T) {
	t.Parallel()
	fake := storetest.NewFake(storetest.Options{})
	require.NoError(t, fake.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		if err := tx.Clients().Put(t.Context(), client.Client{ID: "cli_1", Name: "one"}); err != nil {
			return err
		}
		return tx.Users().Put(t.Context(), user.New(ident.User("usr_1"), "cli_1", user.Identity{ExternalID: "x"}, "", nil, time.Now()))
	}))
	require.NoError(t, fake.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.Events().After(t.Context(), "cli_1", 0, store.EventFilter{}, 10)
		require.Len(t, events, 1)
		require.Equal(t, event.UserCreated, events[0].Name)
		return err
	}))
}

func TestFakeKeepsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(_ *testing.T, options storetest.Options) storetest.Subject {
		fake := storetest.NewFake(options)
		return storetest.Subject{Store: fake, Jobs: fake.Jobs}
	})
}
