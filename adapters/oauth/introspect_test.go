package oauth_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

func (b *bench) introspect(t require.TestingT, token string) answer {
	return b.introspectAs(t, b.client.ID, b.secret, token)
}

func (b *bench) introspectAs(t require.TestingT, id ident.Client, secret, token string) answer {
	a := b.postAs(t, id, secret, oauth.IntrospectPath, "token", token)
	require.Equal(t, 200, a.status, a.text)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.Equal(t, "application/json;charset=UTF-8", a.header.Get("Content-Type"))
	return a
}

func requireInactive(t require.TestingT, a answer) {
	require.Equal(t, map[string]any{"active": false}, a.body, "nothing else is told")
}

// TestIntrospect_RFC7662 tells a client of its own tokens.
func TestIntrospect_RFC7662(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	issued := float64(b.clock().Unix())
	users := b.login(t, "scope", "profile accounts_read")
	own := b.post(t, "grant_type", "client_credentials", "scope", "users_create")

	require.Equal(t, map[string]any{
		"active": true, "scope": "profile accounts_read", "client_id": string(b.client.ID), "token_type": "bearer",
		"exp": issued + 3600, "iat": issued, "sub": string(b.user.ID),
	}, b.introspect(t, users.token().Reveal()).body)
	require.Equal(t, map[string]any{
		"active": true, "scope": "profile accounts_read", "client_id": string(b.client.ID),
		"exp": issued + 30*24*3600, "iat": issued, "sub": string(b.user.ID),
	}, b.introspect(t, users.refresh()).body)
	require.Equal(t, map[string]any{
		"active": true, "scope": "users_create", "client_id": string(b.client.ID), "token_type": "bearer",
		"exp": issued + 3600, "iat": issued,
	}, b.introspect(t, own.token().Reveal()).body)

	t.Run("scopes_are_those_that_count_now", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.login(t, "scope", "profile accounts_read")
		b.client.Scopes = []client.Scope{client.AccountsRead}
		b.putClient(t, b.client)
		require.Equal(t, "accounts_read", b.introspect(t, a.token().Reveal()).body["scope"])
	})
}

// TestIntrospect_tells_nothing_else: of what is over, foreign or no token at
// all, a client learns that it is not active (RFC 7662, section 2.2).
func TestIntrospect_tells_nothing_else(t *testing.T) {
	t.Parallel()

	t.Run("no_token", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.login(t)
		for _, text := range []string{
			"x", a.token().Reveal() + "x", "tra_" + a.refresh()[4:], b.tokens.last().Hash, b.tokens.last().Family, b.secret, string(b.user.ID),
		} {
			requireInactive(t, b.introspect(t, text))
		}
	})

	t.Run("another_clients", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		other, secret := b.newClient(t)
		a := b.login(t)
		requireInactive(t, b.introspectAs(t, other.ID, secret, a.token().Reveal()))
		requireInactive(t, b.introspectAs(t, other.ID, secret, a.refresh()))
		require.Equal(t, 200, b.renew(t, a.refresh()).status, "and nothing happened to it")
	})

	t.Run("a_used_refresh_token_even_inside_the_grace", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		all := b.generations(t, 1)
		requireInactive(t, b.introspect(t, all[0].refresh()))
		require.Equal(t, true, b.introspect(t, all[1].refresh()).body["active"])
	})

	for name, end := range map[string]func(t *testing.T, b *bench, a answer){
		"expired": func(_ *testing.T, b *bench, _ answer) { b.pass(30 * 24 * time.Hour) },
		"revoked": func(t *testing.T, b *bench, a answer) { requireRevoked(t, b.revoke(t, "token", a.refresh())) },
		"user deleted": func(t *testing.T, b *bench, _ answer) {
			b.update(t, func(tx store.Tx) error { return tx.Users().Delete(t.Context(), b.user) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			a := b.login(t)
			end(t, b, a)
			requireInactive(t, b.introspect(t, a.token().Reveal()))
			requireInactive(t, b.introspect(t, a.refresh()))
		})
	}
}
