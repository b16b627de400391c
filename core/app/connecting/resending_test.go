package connecting_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func sendable(r connection.Resend) func(*connection.Challenge) {
	return func(c *connection.Challenge) { c.Resend = &r }
}

func TestResend(t *testing.T) {
	t.Parallel()
	resend := func(t *testing.T, w *usecasetest.World, p usecase.Principal, c *connection.Connection) (*connection.Challenge, error) {
		return service(w).Resend(t.Context(), p, string(c.ID))
	}

	t.Run("Is_a_wish_that_wakes_the_run_and_answers_nothing", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		asked := ask(w, made, connection.Form, sendable(connection.Resend{Left: 1}))
		before := len(w.Store.Jobs())
		for _, p := range []usecase.Principal{without(w.For(w.Ana)), w.As(w.Acme)} { // the second is the same click
			got, err := resend(t, w, p, made)
			require.NoError(t, err)
			require.Equal(t, asked.ID, got.ID)
			require.True(t, got.Wanted())
		}
		kept := stored(w, asked.ID)
		require.Equal(t, connection.Open, kept.State)
		require.Equal(t, connection.Resend{Left: 1, AskedAt: w.Now(), Pending: true}, *kept.Resend)
		require.Equal(t, []jobs.Job{{Kind: synchronizing.Job, Key: string(made.LastSynchronizationID)}}, w.Store.Jobs()[before:])
		require.NoError(t, service(w).Answer(t.Context(), w.For(w.Ana), string(made.ID), string(asked.ID), values("code", "123456")))
	})

	t.Run("Of_twenty_at_once_is_one_wish", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		ask(w, made, connection.Form, sendable(connection.Resend{Left: 1}))
		before := len(w.Store.Jobs())
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := resend(t, w, w.For(w.Ana), made); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.Len(t, w.Store.Jobs(), before+1)
	})

	t.Run("Refused_writes_nothing", func(t *testing.T) {
		t.Parallel()
		for name, c := range map[string]struct {
			change func(*connection.Challenge)
			pass   time.Duration
			err    error
		}{
			"never":     {nil, 0, connection.ErrResend},
			"too early": {func(c *connection.Challenge) { sendable(connection.Resend{Left: 1, AvailableAt: c.ExpiresAt})(c) }, 0, connection.ErrResendEarly},
			"no more":   {sendable(connection.Resend{}), 0, connection.ErrResendSpent},
			"expired":   {sendable(connection.Resend{Left: 1}), time.Minute, connection.ErrNoChallenge},
		} {
			w := usecasetest.New(t)
			made := connect(t, w)
			ask(w, made, connection.Form, c.change)
			w.Pass(c.pass)
			w.Unchanged(func() {
				_, err := resend(t, w, w.For(w.Ana), made)
				require.ErrorIs(t, err, c.err, name)
			})
		}
	})

	t.Run("Of_what_is_not_asked_or_not_theirs_is_not_found", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		w.Unchanged(func() {
			_, err := resend(t, w, w.For(w.Ana), made)
			require.Equal(t, connection.ErrNoChallenge, err)
		})
		asked := ask(w, made, connection.Form, sendable(connection.Resend{Left: 1}))
		w.Unchanged(func() {
			for _, stranger := range []usecase.Principal{w.For(w.Ben), w.For(w.Cleo), w.As(w.Other)} {
				_, err := resend(t, w, stranger, made)
				require.Equal(t, connection.ErrNotFound, err)
			}
		})
		require.NoError(t, service(w).Answer(t.Context(), w.For(w.Ana), string(made.ID), string(asked.ID), values("code", "123456")))
		w.Unchanged(func() {
			_, err := resend(t, w, w.For(w.Ana), made)
			require.Equal(t, connection.ErrNoChallenge, err)
		})
		late := ask(w, made, connection.Form, sendable(connection.Resend{Left: 1}))
		over(w, made)
		w.Unchanged(func() {
			_, err := resend(t, w, w.For(w.Ana), made)
			require.Equal(t, connection.ErrChallengeOver, err, "the run is over, and its challenge was left")
		})
		w.View(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Challenges().Get(ctx, store.Owner{Client: w.Acme.ID}, late.ID)
			return err
		})
	})
}
