package testbank_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
)

const guestFile = `bank: {name: Guest Bank}
personas: [{login: plain, password: p1, holder: Guest}, {login: terms, password: p1, holder: T, behaviours: [{kind: terms}]}]
accounts:
  - {ref: guest-current, owner: plain, type: CHECKINGS, name: Current, number: "1", currency: EUR, balance: 7.00}
`

// upload sends a configuration and gives status and body.
func (w *world) upload(method, path, text string) (int, object) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(text))
	require.NoError(w.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	body := object{}
	require.NoError(w.t, json.Unmarshal(raw, &body))
	require.NotContains(w.t, string(raw), "canary")
	return response.StatusCode, body
}

const configurations = "/api/admin/configurations"

func TestConfiguration_is_a_bank_of_its_own(t *testing.T) {
	t.Parallel()
	w := open(t)
	status, made := w.upload("PUT", configurations+"/guest-1", guestFile)
	require.Equal(t, 201, status)
	require.Equal(t, object{"id": "guest-1", "url": w.url + "/b/guest-1", "bank": "Guest Bank", "personas": made["personas"]}, made)
	require.Len(t, made["personas"], 2)

	session := w.ok("POST", "/b/guest-1/api/sessions", "", credentials("plain", "p1"))["session"].(string)
	accounts := w.ok("GET", "/b/guest-1/api/accounts", session, nil)["accounts"].([]any)
	require.Equal(t, "guest-current", accounts[0].(object)["id"])
	w.refused("session_expired", "GET", "/api/accounts", session, nil)
	require.InDelta(t, 0, w.stats("plain")["logins"], 0, "the other bank saw nothing")
	require.Len(t, w.ok("GET", "/b/guest-1/api/admin/truth", "", nil)["personas"], 2)
	refusal := w.refused("user_action_required", "POST", "/b/guest-1/api/sessions", "", credentials("terms", "p1"))
	require.Equal(t, w.url+"/b/guest-1/terms/terms", refusal["url"])

	w.ok("POST", "/api/admin/clock", "", object{"offset_seconds": 86400})
	require.Equal(t, "2026-03-15", w.ok("GET", "/b/guest-1/api/admin/truth", "", nil)["today"], "there is one clock")
	w.refused("not_found", "GET", "/b/guest-1/api/admin/configurations", "", nil)

	status, _ = w.upload("PUT", configurations+"/guest-1", strings.Replace(guestFile, "Guest Bank", "Other Bank", 1))
	require.Equal(t, 200, status)
	require.Equal(t, "Other Bank", w.ok("GET", configurations+"/guest-1", "", nil)["bank"])
	w.refused("session_expired", "GET", "/b/guest-1/api/accounts", session, nil)
	w.ok("DELETE", configurations+"/guest-1", "", nil)
	w.refused("configuration_not_found", "DELETE", configurations+"/guest-1", "", nil)
	w.refused("configuration_not_found", "GET", configurations+"/guest-1", "", nil)
	w.refused("configuration_not_found", "POST", "/b/guest-1/api/sessions", "", credentials("plain", "p1"))
}

