package testbank_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func credentials(login, password string) object { return object{"login": login, "password": password} }

func TestOptions(t *testing.T) {
	t.Parallel()
	t.Run("choose_where_the_code_is_sent", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.logIn("chooser", nil)
		challenge := asked["challenge"].(object)
		require.Equal(t, "options", challenge["kind"])
		require.Equal(t, []any{object{"value": "sms", "label": "Text"}, object{"value": "mail", "label": "a***@example.com"}}, challenge["options"])
		require.InDelta(t, 0, w.stats("chooser")["codes_sent"], 0, "nothing is sent before the choice")
		path := "/api/sessions/" + asked["session"].(string) + "/challenge"
		w.refused("invalid_request", "POST", path, "", object{"code": "1234"})
		w.refused("wrong_option", "POST", path, "", object{"option": "pigeon"})
		sent := w.ok("POST", path, "", object{"option": "mail"})["challenge"].(object)
		require.Equal(t, "sms_code", sent["kind"])
		require.Equal(t, "a***@example.com", sent["medium"])
		require.InDelta(t, 1, w.stats("chooser")["codes_sent"], 0)
		w.refused("invalid_request", "POST", path, "", object{"option": "sms"})
		require.Equal(t, "AUTHENTICATED", w.ok("POST", path, "", object{"code": "1234"})["status"])
	})
	t.Run("without_code_the_choice_is_all", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.logIn("picker", nil)
		require.Equal(t, "How do you want to confirm that it is you?", asked["challenge"].(object)["question"])
		done := w.ok("POST", "/api/sessions/"+asked["session"].(string)+"/challenge", "", object{"option": "business"})
		require.Equal(t, "AUTHENTICATED", done["status"])
		require.NotEmpty(t, done["device_token"])
	})
	t.Run("too_many_wrong_ones_end_it", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		path := "/api/sessions/" + w.logIn("picker", nil)["session"].(string) + "/challenge"
		w.refused("wrong_option", "POST", path, "", object{"option": "x"})
		w.refused("wrong_option", "POST", path, "", object{"option": "x"})
		w.refused("too_many_codes", "POST", path, "", object{"option": "x"})
		w.refused("too_many_codes", "POST", path, "", object{"option": "private"})
	})
	t.Run("on_the_page", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		page := w.consent()
		w.page(page, url.Values{"login": {"chooser"}, "password": {"p1"}})
		_, text := w.page(page, nil)
		require.Contains(t, text, "&lt;i&gt;Where&lt;/i&gt;?")
		require.Contains(t, text, `value="mail"`)
		w.page(page, url.Values{"option": {"mail"}})
		_, text = w.page(page, nil)
		require.Contains(t, text, "We have sent a code to a***@example.com.")
		w.page(page, url.Values{"code": {"1234"}})
		require.NotEmpty(t, w.approved(page, "chooser-current"))
	})
}

func TestImage(t *testing.T) {
	t.Parallel()
	w := open(t)
	asked := w.logIn("reader", nil)
	challenge := asked["challenge"].(object)
	require.Equal(t, "image/png", challenge["media_type"])
	require.NotEmpty(t, challenge["image"])
	path := "/api/sessions/" + asked["session"].(string) + "/challenge"
	w.refused("wrong_code", "POST", path, "", object{"code": "0000"})
	require.Equal(t, "AUTHENTICATED", w.ok("POST", path, "", object{"code": "4711"})["status"])

	page := w.consent()
	response, _ := w.page(page+"/image", nil)
	require.Equal(t, 404, response.StatusCode, "before the log-in there is no picture")
	w.page(page, url.Values{"login": {"reader"}, "password": {"p1"}})
	_, text := w.page(page, nil)
	require.Contains(t, text, `src="`+page+`/image"`)
	response, _ = w.page(page+"/image", nil)
	require.Equal(t, "image/png", response.Header.Get("Content-Type"))
	w.page(page, url.Values{"code": {"4711"}})
	require.NotEmpty(t, w.approved(page, "reader-current"))
}

func TestQuestion(t *testing.T) {
	t.Parallel()
	w := open(t)
	asked := w.logIn("quizzed", nil)
	require.Equal(t, "<b>Where</b> born?", asked["challenge"].(object)["question"])
	path := "/api/sessions/" + asked["session"].(string) + "/challenge"
	require.EqualValues(t, 1, w.refused("wrong_code", "POST", path, "", object{"code": "Brest"})["tries_left"])
	w.refused("invalid_request", "POST", path, "", object{"option": "Saint-Malo"})
	require.Equal(t, "AUTHENTICATED", w.ok("POST", path, "", object{"code": " SAINT-malo "})["status"])

	page := w.consent()
	w.page(page, url.Values{"login": {"quizzed"}, "password": {"p1"}})
	_, text := w.page(page, nil)
	require.Contains(t, text, "&lt;b&gt;Where&lt;/b&gt; born?")
	w.page(page, url.Values{"code": {"Saint-Malo"}})
	require.NotEmpty(t, w.approved(page, "quizzed-current"))
}

