package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

func requireRefused(t require.TestingT, a answer, status int, code string) {
	require.Equal(t, status, a.status, a.text)
	require.Equal(t, code, a.body["error"], a.text)
	require.NotEmpty(t, a.body["error_description"])
	require.Len(t, a.body, 2, "nothing beside error and error_description: %s", a.text)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.Equal(t, "application/json;charset=UTF-8", a.header.Get("Content-Type"))
	require.Equal(t, status == http.StatusUnauthorized, a.header.Get("WWW-Authenticate") != "")
}

func TestRefusedForms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"empty":                  {"", 400, "invalid_request"},
		"no grant type":          {"scope=profile", 400, "invalid_request"},
		"unknown grant type":     {"grant_type=implicit", 400, "unsupported_grant_type"},
		"a grant not served":     {"grant_type=authorization_code&code=x", 400, "unsupported_grant_type"},
		"no refresh token":       {"grant_type=refresh_token", 400, "invalid_request"},
		"unknown refresh token":  {"grant_type=refresh_token&refresh_token=x", 400, "invalid_grant"},
		"audience of a refresh":  {"grant_type=refresh_token&refresh_token=x&audience=x", 400, "invalid_request"},
		"audience of a log-in":   {form("grant_type", "password", "username", email, "password", password, "audience", "x"), 400, "invalid_request"},
		"two grant types":        {"grant_type=client_credentials+password", 400, "unsupported_grant_type"},
		"unknown scope":          {"grant_type=client_credentials&scope=everything", 400, "invalid_scope"},
		"unknown among known":    {"grant_type=client_credentials&scope=profile+everything", 400, "invalid_scope"},
		"scope of another case":  {"grant_type=client_credentials&scope=Profile", 400, "invalid_scope"},
		"the refresh marker":     {"grant_type=client_credentials&scope=no+refresh+token", 400, "invalid_scope"},
		"an audience":            {"grant_type=client_credentials&audience=x", 400, "invalid_request"},
		"repeated parameter":     {"grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"},
		"repeated unknown one":   {"grant_type=client_credentials&x=1&x=2", 400, "invalid_request"},
		"broken escape":          {"grant_type=client_credentials&x=%zz", 400, "invalid_request"},
		"semicolons":             {"grant_type=client_credentials;x=1", 400, "invalid_request"},
		"no user name":           {"grant_type=password&password=abc123", 400, "invalid_request"},
		"no password":            {"grant_type=password&username=ana@example.org", 400, "invalid_request"},
		"client scopes for user": {form("grant_type", "password", "username", email, "password", password, "scope", "users_create"), 400, "invalid_scope"},
		"too large":              {"grant_type=client_credentials&x=" + strings.Repeat("x", 64<<10), 413, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := b.request(t, c.body)
			request.SetBasicAuth(string(b.client.ID), b.secret)
			requireRefused(t, b.send(t, request), c.status, c.code)
		})
	}
}

func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const body = "grant_type=client_credentials"

	t.Run("other_content_types", func(t *testing.T) {
		t.Parallel()
		for _, media := range []string{"", "application/json", "multipart/form-data; boundary=x", "text/plain", ";"} {
			request := b.request(t, body)
			request.SetBasicAuth(string(b.client.ID), b.secret)
			request.Header.Set("Content-Type", media)
			a := b.send(t, request)
			requireRefused(t, a, 400, "invalid_request")
			require.Contains(t, a.text, "content type")
		}
	})

	t.Run("parameters_in_the_query", func(t *testing.T) {
		t.Parallel()
		request := b.request(t, body)
		request.SetBasicAuth(string(b.client.ID), b.secret)
		request.URL.RawQuery = url.Values{"client_secret": {b.secret}}.Encode()
		requireRefused(t, b.send(t, request), 400, "invalid_request")
	})

	t.Run("other_methods_and_addresses_are_problems", func(t *testing.T) {
		t.Parallel()
		for path, want := range map[string]int{oauth.TokenPath: 405, "/oauth/tokens": 404, "/oauth/": 404} {
			request := b.request(t, body)
			request.Method = http.MethodPut
			request.URL.Path = path
			a := b.send(t, request)
			require.Equal(t, want, a.status)
			require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
			require.EqualValues(t, want, a.body["status"])
			require.NotEmpty(t, a.body["code"])
		}
	})
}

