package oauth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
)

func joined(scopes []client.Scope) string {
	var texts []string
	for _, scope := range scopes {
		texts = append(texts, string(scope))
	}
	return strings.Join(texts, " ")
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()

	t.Run("answers_a_bearer_token_with_all_scopes_of_the_client", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.post(t, "grant_type", "client_credentials")
		require.Equal(t, http.StatusOK, a.status, a.text)
		require.Regexp(t, `^tra_[A-Za-z0-9_-]{43}$`, a.token().Reveal())
		delete(a.body, "access_token")
		require.Equal(t, map[string]any{
			"token_type": "bearer", "expires_in": float64(3600), "scope": joined(client.Scopes()),
		}, a.body)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		require.Equal(t, "application/json;charset=UTF-8", a.header.Get("Content-Type"))
	})

	t.Run("gives_the_scopes_asked_for_and_no_more", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.post(t, "grant_type", "client_credentials", "scope", "users_create  accounts_read users_create ")
		require.Equal(t, "users_create accounts_read", a.body["scope"])
		p, err := b.Authenticate(t.Context(), a.token())
		require.NoError(t, err)
		require.Equal(t, []client.Scope{client.UsersCreate, client.AccountsRead}, p.Scopes)
	})

	t.Run("takes_the_client_from_the_body_too", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.send(t, b.request(t, form("grant_type", "client_credentials", "client_id", string(b.client.ID), "client_secret", b.secret)))
		require.Equal(t, http.StatusOK, a.status, a.text)
	})

	t.Run("takes_a_repeated_id_when_the_secret_is_in_the_header", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		require.Equal(t, http.StatusOK, b.post(t, "grant_type", "client_credentials", "client_id", string(b.client.ID)).status)
	})
}

func TestPassword(t *testing.T) {
	t.Parallel()

	t.Run("answers_a_user_token_without_the_scopes_that_are_the_clients", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.post(t, "grant_type", "password", "username", email, "password", password)
		require.Equal(t, http.StatusOK, a.status, a.text)
		require.Equal(t, joined(oauth.UserScopes()), a.body["scope"])
		require.NotContains(t, a.body["scope"], "users_")
		require.NotContains(t, a.body["scope"], "webhooks_manage")
		require.EqualValues(t, 3600, a.body["expires_in"])
		require.NotContains(t, a.body, "refresh_token")
		p, err := b.Authenticate(t.Context(), a.token())
		require.NoError(t, err)
		require.Equal(t, store.Owner{Client: b.client.ID, User: b.user.ID}, p.Owner())
	})

	t.Run("compares_e-mails_whatever_the_case", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.post(t, "grant_type", "password", "username", "aNA@EXAMPLE.org", "password", password)
		require.Equal(t, http.StatusOK, a.status, a.text)
	})
}

func TestStandardClients(t *testing.T) {
	t.Parallel()
	for name, style := range map[string]oauth2.AuthStyle{
		"header": oauth2.AuthStyleInHeader, "body": oauth2.AuthStyleInParams, "whichever": oauth2.AuthStyleAutoDetect,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			own := clientcredentials.Config{
				ClientID: string(b.client.ID), ClientSecret: b.secret, TokenURL: b.url + oauth.TokenPath,
				Scopes: []string{"users_manage"}, AuthStyle: style,
			}
			token, err := own.Token(t.Context())
			require.NoError(t, err)
			require.Equal(t, "Bearer", token.Type())
			require.WithinDuration(t, time.Now().Add(time.Hour), token.Expiry, time.Minute)
			_, err = b.Authenticate(t.Context(), secret.New(token.AccessToken))
			require.NoError(t, err)

			users := oauth2.Config{
				ClientID: own.ClientID, ClientSecret: own.ClientSecret,
				Endpoint: oauth2.Endpoint{TokenURL: own.TokenURL, AuthStyle: style},
			}
			token, err = users.PasswordCredentialsToken(t.Context(), email, password)
			require.NoError(t, err)
			require.Empty(t, token.RefreshToken)
			_, err = users.PasswordCredentialsToken(t.Context(), email, "wrong-1")
			failed := &oauth2.RetrieveError{}
			require.ErrorAs(t, err, &failed)
			require.Equal(t, "invalid_grant", failed.ErrorCode)
		})
	}
}

func TestStoredTokens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	own, users := b.clientToken(t), b.userToken(t)
	require.Len(t, b.tokens.all(), 2)
	for i, token := range []secret.String{own, users} {
		kept := b.tokens.all()[i]
		require.Equal(t, store.AccessToken, kept.Kind)
		require.Equal(t, b.clock().Add(time.Hour), kept.ExpiresAt)
		require.Equal(t, b.clock(), kept.CreatedAt)
		require.Regexp(t, `^trf_.{43}$`, kept.Family)
		require.Regexp(t, `^[0-9a-f]{64}$`, kept.Hash)
		require.NotEqual(t, token.Reveal(), kept.Hash)
		require.False(t, kept.Revoked)
	}
	require.NotEqual(t, b.tokens.all()[0].Family, b.tokens.all()[1].Family)
	require.Empty(t, b.tokens.all()[0].Owner.User)
	require.Equal(t, b.user.ID, b.tokens.all()[1].Owner.User)
}
