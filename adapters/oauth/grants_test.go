package oauth_test

import (
	"encoding/json"
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
		require.Regexp(t, `^trr_[A-Za-z0-9_-]{43}$`, a.refresh())
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
			expired := &oauth2.Token{RefreshToken: token.RefreshToken}
			renewed, err := users.TokenSource(t.Context(), expired).Token()
			require.NoError(t, err)
			require.NotEqual(t, token.RefreshToken, renewed.RefreshToken)
			_, err = b.Authenticate(t.Context(), secret.New(renewed.AccessToken))
			require.NoError(t, err)
			_, err = users.PasswordCredentialsToken(t.Context(), email, "wrong-1")
			failed := &oauth2.RetrieveError{}
			require.ErrorAs(t, err, &failed)
			require.Equal(t, "invalid_grant", failed.ErrorCode)
		})
	}
}

// TestStoredTokens_A5_hashes_only: of a token nothing is kept but its SHA-256.
func TestStoredTokens_A5_hashes_only(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	own, users := b.post(t, "grant_type", "client_credentials"), b.login(t)
	kept := b.tokens.all()
	require.Len(t, kept, 4, "a client's token; a grant with a refresh and an access token")
	for _, k := range kept {
		require.Equal(t, b.clock(), k.CreatedAt)
		require.False(t, k.Revoked)
		require.Regexp(t, map[string]string{store.Grant: `^trf_.{43}$`}[k.Kind]+`|^[0-9a-f]{64}$`, k.Hash)
		dump, err := json.Marshal(k)
		require.NoError(t, err)
		for _, token := range []string{own.token().Reveal(), users.token().Reveal(), users.refresh()} {
			require.NotContains(t, string(dump)+string(k.Data), token[4:])
		}
	}
	require.Empty(t, kept[0].Owner.User)
	require.Empty(t, kept[0].Family, "a client renews its token by its secret")
	require.Equal(t, b.clock().Add(time.Hour), kept[0].ExpiresAt)
	for _, k := range kept[1:] {
		require.Equal(t, b.user.ID, k.Owner.User)
		require.Equal(t, kept[1].Hash, k.Family)
	}
	require.Equal(t, b.clock().Add(30*24*time.Hour), kept[2].ExpiresAt)
	require.Equal(t, b.clock().Add(time.Hour), kept[3].ExpiresAt)
}