func TestLocked(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.refused("account_locked", "POST", "/api/sessions", "", credentials("locked", "p1"))
	w.refused("wrong_password", "POST", "/api/sessions", "", credentials("locked", "x"))

	w.refused("wrong_password", "POST", "/api/sessions", "", credentials("locking", "x"))
	w.logIn("locking", nil)
	w.refused("wrong_password", "POST", "/api/sessions", "", credentials("locking", "x"))
	w.refused("account_locked", "POST", "/api/sessions", "", credentials("locking", "x"))
	w.refused("account_locked", "POST", "/api/sessions", "", credentials("locking", "p1"))
	w.ok("POST", "/api/admin/personas/locking/forgive", "", nil)
	w.logIn("locking", nil)
	w.refused("not_found", "POST", "/api/admin/personas/nobody/forgive", "", nil)
}

func TestPasswordChange_is_made_on_the_banks_page(t *testing.T) {
	t.Parallel()
	w := open(t)
	refusal := w.refused("password_change_required", "POST", "/api/sessions", "", credentials("stale", "p1"))
	require.Equal(t, w.url+"/password/stale", refusal["url"])
	_, text := w.page("/password/stale", nil)
	require.Contains(t, text, `name="new_password"`)
	for _, bad := range []url.Values{
		{"password": {"canary-wrong"}, "new_password": {"better-pass1"}}, {"password": {"p1"}, "new_password": {"p2"}}, {},
	} {
		_, text = w.page("/password/stale", bad)
		require.Contains(t, text, `role="alert"`)
		require.NotContains(t, text, "canary")
	}
	_, text = w.page("/password/stale", url.Values{"password": {"p1"}, "new_password": {"better-pass1"}})
	require.Contains(t, text, "Nothing is left to do")
	w.refused("wrong_password", "POST", "/api/sessions", "", credentials("stale", "p1"))
	w.ok("POST", "/api/sessions", "", credentials("stale", "better-pass1"))
	response, _ := w.page("/password/stale", url.Values{"password": {"better-pass1"}, "new_password": {"again-pass1"}})
	require.Equal(t, 404, response.StatusCode)
}

func TestTerms_are_accepted_on_the_banks_page(t *testing.T) {
	t.Parallel()
	w := open(t)
	refusal := w.refused("user_action_required", "POST", "/api/sessions", "", credentials("terms", "p1"))
	require.Equal(t, w.url+"/terms/terms", refusal["url"])
	page := w.consent()
	_, text := w.page(page, url.Values{"login": {"terms"}, "password": {"p1"}})
	require.Contains(t, text, `href="/terms/terms"`)
	_, text = w.page("/terms/terms", nil)
	require.Contains(t, text, "I accept")
	w.page("/terms/terms", url.Values{})
	w.logIn("terms", nil)
	response, _ := w.page("/terms/terms", url.Values{})
	require.Equal(t, 404, response.StatusCode)
}

// dataCall reads with or without the customer there and gives the status and the body.
func (w *world) dataCall(path, bearer string, attended bool) (int, object) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, nil)
	require.NoError(w.t, err)
	request.Header.Set("Authorization", "Bearer "+bearer)
	if attended {
		request.Header.Set("PSU-IP-Address", "192.0.2.1")
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	body := object{}
	require.NoError(w.t, json.NewDecoder(response.Body).Decode(&body))
	return response.StatusCode, body
}

func TestQuota(t *testing.T) {
	t.Parallel()
	w := open(t)
	session := w.logIn("metered", nil)["session"].(string)
	const rows = "/api/accounts/metered-current/transactions"
	calls := func(path string, attended bool) int { status, _ := w.dataCall(path, session, attended); return status }
	require.Equal(t, 200, calls(rows, false))
	w.pass(5 * time.Minute)
	require.Equal(t, 200, calls(rows+"?page=1", false))
	status, refusal := w.dataCall(rows, session, false)
	require.Equal(t, 429, status)
	require.Equal(t, "quota_exceeded", refusal["code"])
	require.Equal(t, "Plafond atteint", refusal["message"])
	require.Equal(t, "2026-03-15T09:00:00Z", refusal["retry_at"], "when the first of them is a day old")
	require.Equal(t, 200, calls(rows+"?page=2", false), "a further page belongs to the first")
	for range 3 {
		require.Equal(t, 200, calls(rows, true), "the customer is there")
	}
	require.Equal(t, 200, calls("/api/accounts/metered-savings/transactions", false), "another account")
	require.Equal(t, 200, calls("/api/accounts/metered-current/balances", false), "another kind of data")
	require.Equal(t, 404, calls("/api/accounts/plain-current/balances", false))
	require.InDelta(t, 1, w.stats("metered")["quota_refused"], 0)

	w.ok("POST", "/api/admin/clock", "", object{"now": "2026-03-15T09:01:00Z"})
	require.Equal(t, 200, calls(rows, false))
	require.Equal(t, 429, calls(rows, false), "the second of the day before still counts")
}

