package connecting_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func values(name, value string) secret.Values { return secret.Values{name: secret.New(value)} }

func stored(w *usecasetest.World, id ident.Challenge) (found *connection.Challenge) {
	w.View(func(ctx context.Context, tx store.Tx) (err error) {
		found, err = tx.Challenges().Get(ctx, store.Owner{Client: w.Acme.ID}, id)
		return err
	})
	return found
}

func TestAnswer(t *testing.T) {
	t.Parallel()

	t.Run("Is_sealed_and_wakes_the_run", func(t *testing.T) {
		t.Parallel()
		for _, p := range []func(*usecasetest.World) usecase.Principal{
			func(w *usecasetest.World) usecase.Principal { return w.For(w.Ana) },
			func(w *usecasetest.World) usecase.Principal { return w.As(w.Acme) },
		} {
			w := usecasetest.New(t)
			made := connect(t, w)
			asked := ask(w, made, connection.Form, func(c *connection.Challenge) { c.Fields[0].Regex = "" })
			require.NoError(t, service(w).Answer(t.Context(), p(w), string(made.ID), string(asked.ID), values("code", canary)))
			require.NotContains(t, usecasetest.Everything(w.Store), canary)
			answered := stored(w, asked.ID)
			require.Equal(t, connection.Answered, answered.State)
			opened, err := vault.For(w.Box, w.Ana, made, usecasetest.Embedded, "oak").OpenAnswer(answered.SealedAnswer)
			require.NoError(t, err)
			require.Equal(t, canary, opened["code"].Reveal())
			woken := w.Store.Jobs()
			require.Equal(t, jobs.Job{Kind: synchronizing.Job, Key: string(made.LastSynchronizationID)}, woken[len(woken)-1])
			w.View(func(ctx context.Context, tx store.Tx) error {
				due, err := tx.Runs().Due(ctx, w.Now(), 10)
				require.Equal(t, []ident.Synchronization{made.LastSynchronizationID}, due)
				return err
			})
		}
	})

	t.Run("Fits_what_is_asked", func(t *testing.T) {
		t.Parallel()
		for name, c := range map[string]struct {
			kind    connection.ChallengeType
			answers secret.Values
			at      []string
		}{
			"A code":               {connection.Form, values("code", "123456"), nil},
			"No code":              {connection.Form, nil, []string{"body.answers.code"}},
			"A malformed code":     {connection.Form, values("code", canary), []string{"body.answers.code"}},
			"A code without end":   {connection.Form, values("code", strings.Repeat("1", 5000)), []string{"body.answers.code"}},
			"An unknown field":     {connection.Form, secret.Values{"code": secret.New("123456"), canary: secret.New("x")}, []string{"body.answers"}},
			"An option":            {connection.Options, values("option", "sms"), nil},
			"An unknown option":    {connection.Options, values("option", canary), []string{"body.answers.option"}},
			"No option":            {connection.Options, secret.Values{}, []string{"body.answers.option"}},
			"Nothing, in the app":  {connection.Decoupled, nil, nil},
			"Something in the app": {connection.Decoupled, values("code", "1"), []string{"body.answers"}},
			"A return by hand":     {connection.Redirect, values("code", canary), []string{"body.answers"}},
		} {
			w := usecasetest.New(t)
			made := connect(t, w)
			asked := ask(w, made, c.kind, nil)
			answer := func() error {
				return service(w).Answer(t.Context(), w.For(w.Ana), string(made.ID), string(asked.ID), c.answers)
			}
			if c.at == nil {
				require.NoError(t, answer(), name)
				continue
			}
			w.Unchanged(func() {
				wrong := code(t, "invalid_answer", answer())
				require.Equal(t, c.at[0], wrong.Details[0].Location, name)
				require.Len(t, wrong.Details, len(c.at), name)
				require.NotContains(t, wrong.Details[0].Message, canary)
			})
			require.Equal(t, connection.Open, stored(w, asked.ID).State, name)
		}
	})

	t.Run("Refused_writes_nothing", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made, another := connect(t, w), connect(t, w)
		asked := ask(w, made, connection.Form, nil)
		elsewhere := ask(w, another, connection.Form, nil)
		answer := func(p usecase.Principal, id string) error {
			return service(w).Answer(t.Context(), p, string(made.ID), id, values("code", "123456"))
		}
		w.Unchanged(func() {
			code(t, "widget_required", answer(without(w.For(w.Ana)), string(asked.ID)))
			for _, id := range []string{"", "cha_", "con_" + string(asked.ID)[4:], string(elsewhere.ID), string(ident.New[ident.Challenge](w.IDs))} {
				require.Equal(t, connection.ErrNoChallenge, answer(w.For(w.Ana), id))
			}
			for _, stranger := range []usecase.Principal{w.For(w.Ben), w.For(w.Cleo), w.As(w.Other)} {
				require.Equal(t, connection.ErrNotFound, answer(stranger, string(asked.ID)))
			}
		})
		require.NoError(t, answer(w.For(w.Ana), string(asked.ID)))
		w.Unchanged(func() { require.Equal(t, connection.ErrChallengeOver, answer(w.For(w.Ana), string(asked.ID))) })
		late := ask(w, made, connection.Form, nil)
		w.Pass(time.Minute)
		w.Unchanged(func() {
			require.Equal(t, connection.ErrChallengeExpired, answer(w.For(w.Ana), string(late.ID)))
			_, err := service(w).Current(t.Context(), w.For(w.Ana), string(made.ID))
			require.Equal(t, connection.ErrNoChallenge, err)
		})
	})

	t.Run("Of_twenty_at_once_counts_once", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		asked := ask(w, made, connection.Form, nil)
		var taken atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if service(w).Answer(t.Context(), w.For(w.Ana), string(made.ID), string(asked.ID), values("code", "123456")) == nil {
					taken.Add(1)
				}
			})
		}
		all.Wait()
		require.Equal(t, int64(1), taken.Load())
	})
}

