package oauth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

const (
	exchangeType = "urn:ietf:params:oauth:grant-type:token-exchange"
	accessType   = "urn:ietf:params:oauth:token-type:access_token"
)

// exchange asks for a token of the bench's user; pairs come last and win.
func (b *bench) exchange(t require.TestingT, pairs ...string) answer {
	return b.post(t, merged([]string{
		"grant_type", exchangeType, "subject_token", string(b.user.ID), "subject_token_type", oauth.TypeUserID,
	}, pairs)...)
}

// merged replaces pairs by later ones of the same name; "-" takes one away.
func merged(pairs, changes []string) []string {
	for i := 0; i < len(changes); i += 2 {
		for j := 0; j < len(pairs); j += 2 {
			if pairs[j] == changes[i] {
				pairs = append(pairs[:j:j], pairs[j+2:]...)
				break
			}
		}
		if changes[i+1] != "-" {
			pairs = append(pairs, changes[i], changes[i+1])
		}
	}
	return pairs
}

func (b *bench) newExternal(t *testing.T, owner ident.Client, externalID string) *user.User {
	t.Helper()
	u := user.New(ident.New[ident.User](ident.Real()), owner, user.Identity{ExternalID: externalID}, "", nil, b.clock())
	b.update(t, func(tx store.Tx) error { return tx.Users().Put(t.Context(), u) })
	return u
}

// TestExchange_RFC8693: a client gets a user token without a password.
func TestExchange_RFC8693(t *testing.T) {
	t.Parallel()

	t.Run("answers_a_user_token_and_its_type", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		work := b.hasher.Work()
		a := b.exchange(t)
		require.Equal(t, 200, a.status, a.text)
		require.Equal(t, accessType, a.body["issued_token_type"])
		require.Equal(t, "bearer", a.body["token_type"])
		require.EqualValues(t, 3600, a.body["expires_in"])
		require.Equal(t, joined(oauth.UserScopes()), a.body["scope"])
		require.Len(t, a.body, 6)
		p, err := b.Authenticate(t.Context(), a.token())
		require.NoError(t, err)
		require.Equal(t, store.Owner{Client: b.client.ID, User: b.user.ID}, p.Owner())
		require.Equal(t, work, b.hasher.Work(), "no password, no hashing")
	})

	t.Run("by_external_id", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		u := b.newExternal(t, b.client.ID, "customer é/42")
		a := b.exchange(t, "subject_token", "customer é/42", "subject_token_type", oauth.TypeExternalID)
		require.Equal(t, 200, a.status, a.text)
		p, err := b.Authenticate(t.Context(), a.token())
		require.NoError(t, err)
		require.Equal(t, u.ID, p.User)
	})

	t.Run("narrows_scopes", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.exchange(t, "scope", "accounts_read profile")
		require.Equal(t, "accounts_read profile", a.body["scope"], a.text)
		for _, scope := range []string{"users_manage", "accounts_read users_create", "webhooks_manage", "nothing"} {
			requireRefused(t, b.exchange(t, "scope", scope), 400, "invalid_scope")
		}
		require.Equal(t, 200, b.exchange(t, "requested_token_type", accessType).status)
	})

	t.Run("can_be_renewed_until_the_scope_for_it_is_gone", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.renew(t, b.exchange(t, "scope", "profile").refresh())
		require.Equal(t, 200, a.status, a.text)
		require.Equal(t, "profile", a.body["scope"])
		require.NotContains(t, a.body, "issued_token_type")
		b.client.Scopes = []client.Scope{client.Profile}
		b.putClient(t, b.client)
		requireRefused(t, b.renew(t, a.refresh()), 400, "invalid_grant")
	})
}

// TestExchange_refuses_RFC8693_section_2_2_2 is the table of errors; none of
// them issues anything or tells users of other clients from none at all.
func TestExchange_refuses_RFC8693_section_2_2_2(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other, _ := b.newClient(t)
	foreign := b.newUser(t, other.ID, "other@example.org", password)
	b.newExternal(t, other.ID, "theirs")
	unknown := b.exchange(t, "subject_token", string(ident.New[ident.User](ident.Real())))
	requireRefused(t, unknown, 400, "invalid_request")

	for name, c := range map[string]struct {
		pairs []string
		code  string
		same  bool // as for a user that does not exist
	}{
		"no subject":                   {[]string{"subject_token", "-"}, "invalid_request", false},
		"empty subject":                {[]string{"subject_token", ""}, "invalid_request", false},
		"no type":                      {[]string{"subject_token_type", "-"}, "invalid_request", false},
		"a type of RFC 8693":           {[]string{"subject_token_type", accessType}, "invalid_request", false},
		"an unknown type":              {[]string{"subject_token_type", "user"}, "invalid_request", false},
		"another client's user":        {[]string{"subject_token", string(foreign.ID)}, "invalid_request", true},
		"another client's external id": {[]string{"subject_token", "theirs", "subject_token_type", oauth.TypeExternalID}, "invalid_request", true},
		"unknown external id":          {[]string{"subject_token", "nobody", "subject_token_type", oauth.TypeExternalID}, "invalid_request", true},
		"id as external id":            {[]string{"subject_token_type", oauth.TypeExternalID}, "invalid_request", true},
		"malformed id":                 {[]string{"subject_token", "usr_'; DROP TABLE users"}, "invalid_request", true},
		"id of another kind":           {[]string{"subject_token", string(b.client.ID)}, "invalid_request", true},
		"an e-mail":                    {[]string{"subject_token", email}, "invalid_request", true},
		"an actor":                     {[]string{"actor_token", "x", "actor_token_type", accessType}, "invalid_request", false},
		"an actor without a type":      {[]string{"actor_token", "x"}, "invalid_request", false},
		"an actor's type":              {[]string{"actor_token_type", accessType}, "invalid_request", false},
		"another type to be issued":    {[]string{"requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request", false},
		"an empty type to be issued":   {[]string{"requested_token_type", ""}, "invalid_request", false},
		"a resource":                   {[]string{"resource", "https://api.example"}, "invalid_target", false},
		"an audience":                  {[]string{"audience", "x"}, "invalid_target", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := b.exchange(t, c.pairs...)
			requireRefused(t, a, 400, c.code)
			require.Equal(t, c.same, a.text == unknown.text)
		})
	}

	t.Run("client_without_users_manage", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.client.Scopes = userScopesAnd(client.UsersCreate)
		b.putClient(t, b.client)
		requireRefused(t, b.exchange(t), 400, "unauthorized_client")
		requireRefused(t, b.exchange(t, "subject_token", "nobody"), 400, "unauthorized_client")
	})

	t.Run("client_with_a_wrong_secret_or_none", func(t *testing.T) {
		t.Parallel()
		pairs := []string{"grant_type", exchangeType, "subject_token", string(b.user.ID), "subject_token_type", oauth.TypeUserID}
		requireRefused(t, b.send(t, b.request(t, form(pairs...))), 401, "invalid_client")
		requireRefused(t, b.postAs(t, b.client.ID, "trs_x", oauth.TokenPath, pairs...), 401, "invalid_client")
	})

	t.Run("deleted_user", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.update(t, func(tx store.Tx) error { return tx.Users().Delete(t.Context(), b.user) })
		requireRefused(t, b.exchange(t), 400, "invalid_request")
	})
}

// userScopesAnd are all scopes of users, and more.
func userScopesAnd(more ...client.Scope) []client.Scope { return append(oauth.UserScopes(), more...) }
