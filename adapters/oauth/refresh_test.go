package oauth_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/store"
)

// TestRefresh_RFC6749_section_6 covers what a refresh gives.
func TestRefresh_RFC6749_section_6(t *testing.T) {
	t.Parallel()

	t.Run("answers_new_tokens_of_the_same_user_and_scopes", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		first := b.login(t, "scope", "profile accounts_read")
		b.pass(20 * time.Minute)
		second := b.renew(t, first.refresh())
		require.Equal(t, 200, second.status, second.text)
		require.Regexp(t, `^trr_[A-Za-z0-9_-]{43}$`, second.refresh())
		require.NotEqual(t, first.refresh(), second.refresh())
		require.NotEqual(t, first.token(), second.token())
		require.Equal(t, "profile accounts_read", second.body["scope"])
		require.Equal(t, "bearer", second.body["token_type"])
		require.EqualValues(t, 3600, second.body["expires_in"])
		require.Len(t, second.body, 5)
		require.Equal(t, "no-store", second.header.Get("Cache-Control"))
		p, err := b.Authenticate(t.Context(), second.token())
		require.NoError(t, err)
		require.Equal(t, b.user.ID, p.User)
		require.True(t, b.opens(t, first), "what was given before lives to its end")
	})

	t.Run("narrows_one_access_token_and_not_the_grant", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		first := b.login(t, "scope", "profile accounts_read")
		second := b.renew(t, first.refresh(), "scope", "profile")
		require.Equal(t, "profile", second.body["scope"])
		third := b.renew(t, second.refresh())
		require.Equal(t, "profile accounts_read", third.body["scope"])
	})

	t.Run("never_widens_and_does_not_use_the_token_up_by_asking", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		first := b.login(t, "scope", "profile accounts_read")
		for _, scope := range []string{"transactions_read", "profile transactions_read", "users_manage", "Profile", "nothing"} {
			requireRefused(t, b.renew(t, first.refresh(), "scope", scope), 400, "invalid_scope")
		}
		b.pass(time.Hour)
		require.Equal(t, 200, b.renew(t, first.refresh()).status)
	})

	t.Run("loses_what_the_client_lost", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		first := b.login(t, "scope", "profile accounts_read")
		b.client.Scopes = []client.Scope{client.Profile}
		b.putClient(t, b.client)
		second := b.renew(t, first.refresh())
		require.Equal(t, "profile", second.body["scope"], second.text)
		requireRefused(t, b.renew(t, second.refresh(), "scope", "accounts_read"), 400, "invalid_scope")
		b.client.Scopes = []client.Scope{client.AccountsManage}
		b.putClient(t, b.client)
		requireRefused(t, b.renew(t, second.refresh()), 400, "invalid_scope")
	})

	t.Run("client_credentials_has_none", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		require.NotContains(t, b.post(t, "grant_type", "client_credentials").body, "refresh_token")
	})
}

// TestRefresh_ends is about grants that are over without anybody's guilt: they
// are refused, and no event is told.
func TestRefresh_ends(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, b *bench){
		"unused for 30 days": func(_ *testing.T, b *bench) { b.pass(30 * 24 * time.Hour) },
		"swept": func(t *testing.T, b *bench) {
			b.pass(31 * 24 * time.Hour)
			require.NoError(t, b.Sweep(t.Context()))
			b.pass(-31 * 24 * time.Hour)
		},
		"user deleted": func(t *testing.T, b *bench) {
			b.update(t, func(tx store.Tx) error { return tx.Users().Delete(t.Context(), b.user) })
		},
		"right to log in taken away": func(t *testing.T, b *bench) { b.client.Rights = nil; b.putClient(t, b.client) },
		"family revoked": func(t *testing.T, b *bench) {
			b.update(t, func(tx store.Tx) error { return tx.Tokens().RevokeFamily(t.Context(), b.tokens.last().Family) })
		},
		"token revoked by itself": func(t *testing.T, b *bench) {
			b.update(t, func(tx store.Tx) error {
				return tx.Tokens().Revoke(t.Context(), b.tokens.of(store.RefreshToken)[0].Hash)
			})
		},
		"grant revoked by itself": func(t *testing.T, b *bench) {
			b.update(t, func(tx store.Tx) error { return tx.Tokens().Revoke(t.Context(), b.tokens.of(store.Grant)[0].Hash) })
		},
		"record of the grant lost": func(t *testing.T, b *bench) {
			grant := b.tokens.of(store.Grant)[0]
			grant.ExpiresAt = b.clock().Add(-time.Hour)
			b.update(t, func(tx store.Tx) error { return tx.Tokens().Put(t.Context(), grant) })
			require.NoError(t, b.Sweep(t.Context()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			token := b.login(t).refresh()
			end(t, b)
			requireRefused(t, b.renew(t, token), 400, "invalid_grant")
			require.Empty(t, b.revocations(t))
		})
	}

	t.Run("client disabled", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		token := b.login(t).refresh()
		b.client.Disabled = true
		b.putClient(t, b.client)
		requireRefused(t, b.renew(t, token), 401, "invalid_client")
	})

	t.Run("after_180_days_however_often_it_was_used", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		token := b.login(t).refresh()
		for range 8 {
			b.pass(20 * 24 * time.Hour)
			require.NoError(t, b.Sweep(t.Context()))
			a := b.renew(t, token)
			require.Equal(t, 200, a.status, a.text)
			token = a.refresh()
		}
		b.pass(19 * 24 * time.Hour)
		a := b.renew(t, token)
		require.Equal(t, 200, a.status, a.text)
		b.pass(24 * time.Hour)
		requireRefused(t, b.renew(t, a.refresh()), 400, "invalid_grant")
	})

	t.Run("lives_as_long_as_configured", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.tune = func(c *oauth.Config) { c.RefreshLife = time.Minute }
		b.serve(t)
		token := b.login(t).refresh()
		b.pass(time.Minute)
		requireRefused(t, b.renew(t, token), 400, "invalid_grant")
	})
}

// TestRefresh_refuses_what_is_no_refresh_token: an access token renews nothing,
// a refresh token opens nothing, and the name of a family is neither.
func TestRefresh_refuses_what_is_no_refresh_token(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.login(t)
	family := b.tokens.last().Family
	for _, text := range []string{
		a.token().Reveal(), family, b.tokens.of(store.RefreshToken)[0].Hash, a.refresh()[:46], a.refresh() + "x", b.secret, " " + a.refresh(),
	} {
		requireRefused(t, b.renew(t, text), 400, "invalid_grant")
	}
	b2 := answer{body: map[string]any{"access_token": a.refresh()}}
	require.False(t, b.opens(t, b2))
	b2.body["access_token"] = family
	require.False(t, b.opens(t, b2))
	require.Equal(t, 200, b.renew(t, a.refresh()).status, "nothing was used up")
}
