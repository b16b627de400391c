package testbank_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const returnURL = "https://third.example/connect/return"

// consent begins one and gives the path of its page.
func (w *world) consent() string {
	w.t.Helper()
	answer := w.ok("POST", "/redirect/consents", "", object{"return_url": returnURL, "state": "st1"})
	return strings.TrimPrefix(answer["url"].(string), w.url)
}

// granted walks the pages of a persona without challenge and gives the code of the return.
func (w *world) granted(login string, accounts ...string) string {
	w.t.Helper()
	page := w.consent()
	w.page(page, url.Values{"login": {login}, "password": {"p1"}})
	return w.approved(page, accounts...)
}

func (w *world) approved(page string, accounts ...string) string {
	w.t.Helper()
	response, text := w.page(page, url.Values{"decision": {"approve"}, "accounts": accounts})
	require.Equal(w.t, 303, response.StatusCode, text)
	target, err := response.Location()
	require.NoError(w.t, err)
	require.Equal(w.t, "st1", target.Query().Get("state"))
	return target.Query().Get("code")
}

func TestConsent_covers_chosen_payment_accounts_only(t *testing.T) {
	t.Parallel()
	w := open(t)
	tokens := w.ok("POST", "/redirect/token", "", object{"code": w.granted("plain", "plain-current", "plain-savings", "texted-card")})
	require.Equal(t, "2026-06-12", tokens["consent_valid_until"])
	require.Equal(t, []any{"plain-current"}, tokens["accounts"])
	access := tokens["access_token"].(string)
	accounts := w.ok("GET", "/api/accounts", access, nil)["accounts"].([]any)
	require.Len(t, accounts, 1)
	require.Equal(t, "plain-current", accounts[0].(object)["id"])
	w.refused("not_found", "GET", "/api/accounts/plain-savings/balances", access, nil)
	w.refused("session_expired", "GET", "/api/accounts", tokens["refresh_token"].(string), nil)
}

// Access tokens that are ended before their time are over; what they were given for lives on.
func TestTokens_are_ended_by_the_operator(t *testing.T) {
	t.Parallel()
	w := open(t)
	tokens := w.ok("POST", "/redirect/token", "", object{"code": w.granted("plain", "plain-current")})
	w.ok("POST", "/api/admin/personas/texted/end-tokens", "", nil)
	w.ok("GET", "/api/accounts", tokens["access_token"].(string), nil)
	w.ok("POST", "/api/admin/personas/plain/end-tokens", "", nil)
	w.refused("token_expired", "GET", "/api/accounts", tokens["access_token"].(string), nil)
	renewed := w.ok("POST", "/redirect/token", "", object{"refresh_token": tokens["refresh_token"]})
	w.ok("GET", "/api/accounts", renewed["access_token"].(string), nil)
	w.refused("not_found", "POST", "/api/admin/personas/nobody/end-tokens", "", nil)
}

