package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
)

// letter is a request that an endpoint got.
type letter struct {
	headers http.Header
	body    []byte
}

// once sends a call under a key, and tells whether its answer was one that was
// kept.
func (w watched) once(t *testing.T, key, path, body string) (status int, text string, kept bool) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+w.token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	got, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(got), answer.Header.Get("Idempotent-Replayed") != ""
}

// TestRotation_of_what_webhooks_need: the master key is replaced under a server
// that sends. What it signs verifies with the secret that the client has, before
// and after, by the reference library; and an answer that was kept under the old
// key is told as lost, once that key is destroyed, without a second effect.
func TestRotation_of_what_webhooks_need(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w watched) {
		letters := make(chan letter, 100)
		endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			letters <- letter{r.Header, body}
		}))
		t.Cleanup(endpoint.Close)
		order := `{"url":"` + endpoint.URL + `","types":["user.created"]}`
		status, first, kept := w.once(t, "hook", "/v1/webhooks", order)
		require.Equal(t, http.StatusCreated, status, first)
		require.False(t, kept)
		var made struct{ Secret string }
		require.NoError(t, json.Unmarshal([]byte(first), &made))
		require.NotEmpty(t, made.Secret)
		verifier, err := standardwebhooks.NewWebhook(made.Secret)
		require.NoError(t, err)
		arrives := func(w watched, name string) {
			t.Helper()
			w.happens(t, name)
			select {
			case got := <-letters:
				require.NoError(t, verifier.Verify(got.body, got.headers))
				require.Contains(t, string(got.body), `"type":"user.created"`)
			case <-time.After(time.Minute):
				require.Fail(t, "nothing arrives")
			}
		}
		arrives(w, "before")
		status, again, kept := w.once(t, "hook", "/v1/webhooks", order)
		require.Equal(t, []any{http.StatusCreated, first, true}, []any{status, again, kept})
		var sealed []byte
		require.NoError(t, w.db.QueryRowContext(t.Context(), "SELECT body FROM attempts WHERE status = 201").Scan(&sealed))
		require.NotContains(t, string(sealed), made.Secret, "the secret is in no row")

		result := does[struct {
			Finished bool
			Wrapped  int
		}](t, append([]string{"keys", "rotate", "--settle", "0s"}, w.place...)...)
		require.True(t, result.Finished)
		require.Equal(t, 2, result.Wrapped, "the webhook's key and the user's")
		arrives(w, "after")
		w = w.again(t) // one that was running knows the old key for a quarter of an hour
		status, lost, _ := w.once(t, "hook", "/v1/webhooks", order)
		require.Equal(t, http.StatusConflict, status, lost)
		require.Contains(t, lost, "idempotency_answer_lost")
		arrives(w, "long after")
		status, text := w.call(t, http.MethodGet, w.url+"/v1/webhooks", "")
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, 1, strings.Count(text, endpoint.URL), "there is one webhook")
		status, _, kept = w.once(t, "another", "/v1/users", `{"external_id":"x"}`)
		require.Equal(t, http.StatusCreated, status)
		require.False(t, kept)
		status, _, kept = w.once(t, "another", "/v1/users", `{"external_id":"x"}`)
		require.Equal(t, http.StatusCreated, status)
		require.True(t, kept, "what is kept under the new key is given again")
	}, "--outbound-allow", "127.0.0.0/8")
}

// TestProbe_reads_what_webhooks_owe: an endpoint that refuses is seen in the
// metrics, and one that takes everything.
func TestProbe_reads_what_webhooks_owe(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w watched) {
		endpoint := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/bad" {
				out.WriteHeader(http.StatusInternalServerError)
			}
		}))
		t.Cleanup(endpoint.Close)
		for _, path := range []string{"/good", "/bad"} {
			status, text := w.call(t, http.MethodPost, w.url+"/v1/webhooks", `{"url":"`+endpoint.URL+path+`","types":["user.created"]}`)
			require.Equal(t, http.StatusCreated, status, text)
		}
		require.Zero(t, w.measures(t, "tributary_webhook_deliveries_pending"))
		for _, name := range []string{"a", "b", "c"} {
			w.happens(t, name)
		}
		for name, want := range map[string]float64{
			`tributary_webhook_deliveries_total{outcome="delivered"}`: 3, `tributary_webhook_deliveries_pending`: 3,
			`tributary_webhook_attempts_total{outcome="delivered"}`: 3, `tributary_webhook_lag`: 0,
		} {
			require.Eventually(t, func() bool {
				_, text := w.call(t, http.MethodGet, w.metrics, "")
				return strings.Contains(text, "\n"+name+" ") && w.measures(t, name) == want
			}, 20*time.Second, 20*time.Millisecond, name)
		}
		require.GreaterOrEqual(t, w.measures(t, `tributary_webhook_attempts_total{outcome="refused"}`), 3.0)
		require.Positive(t, w.measures(t, "tributary_webhook_oldest_pending_seconds"))
	}, "--outbound-allow", "127.0.0.0/8")
}
