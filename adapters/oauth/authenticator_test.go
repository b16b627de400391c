package oauth_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func TestAuthenticate(t *testing.T) {
	t.Parallel()

	t.Run("client_token", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		p, err := b.Authenticate(t.Context(), b.clientToken(t))
		require.NoError(t, err)
		require.Equal(t, usecase.Principal{
			Client: b.client.ID, Scopes: client.Scopes(), Rights: []client.Right{client.PasswordGrant, client.DirectCredentials},
		}, p)
	})

	t.Run("user_token", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		p, err := b.Authenticate(t.Context(), b.userToken(t, "scope", "profile accounts_read"))
		require.NoError(t, err)
		require.Equal(t, usecase.Principal{
			Client: b.client.ID, User: b.user.ID, Scopes: []client.Scope{client.Profile, client.AccountsRead}, Rights: b.client.Rights,
		}, p)
	})

	t.Run("a_scope_or_right_the_client_lost_is_gone_at_once", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		token := b.clientToken(t, "scope", "profile accounts_read")
		b.client.Scopes, b.client.Rights = []client.Scope{client.AccountsRead, client.EventsRead}, nil
		b.putClient(t, b.client)
		p, err := b.Authenticate(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, []client.Scope{client.AccountsRead}, p.Scopes)
		require.Empty(t, p.Rights)
	})

	t.Run("reads_one_state", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		token := b.userToken(t)
		reads := b.tokens.reads()
		_, err := b.Authenticate(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, reads+1, b.tokens.reads())
	})
}

func TestAuthenticate_refuses(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, b *bench){
		"expired": func(_ *testing.T, b *bench) { b.pass(time.Hour) },
		"revoked": func(t *testing.T, b *bench) {
			b.update(t, func(tx store.Tx) error { return tx.Tokens().Revoke(t.Context(), b.tokens.last().Hash) })
		},
		"family revoked": func(t *testing.T, b *bench) {
			b.update(t, func(tx store.Tx) error { return tx.Tokens().RevokeFamily(t.Context(), b.tokens.last().Family) })
		},
		"swept": func(t *testing.T, b *bench) {
			b.pass(2 * time.Hour)
			require.NoError(t, b.Sweep(t.Context()))
			b.pass(-2 * time.Hour)
		},
		"client disabled": func(t *testing.T, b *bench) { b.client.Disabled = true; b.putClient(t, b.client) },
		"user deleted": func(t *testing.T, b *bench) {
			b.update(t, func(tx store.Tx) error { return tx.Users().Delete(t.Context(), b.user) })
		},
		"turned into another one": func(t *testing.T, b *bench) { changeKind(t, b) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			token := b.userToken(t)
			_, err := b.Authenticate(t.Context(), token)
			require.NoError(t, err)
			end(t, b)
			requireInvalid(t, b, token)
		})
	}

	t.Run("texts_that_are_no_token", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		token := b.userToken(t).Reveal()
		for _, text := range []string{
			"", "tra_", token + "A", token[:len(token)-1], strings.ToUpper(token), " " + token, strings.Replace(token, "tra_", "trs_", 1),
			b.secret, b.tokens.last().Hash, "tra_" + strings.Repeat("A", 43), strings.Repeat("x", 100_000),
		} {
			requireInvalid(t, b, secret.New(text))
		}
		requireInvalid(t, b, secret.String{})
	})
}

func requireInvalid(t *testing.T, b *bench, token secret.String) {
	t.Helper()
	p, err := b.Authenticate(t.Context(), token)
	require.ErrorIs(t, err, oauth.ErrInvalidToken)
	require.Equal(t, oauth.ErrInvalidToken.Error(), err.Error(), "the reason is not told")
	require.Zero(t, p)
}

// changeKind makes the newest token a refresh token, which opens nothing.
func changeKind(t *testing.T, b *bench) {
	t.Helper()
	token := b.tokens.last()
	token.Kind = store.RefreshToken
	b.update(t, func(tx store.Tx) error { return tx.Tokens().Put(t.Context(), token) })
}

func TestAuthenticate_hands_failures_on(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token := b.clientToken(t)
	b.store = failing{Store: b.store, view: fault.New(fault.Unavailable, "busy", "Busy.")}
	b.serve(t)
	_, err := b.Authenticate(t.Context(), token)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

func TestSweep_keeps_what_still_lives(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.clientToken(t)
	b.pass(59 * time.Minute)
	require.NoError(t, b.Sweep(t.Context()))
	_, err := b.Authenticate(t.Context(), first)
	require.NoError(t, err)
}
