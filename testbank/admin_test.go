package testbank_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTruth_is_what_customers_see(t *testing.T) {
	t.Parallel()
	w := open(t)
	truth := w.ok("GET", "/api/admin/truth", "", nil)
	require.Equal(t, "2026-03-14", truth["today"])
	account := truth["personas"].([]any)[0].(object)["accounts"].([]any)[0].(object)
	session := w.logIn("plain", nil)["session"].(string)
	seen := []any{}
	for _, page := range []string{"1", "2"} {
		answer := w.ok("GET", "/api/accounts/plain-current/transactions?page="+page, session, nil)
		seen = append(seen, answer["transactions"].([]any)...)
	}
	require.Equal(t, account["transactions"], seen)
}

func TestClock_moves_the_banking_day(t *testing.T) {
	t.Parallel()
	w := open(t)
	require.Equal(t, "2026-03-15", w.ok("POST", "/api/admin/clock", "", object{"offset_seconds": 86400})["today"])
	set := w.ok("POST", "/api/admin/clock", "", object{"now": "2026-05-01T22:30:00Z"})
	require.Equal(t, "2026-05-02", set["today"], "the day changes at midnight in Paris")
	require.Equal(t, "2026-05-02", w.ok("GET", "/api/admin/truth", "", nil)["today"])
	w.refused("invalid_request", "POST", "/api/admin/clock", "", object{})
	w.refused("invalid_request", "POST", "/api/admin/clock", "", object{"offset_seconds": 1 << 60})
	w.refused("invalid_request", "POST", "/api/admin/clock", "", object{"now": "0001-01-01T00:00:00Z"})
}

func (w *world) waiting() int {
	return int(w.ok("GET", "/api/admin/held", "", nil)["waiting"].(float64))
}

func TestHold(t *testing.T) {
	t.Parallel()
	t.Run("stops_matching_requests_until_released", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		session := w.logIn("plain", nil)["session"].(string)
		w.ok("POST", "/api/admin/hold", "", object{"path_prefix": "/api/accounts", "skip": 1})
		w.ok("GET", "/api/accounts", session, nil)
		answered := make(chan int, 1)
		go func() {
			status, _ := w.call("GET", "/api/accounts", session, nil)
			answered <- status
		}()
		require.Eventually(t, func() bool { return w.waiting() == 1 }, 30*time.Second, 5*time.Millisecond)
		require.Empty(t, answered)
		w.logIn("plain", nil)
		w.ok("POST", "/api/admin/release", "", nil)
		require.Equal(t, 200, <-answered)
		require.Equal(t, 0, w.waiting())
	})
	t.Run("forgets_a_caller_that_died", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		w.ok("POST", "/api/admin/hold", "", object{"path_prefix": "/api/accounts"})
		ctx, die := context.WithCancel(t.Context())
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/api/accounts", nil)
		require.NoError(t, err)
		failed := make(chan error, 1)
		go func() {
			response, err := http.DefaultClient.Do(request)
			if err == nil {
				_ = response.Body.Close()
			}
			failed <- err
		}()
		require.Eventually(t, func() bool { return w.waiting() == 1 }, 30*time.Second, 5*time.Millisecond)
		die()
		require.ErrorIs(t, <-failed, context.Canceled)
		require.Eventually(t, func() bool { return w.waiting() == 0 }, 30*time.Second, 5*time.Millisecond)
	})
	t.Run("needs_a_path", func(t *testing.T) {
		t.Parallel()
		open(t).refused("invalid_request", "POST", "/api/admin/hold", "", object{"path_prefix": ""})
	})
}

func TestUnknownThings_are_not_found(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.refused("not_found", "GET", "/api/nothing", "", nil)
	w.refused("not_found", "PATCH", "/api/sessions", "", nil)
	w.refused("not_found", "GET", "/api/admin/personas/nobody/stats", "", nil)
	w.refused("not_found", "GET", "/api/sessions/nobody", "", nil)
	w.refused("not_found", "POST", "/api/sessions/nobody/challenge", "", object{"code": "1"})
	response, _ := w.page("/app/nobody", nil)
	require.Equal(t, 404, response.StatusCode)
}

// Whatever is sent, the bank never breaks and never repeats it.
func TestGarbage_is_refused(t *testing.T) {
	t.Parallel()
	w := open(t)
	routes := []string{
		"POST /api/sessions", "GET /api/sessions/x", "POST /api/sessions/x/challenge", "DELETE /api/sessions/x", "GET /api/accounts",
		"GET /api/accounts/x/transactions?from=x&page=-1", "POST /redirect/consents", "POST /redirect/token", "DELETE /redirect/consents/x",
		"GET /redirect/authorize/x", "POST /redirect/authorize/x", "POST /confirm/x", "POST /app/phoned", "POST /api/admin/clock",
		"GET /assets/../doc.go", "GET /%2e%2e/x",
	}
	rapid.Check(t, func(t *rapid.T) {
		method, path, _ := strings.Cut(rapid.SampledFrom(routes).Draw(t, "route"), " ")
		body := rapid.OneOf(
			rapid.String(),
			rapid.SampledFrom([]string{
				`{"login":"canary-login","password":"canary-secret"}`, `{"login":"plain","password":{"a":"canary-secret"}}`,
				`{"canary-secret":1}`, `[]`, `null`, `{"login":1e400}`, `{"code":"canary-secret"}{}`, `{"now":"canary-secret"}`,
				strings.Repeat("[", 9000), strings.Repeat("canary-secret", 9000), "login=%zz", "decision=canary-secret",
			}),
		).Draw(t, "body")
		request, err := http.NewRequestWithContext(context.Background(), method, w.url+path, strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", rapid.SampledFrom([]string{"application/json", "application/x-www-form-urlencoded", "x"}).Draw(t, "type"))
		request.Header.Set("Authorization", rapid.SampledFrom([]string{"", "Bearer", "Bearer canary-secret", "Basic canary-secret"}).Draw(t, "credential"))
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		defer func() { _ = response.Body.Close() }()
		require.Less(t, response.StatusCode, 500)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NotContains(t, string(text), "canary")
	})
}
