package oauth_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
)

func (b *bench) describe(t require.TestingT, method string) answer {
	request := b.requestTo(t, oauth.MetadataPath, "")
	request.Method = method
	return b.send(t, request)
}

// TestMetadata_RFC8414 holds the document to what the server does.
func TestMetadata_RFC8414(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.describe(t, http.MethodGet)
	require.Equal(t, 200, a.status)
	require.Equal(t, "application/json", a.header.Get("Content-Type"))
	const issuer = "https://tributary.example"
	methods := []any{"client_secret_basic", "client_secret_post"}
	require.Equal(t, map[string]any{
		"issuer": issuer, "token_endpoint": issuer + "/oauth/token",
		"revocation_endpoint": issuer + "/oauth/revoke", "introspection_endpoint": issuer + "/oauth/introspect",
		"token_endpoint_auth_methods_supported":         methods,
		"revocation_endpoint_auth_methods_supported":    methods,
		"introspection_endpoint_auth_methods_supported": methods,
		"grant_types_supported":                         []any{"client_credentials", "password", "refresh_token", exchangeType},
		"response_types_supported":                      []any{},
		"scopes_supported":                              anys(client.Scopes()),
		"tributary_grant_type_requirements": map[string]any{
			"password": map[string]any{"right": "password_grant"}, exchangeType: map[string]any{"scope": "users_manage"},
		},
		"tributary_subject_token_types_supported": []any{oauth.TypeUserID, oauth.TypeExternalID},
	}, a.body)

	t.Run("each_grant_type_it_names_is_served", func(t *testing.T) {
		t.Parallel()
		named, ok := a.body["grant_types_supported"].([]any)
		require.True(t, ok)
		for _, grantType := range named {
			text, ok := grantType.(string)
			require.True(t, ok)
			require.NotEqual(t, "unsupported_grant_type", b.post(t, "grant_type", text).body["error"])
		}
	})

	t.Run("a_grant_type_with_a_requirement_is_refused_without_it", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.client.Rights, b.client.Scopes = nil, []client.Scope{client.Profile}
		b.putClient(t, b.client)
		requireRefused(t, b.post(t, "grant_type", "password", "username", email, "password", password), 400, "unauthorized_client")
		requireRefused(t, b.exchange(t), 400, "unauthorized_client")
	})

	t.Run("is_read_only", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, 405, b.describe(t, http.MethodPost).status)
		head := b.describe(t, http.MethodHead)
		require.Equal(t, 200, head.status)
		require.Empty(t, head.text)
	})

	t.Run("is_not_there_without_an_issuer", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.tune = func(c *oauth.Config) { c.Issuer = "" }
		b.serve(t)
		require.Equal(t, 404, b.describe(t, http.MethodGet).status)
	})
}

func anys(scopes []client.Scope) (out []any) {
	for _, scope := range scopes {
		out = append(out, string(scope))
	}
	return out
}

// TestWarning: the password grant is told at the start of a server, by client.
func TestWarning(t *testing.T) {
	t.Parallel()

	t.Run("names_the_clients_that_may", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.tokens.pages = 1
		without, _ := b.newClient(t, client.DirectCredentials)
		second, _ := b.newClient(t, client.PasswordGrant)
		disabled, _ := b.newClient(t, client.PasswordGrant)
		disabled.Disabled = true
		b.putClient(t, disabled)
		require.NoError(t, b.WarnOfPasswordGrant(t.Context()))
		require.Contains(t, b.logs.String(), `"level":"WARN"`)
		require.Contains(t, b.logs.String(), string(b.client.ID))
		require.Contains(t, b.logs.String(), string(second.ID), "a later page counts as well")
		require.NotContains(t, b.logs.String(), string(without.ID))
		require.NotContains(t, b.logs.String(), string(disabled.ID))
	})

	t.Run("is_silent_where_nobody_may", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.client.Rights = nil
		b.putClient(t, b.client)
		require.NoError(t, b.WarnOfPasswordGrant(t.Context()))
		require.Empty(t, b.logs.String())
	})

	t.Run("hands_failures_on", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.store = failing{Store: b.store, view: http.ErrServerClosed}
		b.serve(t)
		require.ErrorIs(t, b.WarnOfPasswordGrant(t.Context()), http.ErrServerClosed)
	})
}