func TestDown(t *testing.T) {
	t.Parallel()
	t.Run("always", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		status, answer := w.call("POST", "/api/sessions", "", credentials("dead", "p1"))
		require.Equal(t, 503, status)
		require.Equal(t, "unavailable", answer["code"])
		require.NotContains(t, answer, "retry_at")
	})
	t.Run("each_night_by_the_banks_clock", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		session := w.logIn("night", nil)["session"].(string)
		tokens := w.ok("POST", "/redirect/token", "", object{"code": w.granted("night", "night-current")})
		for now, back := range map[string]string{
			"2026-03-14T20:59:00Z": "", "2026-03-14T21:00:00Z": "2026-03-15T05:30:00Z",
			"2026-03-15T05:29:00Z": "2026-03-15T05:30:00Z", "2026-03-15T05:30:00Z": "",
		} {
			w.ok("POST", "/api/admin/clock", "", object{"now": now})
			for _, credential := range []string{session, tokens["access_token"].(string)} {
				status, answer := w.dataCall("/api/accounts", credential, true)
				if back == "" {
					require.Equal(t, 200, status, now)
					continue
				}
				require.Equal(t, 503, status, now)
				require.Equal(t, back, answer["retry_at"], now)
			}
		}
	})
	t.Run("within_a_day", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		w.logIn("noon", nil)
		w.ok("POST", "/api/admin/clock", "", object{"now": "2026-03-14T11:30:00Z"})
		_, answer := w.call("POST", "/api/sessions", "", credentials("noon", "p1"))
		require.Equal(t, "2026-03-14T12:00:00Z", answer["retry_at"])
	})
	t.Run("spends_no_token", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		code := w.granted("night", "night-current")
		w.ok("POST", "/api/admin/clock", "", object{"now": "2026-03-14T22:00:00Z"})
		status, _ := w.call("POST", "/redirect/token", "", object{"code": code})
		require.Equal(t, 503, status)
		w.ok("POST", "/api/admin/clock", "", object{"offset_seconds": 0})
		refresh := object{"refresh_token": w.ok("POST", "/redirect/token", "", object{"code": code})["refresh_token"]}
		w.ok("POST", "/api/admin/clock", "", object{"now": "2026-03-14T22:00:00Z"})
		status, _ = w.call("POST", "/redirect/token", "", refresh)
		require.Equal(t, 503, status)
		w.ok("POST", "/api/admin/clock", "", object{"offset_seconds": 0})
		w.ok("POST", "/redirect/token", "", refresh)
		w.refused("invalid_grant", "POST", "/redirect/token", "", refresh)
	})
}

func TestConsentLifetime_of_one_persona(t *testing.T) {
	t.Parallel()
	w := open(t)
	tokens := w.ok("POST", "/redirect/token", "", object{"code": w.granted("weekly", "weekly-current")})
	require.Equal(t, "2026-03-21", tokens["consent_valid_until"])
	w.ok("POST", "/api/admin/clock", "", object{"offset_seconds": 8 * 86400})
	w.refused("consent_expired", "GET", "/api/accounts", tokens["access_token"].(string), nil)
}

func TestJointAccount_is_shown_to_both_in_both_currencies(t *testing.T) {
	t.Parallel()
	w := open(t)
	accounts := w.ok("GET", "/api/accounts", w.logIn("mate", nil)["session"].(string), nil)["accounts"].([]any)
	require.Len(t, accounts, 2)
	require.Equal(t, accounts, w.ok("GET", "/api/accounts", w.logIn("weekly", nil)["session"].(string), nil)["accounts"])
	euros, dollars := accounts[0].(object), accounts[1].(object)
	require.Equal(t, "Ray, Sam", euros["holder"])
	require.Equal(t, euros["iban"], dollars["iban"])
	require.Equal(t, "USD", dollars["currency"])
	require.NotEqual(t, euros["id"], dollars["id"])
}

func TestTruth_tells_how_the_bank_stands_with_each(t *testing.T) {
	t.Parallel()
	w := open(t)
	standings := map[string]object{}
	for _, p := range w.ok("GET", "/api/admin/truth", "", nil)["personas"].([]any) {
		standings[p.(object)["login"].(string)] = p.(object)["standing"].(object)
	}
	require.Equal(t, object{"locked": false, "password_change_required": false, "terms_to_accept": false, "down": false}, standings["plain"])
	require.Equal(t, true, standings["locked"]["locked"])
	require.Equal(t, false, standings["locking"]["locked"])
	require.Equal(t, true, standings["stale"]["password_change_required"])
	require.Equal(t, true, standings["terms"]["terms_to_accept"])
	require.Equal(t, true, standings["dead"]["down"])
}
