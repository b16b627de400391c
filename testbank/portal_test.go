package testbank_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLogIn(t *testing.T) {
	t.Parallel()
	t.Run("without_challenge", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		require.Equal(t, "AUTHENTICATED", w.logIn("plain", nil)["status"])
		require.InDelta(t, 1, w.stats("plain")["logins"], 0)
	})
	t.Run("wrong_password_and_unknown_login_say_the_same", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		known := w.refused("wrong_password", "POST", "/api/sessions", "", object{"login": "plain", "password": "canary-password"})
		unknown := w.refused("wrong_password", "POST", "/api/sessions", "", object{"login": "nobody", "password": "canary-password"})
		require.Equal(t, known, unknown)
		require.NotContains(t, known["message"], "canary")
		require.InDelta(t, 1, w.stats("plain")["wrong_passwords"], 0)
	})
	t.Run("persona_whose_password_is_always_wrong", func(t *testing.T) {
		t.Parallel()
		open(t).refused("wrong_password", "POST", "/api/sessions", "", object{"login": "wrong", "password": "p1"})
	})
	t.Run("unknown_key_is_refused", func(t *testing.T) {
		t.Parallel()
		open(t).refused("invalid_request", "POST", "/api/sessions", "", object{"login": "plain", "password": "p1", "atended": false})
	})
	t.Run("unattended_sends_no_code", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		w.refused("challenge_required", "POST", "/api/sessions", "", object{"login": "texted", "password": "p1", "attended": false})
		require.InDelta(t, 0, w.stats("texted")["codes_sent"], 0)
	})
	t.Run("slow_persona_answers_late", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		session := w.logIn("slow", nil)["session"].(string)
		w.ok("GET", "/api/accounts", session, nil)
		w.refused("wrong_password", "POST", "/api/sessions", "", object{"login": "slow", "password": "x"})
		require.Equal(t, []time.Duration{2 * time.Second, 2 * time.Second, 2 * time.Second}, w.waited)
	})
}

func TestCode(t *testing.T) {
	t.Parallel()
	t.Run("right_one_opens_the_session_and_trusts_the_device", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.logIn("texted", nil)
		require.Equal(t, "CHALLENGE", asked["status"])
		challenge := asked["challenge"].(object)
		require.Equal(t, "sms_code", challenge["kind"])
		require.Equal(t, "+33 6 ** ** ** 12", challenge["medium"])
		session := asked["session"].(string)
		w.refused("challenge_open", "GET", "/api/accounts", session, nil)
		answered := w.ok("POST", "/api/sessions/"+session+"/challenge", "", object{"code": "123456"})
		require.Equal(t, "AUTHENTICATED", answered["status"])
		w.ok("GET", "/api/accounts", session, nil)

		later := w.logIn("texted", object{"attended": false, "device_token": answered["device_token"]})
		require.Equal(t, "AUTHENTICATED", later["status"])
		require.InDelta(t, 1, w.stats("texted")["codes_sent"], 0)
		w.refused("challenge_required", "POST", "/api/sessions", "", object{
			"login": "polled", "password": "p1", "attended": false, "device_token": answered["device_token"],
		})
	})
	t.Run("no_device_is_trusted_where_the_persona_says_always", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		session := w.logIn("asked", nil)["session"].(string)
		token := w.ok("POST", "/api/sessions/"+session+"/challenge", "", object{"code": "123456"})["device_token"]
		require.Equal(t, "CHALLENGE", w.logIn("asked", object{"device_token": token})["status"])
	})
	t.Run("wrong_one_keeps_the_challenge_open_three_times", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("texted", nil)["session"].(string)
		answer := w.refused("wrong_code", "POST", path+"/challenge", "", object{"code": "000000"})
		require.InDelta(t, 2, answer["tries_left"], 0)
		w.refused("wrong_code", "POST", path+"/challenge", "", object{"code": "000000"})
		require.Equal(t, "CHALLENGE", w.ok("GET", path, "", nil)["status"])
		w.refused("too_many_codes", "POST", path+"/challenge", "", object{"code": "000000"})
		w.refused("too_many_codes", "POST", path+"/challenge", "", object{"code": "123456"})
		w.refused("too_many_codes", "GET", path, "", nil)
		require.InDelta(t, 3, w.stats("texted")["wrong_codes"], 0)
	})
	t.Run("expires", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("texted", nil)["session"].(string)
		w.pass(5*time.Minute + time.Second)
		w.refused("code_expired", "POST", path+"/challenge", "", object{"code": "123456"})
		w.pass(10 * time.Minute)
		w.refused("session_expired", "GET", path, "", nil)
	})
	t.Run("is_no_answer_where_none_was_asked", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("plain", nil)["session"].(string)
		w.refused("invalid_request", "POST", path+"/challenge", "", object{"code": "123456"})
	})
}