func TestRefusedClients(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other, otherSecret := b.newClient(t)
	disabled, disabledSecret := b.newClient(t)
	disabled.Disabled = true
	b.putClient(t, disabled)
	bare := client.Client{ID: ident.New[ident.Client](ident.Real()), Name: "no secret"}
	b.putClient(t, bare)
	id := string(b.client.ID)

	for name, c := range map[string]struct{ id, secret string }{
		"nothing":                  {"", ""},
		"no secret":                {id, ""},
		"another secret":           {id, otherSecret},
		"a part of the secret":     {id, b.secret[:len(b.secret)-1]},
		"the hash":                 {id, b.client.SecretHash},
		"another client":           {string(other.ID), b.secret},
		"an unknown one":           {string(ident.New[ident.Client](ident.Real())), b.secret},
		"an id of another kind":    {string(b.user.ID), b.secret},
		"a malformed id":           {"'; DROP TABLE client", b.secret},
		"a disabled one":           {string(disabled.ID), disabledSecret},
		"one without secret":       {string(bare.ID), ""},
		"one without secret, hash": {string(bare.ID), bare.SecretHash},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inHeader := b.request(t, "grant_type=client_credentials")
			inHeader.SetBasicAuth(url.QueryEscape(c.id), url.QueryEscape(c.secret))
			inBody := b.request(t, form("grant_type", "client_credentials", "client_id", c.id, "client_secret", c.secret))
			first, second := b.send(t, inHeader), b.send(t, inBody)
			requireRefused(t, first, 401, "invalid_client")
			requireRefused(t, second, 401, "invalid_client")
			require.Equal(t, first.text, second.text)
		})
	}

	t.Run("other_schemes_and_broken_headers", func(t *testing.T) {
		t.Parallel()
		for _, header := range []string{"Bearer " + b.secret, "Basic", "Basic ???", "Basic JXp6Ong=" /* %zz:x */} {
			request := b.request(t, form("grant_type", "client_credentials", "client_id", id, "client_secret", b.secret))
			request.Header.Set("Authorization", header)
			requireRefused(t, b.send(t, request), 401, "invalid_client")
		}
	})

	t.Run("two_methods_at_once", func(t *testing.T) {
		t.Parallel()
		requireRefused(t, b.post(t, "grant_type", "client_credentials", "client_secret", b.secret), 400, "invalid_request")
		requireRefused(t, b.post(t, "grant_type", "client_credentials", "client_id", string(other.ID)), 400, "invalid_request")
	})
}

func TestRefusedByRights(t *testing.T) {
	t.Parallel()

	t.Run("disabled_client_makes_the_server_hash_nothing", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.client.Disabled = true
		b.putClient(t, b.client)
		work := b.hasher.Work()
		a := b.post(t, "grant_type", "password", "username", email, "password", password)
		requireRefused(t, a, 401, "invalid_client")
		require.Equal(t, work, b.hasher.Work())
	})

	t.Run("password_grant_needs_the_right_and_hashes_nothing_without", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.client.Rights = []client.Right{client.DirectCredentials}
		b.putClient(t, b.client)
		work := b.hasher.Work()
		a := b.post(t, "grant_type", "password", "username", email, "password", password)
		requireRefused(t, a, 400, "unauthorized_client")
		require.Equal(t, work, b.hasher.Work())
	})

	t.Run("scopes_the_client_lacks", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.client.Scopes = []client.Scope{client.AccountsRead, client.UsersCreate}
		b.putClient(t, b.client)
		requireRefused(t, b.post(t, "grant_type", "client_credentials", "scope", "profile"), 400, "invalid_scope")
		a := b.post(t, "grant_type", "password", "username", email, "password", password)
		require.Equal(t, "accounts_read", a.body["scope"], a.text)
	})

	t.Run("no_scope_at_all", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.client.Scopes = []client.Scope{client.UsersCreate}
		b.putClient(t, b.client)
		a := b.post(t, "grant_type", "password", "username", email, "password", password)
		requireRefused(t, a, 400, "invalid_scope")
	})
}

// TestUsersAreNotToldApart counts work instead of measuring time.
func TestUsersAreNotToldApart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.newUser(t, b.client.ID, "nopassword@example.org", "")
	other, _ := b.newClient(t)
	b.newUser(t, other.ID, "elsewhere@example.org", password)
	gone := b.newUser(t, b.client.ID, "gone@example.org", password)
	b.update(t, func(tx store.Tx) error {
		u, err := tx.Users().Get(t.Context(), store.Owner{Client: b.client.ID}, gone.ID)
		if err != nil {
			return err
		}
		return tx.Users().Delete(t.Context(), u)
	})

	first := b.post(t, "grant_type", "password", "username", email, "password", "wrong-1")
	for name, c := range map[string]struct{ username, password string }{
		"wrong password":            {email, "wrong-2"},
		"unknown":                   {"nobody@example.org", password},
		"no e-mail":                 {"nobody", password},
		"without password":          {"nopassword@example.org", password},
		"of another client":         {"elsewhere@example.org", password},
		"deleted":                   {"gone@example.org", password},
		"id instead of e-mail":      {string(b.user.ID), password},
		"spaces around the address": {" " + email + " ", password},
	} {
		t.Run(name, func(t *testing.T) {
			work, reads := b.hasher.Work(), b.tokens.reads()
			a := b.post(t, "grant_type", "password", "username", c.username, "password", c.password)
			requireRefused(t, a, 400, "invalid_grant")
			require.Equal(t, first.text, a.text)
			require.Equal(t, headersBesideDate(first), headersBesideDate(a))
			require.Equal(t, work+1, b.hasher.Work())
			require.Equal(t, reads+2, b.tokens.reads(), "the client and the user")
		})
	}
	require.Empty(t, b.tokens.all())
}

func headersBesideDate(a answer) http.Header {
	header := a.header.Clone()
	header.Del("Date")
	return header
}

func TestUserGoneMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.store = vanishing{b.store, b.user}
	b.serve(t)
	a := b.post(t, "grant_type", "password", "username", email, "password", password)
	requireRefused(t, a, 400, "invalid_grant")
	require.Empty(t, b.tokens.all())
}

// vanishing is a store in which a user is deleted before each update.
type vanishing struct {
	store.Store
	user *user.User
}
