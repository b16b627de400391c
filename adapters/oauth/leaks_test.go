package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
)

// canary stands where secrets and addresses would.
const canary = "Canary5d07"

func TestFailures(t *testing.T) {
	t.Parallel()
	busy := &fault.Error{Kind: fault.Unavailable, Code: "busy", Message: "Busy.", RetryAfter: 3 * time.Second}
	broken := fault.New(fault.Internal, "store_failed", "The store failed.").Because(errors.New("disk on fire"))
	for name, c := range map[string]struct {
		fails      failing
		status     int
		code       string
		retryAfter string
	}{
		"reading, for now":  {failing{view: busy}, 503, "temporarily_unavailable", "3"},
		"reading":           {failing{view: broken}, 500, "server_error", ""},
		"reading, untyped":  {failing{view: errors.New("disk on fire")}, 500, "server_error", ""},
		"writing, for now":  {failing{update: busy}, 503, "temporarily_unavailable", "3"},
		"writing":           {failing{update: broken}, 500, "server_error", ""},
		"not told how long": {failing{update: fault.New(fault.Unavailable, "busy", "Busy.")}, 503, "temporarily_unavailable", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			c.fails.Store = b.store
			b.store = c.fails
			b.serve(t)
			for _, grant := range []string{"client_credentials", "password"} {
				a := b.post(t, "grant_type", grant, "username", email, "password", password)
				requireRefused(t, a, c.status, c.code)
				require.Equal(t, c.retryAfter, a.header.Get("Retry-After"))
				require.NotContains(t, a.text, "fire")
			}
			require.Contains(t, b.logs.String(), "token request failed")
			requireNoSecret(t, b, b.logs.String())
		})
	}

	t.Run("hashing", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		server := oauth.New(oauth.Config{Store: b.store, Hasher: busyHasher{}, Now: b.clock})
		recorder := post(server, b, form("grant_type", "password", "username", email, "password", password))
		require.Equal(t, http.StatusServiceUnavailable, recorder.Code)
		require.JSONEq(t, `{"error":"temporarily_unavailable","error_description":"The server is busy. Try again in a moment."}`, recorder.Body.String())
	})
}

type busyHasher struct{}

func (busyHasher) Hash(context.Context, secret.String) (string, error) {
	return "", fault.New(fault.Unavailable, "busy", "Busy.")
}

func (busyHasher) Verify(context.Context, string, secret.String) (bool, error) {
	return false, fault.New(fault.Unavailable, "busy", "Busy.")
}

// requireNoSecret looks for everything secret that the bench knows.
func requireNoSecret(t require.TestingT, b *bench, text string) {
	for _, hidden := range []string{password, b.secret, b.client.SecretHash, email, strings.ToLower(email), b.user.PasswordHash} {
		require.NotContains(t, text, hidden)
	}
}

func TestNothingSecretIsLoggedOrKept(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login := b.login(t)
	tokens := []secret.String{b.clientToken(t), login.token(), secret.New(login.refresh()), b.exchange(t).token(), b.renew(t, login.refresh()).token()}
	b.introspect(t, login.refresh())
	b.revoke(t, "token", login.refresh())
	refused := []answer{
		b.post(t, "grant_type", "password", "username", email, "password", password+"x"),
		b.post(t, "grant_type", "password", "username", email, "password", password, "scope", password),
		b.post(t, "grant_type", password),
		b.post(t, "grant_type", "client_credentials", "client_secret", b.secret),
	}
	for _, a := range refused {
		requireNoSecret(t, b, a.text+fmt.Sprint(a.header))
	}
	require.Contains(t, b.logs.String(), `"msg":"user tokens issued","grant_type":"password","client_id":"`+string(b.client.ID)+`","user_id":"`+string(b.user.ID)+`"`)
	require.Contains(t, b.logs.String(), `"msg":"password refused","client_id":"`+string(b.client.ID)+`"`)
	kept, err := json.Marshal(b.tokens.all())
	require.NoError(t, err)
	requireNoSecret(t, b, string(kept)+b.logs.String())
	for _, token := range tokens {
		require.NotContains(t, string(kept)+b.logs.String(), token.Reveal()[4:])
	}
}

// TestNoFormIsEchoed sends forms with a canary in any place, also in the header.
func TestNoFormIsEchoed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	names := []string{"grant_type", "scope", "username", "password", "client_id", "client_secret", "audience", "token", "token_type_hint", "refresh_token", "subject_token", "subject_token_type", "client_assertion", "client_assertion_type", canary}
	rapid.Check(t, func(t *rapid.T) {
		values := url.Values{}
		for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID).Draw(t, "names") {
			values.Set(name, rapid.SampledFrom([]string{
				canary, "password", "client_credentials", "refresh_token", exchangeType, oauth.TypeExternalID, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", string(b.client.ID), b.secret, "profile", "\x00\xff" + canary, "",
			}).Draw(t, name))
		}
		path := rapid.SampledFrom([]string{oauth.TokenPath, oauth.TokenPath, oauth.RevokePath, oauth.IntrospectPath}).Draw(t, "path")
		request := b.requestTo(t, path, values.Encode())
		if rapid.Bool().Draw(t, "header") {
			request.SetBasicAuth(rapid.SampledFrom([]string{canary, string(b.client.ID)}).Draw(t, "id"), rapid.SampledFrom([]string{canary, b.secret}).Draw(t, "secret"))
			request.Header.Set("PSU-IP-Address", rapid.SampledFrom([]string{canary, "198.51.100.1", ""}).Draw(t, "address"))
		}
		a := b.send(t, request)
		require.Less(t, a.status, 500, a.text)
		require.NotContains(t, a.text+fmt.Sprint(a.header), canary)
		requireNoSecret(t, b, a.text)
		if a.status != http.StatusOK {
			require.Len(t, a.body, 2)
		}
	})
	require.NotContains(t, b.logs.String(), canary)
	requireNoSecret(t, b, b.logs.String())
}