func TestReturn(t *testing.T) {
	t.Parallel()
	state := secret.New("the state")
	granted := secret.Values{"code": secret.New(canary), "odd": secret.New("\xff\x00")}

	t.Run("Finds_the_challenge_once_and_leads_on", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		w.Acme.RedirectURLs = []string{"https://acme.example/back", "https://acme.example/other"}
		w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Clients().Put(ctx, w.Acme) })
		made := connect(t, w)
		asked := ask(w, made, connection.Redirect, nil)
		require.NotContains(t, usecasetest.Everything(w.Store), "the state", "kept as a hash only")
		back, err := service(w).Return(t.Context(), state, granted)
		require.NoError(t, err)
		require.Equal(t, usecase.Returned{ConnectionID: made.ID, URL: "https://acme.example/back"}, back)
		require.NotContains(t, usecasetest.Everything(w.Store), canary)
		opened, err := vault.For(w.Box, w.Ana, made, usecasetest.Embedded, "oak").OpenAnswer(stored(w, asked.ID).SealedAnswer)
		require.NoError(t, err)
		require.Equal(t, "\xff\x00", opened["odd"].Reveal(), "as the bank said it")
		w.Unchanged(func() {
			_, err = service(w).Return(t.Context(), state, granted)
			require.Equal(t, connection.ErrReturn, err)
		})
	})

	for mode, want := range map[widget.Mode]usecase.Returned{
		widget.OnPage: {Visit: "wid_1", URL: "https://acme.example/back"}, widget.InPopup: {}, widget.InFrame: {},
	} {
		t.Run("Leads_on_to_a_visit_that_is_a_"+string(mode)+"_or_to_nothing", func(t *testing.T) {
			t.Parallel()
			w := usecasetest.New(t)
			w.Acme.RedirectURLs = []string{"https://acme.example/back"}
			made := connect(t, w)
			visit := widget.New("wid_1", w.Acme.ID, w.Ana.ID, widget.Order{Mode: mode}, secret.New("link"), w.Now())
			visit.Progress.ConnectionID = made.ID
			w.Update(func(ctx context.Context, tx store.Tx) error {
				if err := tx.Clients().Put(ctx, w.Acme); err != nil {
					return err
				}
				return tx.WidgetSessions().Put(ctx, visit)
			})
			ask(w, made, connection.Redirect, nil)
			back, err := service(w).Return(t.Context(), state, granted)
			require.NoError(t, err)
			want.ConnectionID = made.ID
			require.Equal(t, want, back)
		})
	}

	t.Run("Without_a_right_or_a_token_and_without_an_address", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		ask(w, made, connection.Redirect, nil)
		back, err := service(w).Return(t.Context(), state, nil)
		require.NoError(t, err)
		require.Empty(t, back.URL)
	})

	for name, spoil := range map[string]func(*usecasetest.World, *connection.Connection) secret.String{
		"Forged": func(*usecasetest.World, *connection.Connection) secret.String { return secret.New("another") },
		"Empty":  func(*usecasetest.World, *connection.Connection) secret.String { return secret.String{} },
		"The_hash_itself": func(*usecasetest.World, *connection.Connection) secret.String {
			return secret.New(connection.HashReturn(state))
		},
		"Expired": func(w *usecasetest.World, _ *connection.Connection) secret.String { w.Pass(time.Minute); return state },
		"Of_a_deleted_connection": func(w *usecasetest.World, c *connection.Connection) secret.String {
			require.NoError(t, service(w).Delete(t.Context(), w.For(w.Ana), string(c.ID)))
			return state
		},
		"Of_an_erased_user": func(w *usecasetest.World, _ *connection.Connection) secret.String {
			w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Users().Delete(ctx, w.Ana) })
			return state
		},
		"Of_a_cancelled_run": func(w *usecasetest.World, c *connection.Connection) secret.String {
			_, err := service(w).Runs.Cancel(t.Context(), w.For(w.Ana), string(c.LastSynchronizationID))
			require.NoError(t, err)
			return state
		},
	} {
		t.Run(name+"_is_unknown_and_writes_nothing", func(t *testing.T) {
			t.Parallel()
			w := usecasetest.New(t)
			made := connect(t, w)
			ask(w, made, connection.Redirect, nil)
			given := spoil(w, made)
			w.Unchanged(func() {
				back, err := service(w).Return(t.Context(), given, granted)
				require.Equal(t, connection.ErrReturn, err)
				require.Zero(t, back)
			})
		})
	}

	t.Run("Of_a_challenge_that_is_no_redirect_is_unknown", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		ask(w, made, connection.Form, nil)
		_, err := service(w).Return(t.Context(), secret.New(""), granted)
		require.Equal(t, connection.ErrReturn, err)
	})

}