func TestConsentPage(t *testing.T) {
	t.Parallel()
	t.Run("asks_for_a_code_and_says_when_it_is_wrong", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		page := w.consent()
		_, text := w.page(page, nil)
		require.Contains(t, text, `name="password"`)
		_, text = w.page(page, url.Values{"login": {"texted"}, "password": {"canary"}})
		require.Contains(t, text, "The login or the password is wrong.")
		require.NotContains(t, text, "canary")
		w.page(page, url.Values{"login": {"texted"}, "password": {"p1"}})
		_, text = w.page(page, nil)
		require.Contains(t, text, "We have sent a code to &#43;33 6 ** ** ** 12")
		_, text = w.page(page, url.Values{"code": {"1"}})
		require.Contains(t, text, "The code is wrong.")
		w.page(page, url.Values{"code": {"123456"}})
		require.NotEmpty(t, w.approved(page, "texted-card"))
	})
	t.Run("waits_for_the_phone", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		page := w.consent()
		w.page(page, url.Values{"login": {"phoned"}, "password": {"p1"}})
		_, text := w.page(page, nil)
		require.Contains(t, text, "Approve in your app")
		w.page("/app/phoned", url.Values{"decision": {"approve"}})
		_, text = w.page(page, nil)
		require.Contains(t, text, "Share your accounts")
	})
	t.Run("ends_with_the_third_wrong_code", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		page := w.consent()
		w.page(page, url.Values{"login": {"texted"}, "password": {"p1"}})
		for range 2 {
			w.page(page, url.Values{"code": {"1"}})
		}
		response, text := w.page(page, url.Values{"code": {"1"}})
		require.Equal(t, 403, response.StatusCode)
		require.Contains(t, text, "Too many wrong answers")
	})
	t.Run("can_be_refused_at_every_step", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		for _, steps := range [][]url.Values{
			{}, {{"login": {"texted"}, "password": {"p1"}}}, {{"login": {"plain"}, "password": {"p1"}}},
		} {
			page := w.consent()
			for _, step := range steps {
				w.page(page, step)
			}
			response, _ := w.page(page, url.Values{"decision": {"refuse"}})
			require.Equal(t, returnURL+"?error=access_denied&state=st1", response.Header.Get("Location"))
			response, _ = w.page(page, url.Values{"decision": {"approve"}, "accounts": {"plain-current"}})
			require.Equal(t, 200, response.StatusCode, "decided already")
		}
	})
	t.Run("takes_no_short_cut", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		page := w.consent()
		response, _ := w.page(page, url.Values{"decision": {"approve"}, "accounts": {"plain-current"}})
		require.Equal(t, 200, response.StatusCode)
		w.page(page, url.Values{"login": {"plain"}, "password": {"p1"}})
		_, text := w.page(page, url.Values{"decision": {"approve"}})
		require.Contains(t, text, "Choose at least one account.")
	})
	t.Run("expires", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		page := w.consent()
		w.pass(16 * time.Minute)
		response, _ := w.page(page, nil)
		require.Equal(t, 410, response.StatusCode)
	})
	t.Run("escapes_what_the_file_says", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		page := w.consent()
		w.page(page, url.Values{"login": {"hostile"}, "password": {"p1"}})
		response, text := w.page(page, nil)
		require.NotContains(t, text, "<script")
		require.NotContains(t, text, "<img")
		require.Contains(t, text, "&lt;img src=x")
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'")
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	t.Run("codes_and_refresh_tokens_work_once", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		code := w.granted("plain", "plain-current")
		first := w.ok("POST", "/redirect/token", "", object{"code": code})
		w.refused("invalid_grant", "POST", "/redirect/token", "", object{"code": code})
		second := w.ok("POST", "/redirect/token", "", object{"refresh_token": first["refresh_token"]})
		require.NotEqual(t, first["refresh_token"], second["refresh_token"])
		w.refused("invalid_grant", "POST", "/redirect/token", "", object{"refresh_token": first["refresh_token"]})
		w.ok("GET", "/api/accounts", second["access_token"].(string), nil)
		require.InDelta(t, 1, w.stats("plain")["tokens_refreshed"], 0)
	})
	t.Run("access_expires_in_real_time", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		tokens := w.ok("POST", "/redirect/token", "", object{"code": w.granted("plain", "plain-current")})
		w.pass(11 * time.Minute)
		w.refused("token_expired", "GET", "/api/accounts", tokens["access_token"].(string), nil)
	})
	t.Run("consent_expires_by_the_banks_clock", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		tokens := w.ok("POST", "/redirect/token", "", object{"code": w.granted("plain", "plain-current")})
		access, status := tokens["access_token"].(string), "/redirect/consents/"+tokens["consent_id"].(string)
		w.ok("POST", "/api/admin/clock", "", object{"offset_seconds": 90 * 86400})
		w.ok("GET", "/api/accounts", access, nil)
		w.ok("POST", "/api/admin/clock", "", object{"offset_seconds": 91 * 86400})
		w.refused("consent_expired", "GET", "/api/accounts", access, nil)
		w.refused("consent_expired", "POST", "/redirect/token", "", object{"refresh_token": tokens["refresh_token"]})
		require.Equal(t, "EXPIRED", w.ok("GET", status, "", nil)["status"])
	})
	t.Run("revoked_consent_ends_them", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		tokens := w.ok("POST", "/redirect/token", "", object{"code": w.granted("plain", "plain-current")})
		path := "/redirect/consents/" + tokens["consent_id"].(string)
		w.refused("not_found", "DELETE", path, "guess", nil)
		w.ok("DELETE", path, tokens["refresh_token"].(string), nil)
		w.refused("consent_expired", "GET", "/api/accounts", tokens["access_token"].(string), nil)
		require.Equal(t, "REVOKED", w.ok("GET", path, "", nil)["status"])
	})
	t.Run("refresh_survives_a_restart_of_the_bank_and_still_works_once", func(t *testing.T) {
		t.Parallel()
		before, after := open(t), open(t)
		old := before.ok("POST", "/redirect/token", "", object{"code": before.granted("plain", "plain-current")})
		refresh := old["refresh_token"].(string)
		after.refused("session_expired", "GET", "/api/accounts", old["access_token"].(string), nil)
		after.refused("invalid_grant", "POST", "/redirect/token", "", object{"refresh_token": refresh + "0"})
		after.refused("invalid_grant", "POST", "/redirect/token", "", object{"refresh_token": "ref_e30." + refresh[len(refresh)-64:]})
		renewed := after.ok("POST", "/redirect/token", "", object{"refresh_token": refresh})
		require.Equal(t, old["consent_valid_until"], renewed["consent_valid_until"])
		require.Equal(t, old["accounts"], renewed["accounts"])
		require.Len(t, after.ok("GET", "/api/accounts", renewed["access_token"].(string), nil)["accounts"], 1)
		after.refused("invalid_grant", "POST", "/redirect/token", "", object{"refresh_token": refresh})
	})
	t.Run("bad_requests", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		w.refused("invalid_request", "POST", "/redirect/token", "", object{})
		w.refused("invalid_request", "POST", "/redirect/token", "", object{"code": "a", "refresh_token": "b"})
		for _, bad := range []string{"", "/relative", "javascript:alert(1)", "https://user:pw@host/", "https:///nohost"} {
			w.refused("invalid_request", "POST", "/redirect/consents", "", object{"return_url": bad, "state": "s"})
		}
	})
}
