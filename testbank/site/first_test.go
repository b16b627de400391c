package site_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

const firstBank = `bank: {site: {codes: at_once}}
personas:
  - {login: stale, password: stale-pass1, holder: Max, behaviours: [{kind: password_change}]}
  - {login: digits, password: "204816", holder: Pam, log_in: keypad, behaviours: [{kind: password_change}]}
  - {login: both, password: both-pass1, holder: Nia, challenge: {kind: sms_code, code: "123456"}, behaviours: [{kind: terms}]}
`

// TestFirst leads through what has to be done first, and shows nothing before.
func TestFirst(t *testing.T) {
	t.Parallel()
	t.Run("modern_password", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(firstBank))
		v, p := visit(t, w.url), w.persona("stale")
		at := v.modernLogIn(p)
		require.Equal(t, "/web/modern/password", at.at.Path)
		require.Equal(t, at.at.Path, v.goes("/web/modern/accounts").at.Path)
		require.Equal(t, 401, v.goes("/web/modern/api/accounts/x/operations?page=1").status)
		change := func(current, chosen, repeated string) *page {
			return v.posts(at, "/password", url.Values{"current": {current}, "new_password": {chosen}, "repeated": {repeated}})
		}
		require.Contains(t, change(p.Password, "canary-new1", "canary-new2").text(), "n'a pas pu être prise en compte")
		require.Contains(t, change("wrong-one", "canary-new1", "canary-new1").text(), "incorrect")
		require.Contains(t, change(p.Password, "short", "short").text(), "n'a pas pu être prise en compte")
		require.Equal(t, "/web/modern/accounts", change(p.Password, "canary-new1", "canary-new1").at.Path)
		require.Contains(t, visit(t, w.url).modernLogIn(p).text(), ends[config.BehaviourWrongPassword])
		p.Password = "canary-new1"
		require.Equal(t, "/web/modern/accounts", visit(t, w.url).modernLogIn(p).at.Path)
	})
	t.Run("modern_password_of_digits", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(firstBank))
		v, p := visit(t, w.url), w.persona("digits")
		at := v.modernLogIn(p)
		letters := url.Values{"current": {p.Password}, "new_password": {"letters-1"}, "repeated": {"letters-1"}}
		require.Equal(t, "/web/modern/password", v.posts(at, "/password", letters).at.Path)
		require.Equal(t, "/web/modern/accounts", v.posts(at, "/password", url.Values{"current": {p.Password}, "new_password": {"4711"}, "repeated": {"4711"}}).at.Path)
	})
	t.Run("modern_terms_after_a_code_that_came_at_once", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(firstBank))
		v, p := visit(t, w.url), w.persona("both")
		at := v.modernLogIn(p)
		require.Equal(t, 1, w.stats(t, "both")["codes_sent"])
		at = v.modernFactor(at, p)
		require.Equal(t, "/web/modern/terms", at.at.Path)
		require.Contains(t, v.posts(at, "/terms", nil).text(), "Cochez la case")
		require.Equal(t, "/web/modern/terms", v.goes("/web/modern/loans").at.Path)
		require.Equal(t, "/web/modern/accounts", v.posts(at, "/terms", url.Values{"accept": {"yes"}}).at.Path)
	})
	t.Run("classic", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(firstBank))
		v := visit(t, w.url)
		at := v.classicLogIn(w.persona("stale"))
		require.Equal(t, "/web/classic/mdp.do", at.at.Path)
		require.Equal(t, at.at.Path, v.goes("/web/classic/comptes.do").at.Path)
		at = v.posts(at, "mdp.do", url.Values{"ancien": {"stale-pass1"}, "nouveau": {"short"}, "encore": {"short"}})
		require.Equal(t, "/web/classic/mdp.do", at.at.Path)
		// Browsers send what is typed in the encoding of the page.
		at = v.posts(at, "mdp.do", url.Values{"ancien": {"stale-pass1"}, "nouveau": {"\xe9t\xe9-pass2"}, "encore": {"\xe9t\xe9-pass2"}})
		require.Equal(t, "/web/classic/comptes.do", at.at.Path)
		p := w.persona("stale")
		p.Password = "été-pass2"
		require.Equal(t, "/web/modern/accounts", visit(t, w.url).modernLogIn(p).at.Path, "and mean the same")
		v, p = visit(t, w.url), w.persona("both")
		at = v.classicFactor(v.classicLogIn(p), p)
		require.Equal(t, "/web/classic/cgu.do", at.at.Path)
		require.Equal(t, "/web/classic/comptes.do", v.posts(at, "cgu.do", nil).at.Path)
	})
}

// TestPasswords_are_nowhere but in the request that brings them: on no page and in no record.
func TestPasswords_are_nowhere(t *testing.T) {
	t.Parallel()
	file, err := config.Parse([]byte(strings.ReplaceAll(smallBank, "-pass1", "-canary1")))
	require.NoError(t, err)
	var mu sync.Mutex
	var records strings.Builder
	server, err := testbank.New(file, bank.Options{Record: func(visit bank.Visit) {
		mu.Lock()
		defer mu.Unlock()
		require.NoError(t, json.NewEncoder(&records).Encode(visit))
	}})
	require.NoError(t, err)
	listener := httptest.NewServer(server)
	t.Cleanup(func() { server.Close(); listener.Close() })
	for _, password := range []string{"plain-canary1", "wrong-canary1"} {
		p := config.Persona{Login: "plain", Password: password}
		for _, at := range []*page{visit(t, listener.URL).modernLogIn(p), visit(t, listener.URL).classicLogIn(p)} {
			require.NotContains(t, string(at.body), "canary1")
			require.NotContains(t, at.at.String(), "canary1")
		}
	}
	mu.Lock()
	defer mu.Unlock()
	require.Contains(t, records.String(), `"login":"plain"`)
	require.NotContains(t, records.String(), "canary1")
}