func TestApproval(t *testing.T) {
	t.Parallel()
	t.Run("comes_by_itself_after_polls", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("polled", nil)["session"].(string)
		require.Equal(t, "CHALLENGE", w.ok("GET", path, "", nil)["status"])
		done := w.ok("GET", path, "", nil)
		require.Equal(t, "AUTHENTICATED", done["status"])
		require.NotEmpty(t, done["device_token"])
	})
	t.Run("is_given_on_the_phone", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("phoned", nil)["session"].(string)
		_, phone := w.page("/app/phoned", nil)
		require.Contains(t, phone, "log-in at the customer portal")
		response, _ := w.page("/app/phoned", url.Values{"decision": {"approve"}})
		require.Equal(t, 303, response.StatusCode)
		require.Equal(t, "AUTHENTICATED", w.ok("GET", path, "", nil)["status"])
		_, phone = w.page("/app/phoned", nil)
		require.Contains(t, phone, "Nothing waits for you")
	})
	t.Run("is_refused_on_the_phone", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("phoned", nil)["session"].(string)
		w.page("/app/phoned", url.Values{"decision": {"refuse"}})
		w.refused("approval_refused", "GET", path, "", nil)
	})
	t.Run("is_not_given_in_time", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("phoned", nil)["session"].(string)
		w.pass(5*time.Minute + time.Second)
		w.refused("code_expired", "GET", path, "", nil)
	})
	t.Run("on_a_page_of_the_bank_goes_on_to_the_return_url", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.logIn("sent", object{"return_url": "https://third.example/back?a=1", "state": "s1"})
		page := asked["challenge"].(object)["url"].(string)[len(w.url):]
		_, text := w.page(page, nil)
		require.Contains(t, text, "Was that you?")
		response, _ := w.page(page, url.Values{"decision": {"approve"}})
		target, err := response.Location()
		require.NoError(t, err)
		require.Equal(t, "third.example", target.Host)
		require.Equal(t, "1", target.Query().Get("a"))
		require.Equal(t, "s1", target.Query().Get("state"))
		require.Equal(t, "AUTHENTICATED", w.ok("GET", "/api/sessions/"+asked["session"].(string), "", nil)["status"])
		response, _ = w.page(page, url.Values{"decision": {"approve"}})
		require.Equal(t, 404, response.StatusCode)
	})
}

func TestSession_ends(t *testing.T) {
	t.Parallel()
	t.Run("by_logging_out", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		session := w.logIn("plain", nil)["session"].(string)
		w.ok("DELETE", "/api/sessions/"+session, "", nil)
		w.refused("session_expired", "GET", "/api/accounts", session, nil)
	})
	t.Run("by_time", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		session := w.logIn("plain", nil)["session"].(string)
		w.pass(10*time.Minute + time.Second)
		w.refused("session_expired", "GET", "/api/accounts", session, nil)
	})
}

func TestData(t *testing.T) {
	t.Parallel()
	w := open(t)
	session := w.logIn("plain", nil)["session"].(string)
	account := "/api/accounts/plain-current"

	require.Len(t, w.ok("GET", "/api/accounts", session, nil)["accounts"], 2)
	booked := w.ok("GET", account+"/balances", session, nil)["balances"].([]any)[0].(object)
	require.Equal(t, object{"type": "BOOKED", "amount": "100.00", "currency": "EUR", "as_of": "2026-03-14"}, booked)

	first := w.ok("GET", account+"/transactions", session, nil)
	require.Len(t, first["transactions"], 2)
	require.InDelta(t, 2, first["next_page"], 0)
	last := w.ok("GET", account+"/transactions?page=2", session, nil)
	require.Len(t, last["transactions"], 1)
	require.NotContains(t, last, "next_page")
	require.Empty(t, w.ok("GET", account+"/transactions?page=3", session, nil)["transactions"])
	require.InDelta(t, 1, w.ok("GET", account+"/transactions?from=2026-03-13&to=2026-03-13", session, nil)["total"], 0)

	w.refused("invalid_request", "GET", account+"/transactions?from=yesterday", session, nil)
	w.refused("invalid_request", "GET", account+"/transactions?page=0", session, nil)
	w.refused("not_found", "GET", "/api/accounts/texted-card/balances", session, nil)
	w.refused("session_expired", "GET", "/api/accounts", "", nil)
}