func TestConfiguration_pages_lead_within_it(t *testing.T) {
	t.Parallel()
	w := open(t)
	status, made := w.upload("POST", configurations, guestFile)
	require.Equal(t, 201, status)
	prefix := "/b/" + made["id"].(string)
	opened := w.ok("POST", prefix+"/redirect/consents", "", object{"return_url": returnURL, "state": "st1"})
	page := strings.TrimPrefix(opened["url"].(string), w.url)
	require.True(t, strings.HasPrefix(page, prefix+"/redirect/authorize/"))
	_, text := w.page(page, nil)
	require.Contains(t, text, `action="`+page+`"`)
	require.Contains(t, text, `href="`+prefix+`/assets/bank.css"`)
	response, _ := w.page(prefix+"/assets/bank.css", nil)
	require.Equal(t, 200, response.StatusCode)
	_, text = w.page(page, url.Values{"login": {"terms"}, "password": {"p1"}})
	require.Contains(t, text, `href="`+prefix+`/terms/terms"`)
	response, _ = w.page(page, url.Values{"login": {"plain"}, "password": {"p1"}})
	require.Equal(t, page, response.Header.Get("Location"))
	code := w.approved(page, "guest-current")
	w.refused("invalid_grant", "POST", "/redirect/token", "", object{"code": code})
	tokens := w.ok("POST", prefix+"/redirect/token", "", object{"code": code})

	// A token of one bank is nothing to another, though file, seed and login are the same.
	_, other := w.upload("POST", configurations, guestFile)
	w.refused("invalid_grant", "POST", "/b/"+other["id"].(string)+"/redirect/token", "", object{"refresh_token": tokens["refresh_token"]})
	w.ok("POST", prefix+"/redirect/token", "", object{"refresh_token": tokens["refresh_token"]})
	require.Len(t, w.ok("GET", configurations, "", nil)["configurations"], 2)
}

func TestConfiguration_mistakes_are_told_with_their_place(t *testing.T) {
	t.Parallel()
	w := open(t)
	status, body := w.upload("POST", configurations, "personas:\n  - {login: ann, pasword: canary, holder: Ann}\n")
	require.Equal(t, 422, status)
	require.Equal(t, "invalid_configuration", body["code"])
	require.InDelta(t, 2, body["total"], 0)
	require.Equal(t, object{"line": 2.0, "column": 6.0, "reason": `personas[0]: key "password" is missing`}, body["mistakes"].([]any)[0])
	many := "personas: [{login: ann, password: p, holder: Ann}]\naccounts:\n" + strings.Repeat("  - {canary: 1}\n", 40)
	status, body = w.upload("POST", configurations, strings.ReplaceAll(many, "canary", "x"))
	require.Equal(t, 422, status)
	require.Len(t, body["mistakes"], 100)
	require.Greater(t, body["total"], 100.0)

	for text, want := range map[string]string{
		strings.Repeat("#", 1<<20+1): "configuration_too_large", "": "invalid_configuration", "[[[[": "invalid_configuration",
		"a: &a [x]\nb: [*a, *a]\n": "invalid_configuration", strings.Repeat("[", 1<<19): "invalid_configuration",
		bomb(): "configuration_too_large",
	} {
		status, body = w.upload("POST", configurations, text)
		require.Less(t, status, 500)
		require.Equal(t, want, body["code"])
	}
	for _, id := range []string{"Upper", "a%20b", strings.Repeat("a", 65), "-a", "a.b"} {
		_, body = w.upload("PUT", configurations+"/"+id, guestFile)
		require.Equal(t, "invalid_request", body["code"], id)
	}
	require.Empty(t, w.ok("GET", configurations, "", nil)["configurations"], "nothing of it was kept")
}

// bomb is a small file whose rules give millions of rows.
func bomb() string {
	var text strings.Builder
	text.WriteString("personas: [{login: ann, password: p, holder: Ann}]\naccounts:\n  - ref: a\n    owner: ann\n    type: CHECKINGS\n    name: A\n" +
		"    number: \"1\"\n    currency: EUR\n    balance: 1.00\n    recurring:\n")
	for i := range 100 {
		text.WriteString("      - {id: r" + strings.Repeat("x", i%50) + string(rune('a'+i/50)) + ", every_days: 1, since: 1970-01-01, amount: 1.00, label: x}\n")
	}
	return text.String()
}

func TestConfigurations_are_not_without_end(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range testbank.MaxConfigurations {
		status, _ := w.upload("POST", configurations, guestFile)
		require.Equal(t, 201, status)
	}
	status, body := w.upload("POST", configurations, guestFile)
	require.Equal(t, 409, status)
	require.Equal(t, "too_many_configurations", body["code"])
}
