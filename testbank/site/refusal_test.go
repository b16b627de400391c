package site_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
)

const refusingBank = `personas:
  - {login: coded, password: coded-pass1, holder: Ann, challenge: {kind: sms_code, code: "123456", tries: 2, expires_after: 2m}}
  - {login: phoned, password: phoned-pass1, holder: Bob, challenge: {kind: app_approval}}
  - {login: locking, password: locking-pass1, holder: Cat, behaviours: [{kind: locked, after_wrong_passwords: 2}]}
  - {login: keyed, password: "204816", holder: Dan, log_in: keypad}
`

// TestKeypad_of_the_whole_bank asks for the login first, whoever it is.
func TestKeypad_of_the_whole_bank(t *testing.T) {
	t.Parallel()
	w := open(t, []byte("bank: {site: {log_in: keypad}}\npersonas: [{login: ann, password: \"4711\", holder: Ann}, {login: bob, password: bob-pass1, holder: Bob, log_in: fields}]\n"))
	for _, login := range []string{"ann", "bob"} {
		require.Equal(t, "/web/modern/accounts", visit(t, w.url).modernIn(w.persona(login)).at.Path)
		require.Equal(t, "/web/classic/comptes.do", visit(t, w.url).classicIn(w.persona(login)).at.Path)
	}
	v := visit(t, w.url)
	at := v.posts(v.goes("/web/modern/login"), "/login", url.Values{"login": {"nobody"}})
	require.NotNil(t, at.find(named("positions")), "of nobody the bank says what it says of most")
}

// TestRefused says on the page why a log-in does not go on, and lets the customer begin again.
func TestRefused(t *testing.T) {
	t.Parallel()
	begun := func(t *testing.T, login string) (*world, *visitor, *page) {
		t.Helper()
		w := open(t, []byte(refusingBank))
		v := visit(t, w.url)
		return w, v, v.posts(v.modernLogIn(w.persona(login)), "/begin", nil)
	}
	wrong := url.Values{"code": {"000000"}}
	t.Run("too_many_codes", func(t *testing.T) {
		t.Parallel()
		w, v, at := begun(t, "coded")
		require.Contains(t, v.posts(at, "/security", wrong).text(), "incorrect")
		at = v.posts(at, "/security", wrong)
		require.Contains(t, at.text(), "Trop d'essais incorrects")
		require.NotNil(t, at.find(named("login")))
		require.Equal(t, "/web/modern/accounts", v.modernIn(w.persona("coded")).at.Path, "and may begin again")
	})
	t.Run("too_late", func(t *testing.T) {
		t.Parallel()
		w, v, at := begun(t, "coded")
		w.pass(3 * time.Minute)
		require.Contains(t, v.posts(at, "/security", wrong).text(), "Le délai de validation est dépassé")
	})
	t.Run("refused_on_the_phone", func(t *testing.T) {
		t.Parallel()
		_, v, _ := begun(t, "phoned")
		require.JSONEq(t, `{"state": "waiting"}`, string(v.goes("/web/modern/security/status").body))
		v.posts(v.goes("/app/phoned"), "/app/phoned", url.Values{"decision": {"refuse"}})
		require.JSONEq(t, `{"state": "ended"}`, string(v.goes("/web/modern/security/status").body))
		require.Contains(t, v.goes("/web/modern/security").text(), "La demande a été refusée")
	})
	t.Run("classic", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(refusingBank))
		v := visit(t, w.url)
		at := v.posts(v.classicLogIn(w.persona("coded")), "envoi.do", nil)
		at = v.posts(at, "secure.do", url.Values{"otp": {"000000"}})
		require.Contains(t, at.text(), "Le code saisi est incorrect")
		at = v.posts(at, "secure.do", url.Values{"otp": {"000000"}})
		require.Contains(t, at.text(), "Trop d'essais incorrects")
		require.NotNil(t, at.find(named("ident")))
	})
	t.Run("locked_after_wrong_passwords", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(refusingBank))
		p := config.Persona{Login: "locking", Password: "wrong"}
		require.Contains(t, visit(t, w.url).modernLogIn(p).text(), ends[config.BehaviourWrongPassword])
		require.Contains(t, visit(t, w.url).classicLogIn(p).text(), classicEnds[config.BehaviourLocked])
		require.Contains(t, visit(t, w.url).modernLogIn(w.persona("locking")).text(), ends[config.BehaviourLocked])
	})
	t.Run("keys_are_good_once", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(refusingBank))
		v := visit(t, w.url)
		at := v.posts(v.goes("/web/modern/login"), "/login", url.Values{"login": {"keyed"}})
		right := url.Values{"positions": {v.press(at, "204816")}}
		require.Contains(t, v.posts(at, "/login/password", url.Values{"positions": {"0"}}).text(), "incorrect")
		require.Contains(t, v.posts(at, "/login/password", right).text(), "incorrect", "the digits lie elsewhere by now")
		require.Equal(t, "/web/modern/accounts", v.modernIn(w.persona("keyed")).at.Path)
	})
}
