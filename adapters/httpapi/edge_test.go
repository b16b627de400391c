package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	g := newRig(func(c *Config) {
		c.IDs = ident.Source{Now: func() time.Time { return noon }, Rand: bytes.NewReader(make([]byte, 10))}
	})
	require.Equal(t, "req_0000000000000000", g.call("GET", "/healthz", "", "").Header().Get("X-Request-Id"))
	require.Equal(t, "req_unknown", g.call("GET", "/healthz", "", "").Header().Get("X-Request-Id"), "randomness may fail, an answer may not")
	for given, taken := range map[string]bool{"abc-1.2_3": true, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false, "a b": false, "-a": false, "é": false} {
		r := request("GET", "/v1/nothing", "", "")
		r.Header.Set("X-Request-Id", given)
		p := refused(t, newRig().do(r), http.StatusNotFound, "route_not_found")
		require.Equal(t, taken, p.RequestID == given, given)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	w := newRig().call("GET", "/healthz", "", "")
	require.Equal(t, http.StatusOK, w.Code)
	require.JSONEq(t, `{"status":"ok"}`, w.Body.String())
}

// TestPanicIsAProblem proves the half of S5 that is about panics: in whatever
// operation one happens and whatever it holds, neither the answer nor the log
// repeats it. The other half is in core/secret.
func TestPanicIsAProblem(t *testing.T) {
	t.Parallel()
	for _, e := range examples() {
		if e.id == "list-categories" { // it reads a table and asks nobody
			continue
		}
		values := map[string]any{
			"text": "oh " + canary, "error": fmt.Errorf("wrapped: %w", errors.New(canary)), "fault": fault.New(fault.Internal, "x", canary),
			"secrets": secret.Values{"pin": secret.New(canary)}, "struct": struct{ Password string }{canary}, "bytes": []byte(canary),
		}
		t.Run(e.id, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			for name, value := range values {
				g.panics = value
				g.logs.text.Reset()
				w := g.do(request(e.method, e.target, clientToken, e.body))
				require.NotContains(t, w.Body.String(), canary, name)
				refused(t, w, http.StatusInternalServerError, "internal_error")
				require.Contains(t, g.logs.String(), `"panic"`, name)
				require.NotContains(t, g.logs.String(), canary, name)
			}
		})
	}
	t.Run("an aborted answer stays one", func(t *testing.T) {
		t.Parallel()
		g := newRig()
		g.panics = http.ErrAbortHandler
		require.PanicsWithValue(t, http.ErrAbortHandler, func() { g.call("GET", "/v1/accounts", clientToken, "") })
	})
}

func TestUntypedErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
		code   string
	}{
		{errors.New("disk " + canary), http.StatusInternalServerError, "internal_error"},
		{context.Canceled, http.StatusServiceUnavailable, "interrupted"},
		{context.DeadlineExceeded, http.StatusServiceUnavailable, "timeout"},
	} {
		g := newRig()
		g.fail = c.err
		w := g.call("GET", "/v1/accounts", clientToken, "")
		require.NotContains(t, w.Body.String(), canary)
		refused(t, w, c.status, c.code)
		require.Contains(t, g.logs.String(), c.err.Error(), "we have to know")
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	g := newRig()
	g.call("GET", "/v1/accounts?connection_id="+con, userToken, "")
	var line map[string]any
	require.NoError(t, json.Unmarshal([]byte(g.logs.String()), &line))
	require.Equal(t, "GET /v1/accounts", line["route"])
	require.Equal(t, "GET", line["method"])
	require.EqualValues(t, 200, line["status"])
	require.EqualValues(t, sampleClient, line["client_id"])
	require.Equal(t, usr, line["user_id"])
	require.Contains(t, line, "duration_us")
	for _, hidden := range []string{con, userToken, "ada@example.org"} {
		require.NotContains(t, g.logs.String(), hidden)
	}
}

func TestOAuthHasItsOwnPlace(t *testing.T) {
	t.Parallel()
	oauth := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth/odd" {
			http.NotFound(w, r)
			return
		}
		if r.URL.Path == "/oauth/own" {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusMethodNotAllowed)
			_, _ = w.Write([]byte(`{"code":"own"}`))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
	})
	g := newRig(func(c *Config) { c.OAuth = oauth; c.Environment = "sandbox"; c.ServerURL = "https://api.example" })
	for _, path := range []string{"/oauth/token", "/.well-known/oauth-authorization-server"} {
		w := g.call("POST", path, "", "")
		require.JSONEq(t, `{"error":"invalid_grant"}`, w.Body.String(), "its errors have a shape of their own")
		require.Equal(t, "sandbox", w.Header().Get("Tributary-Environment"))
		require.NotEmpty(t, w.Header().Get("Strict-Transport-Security"))
	}
	refused(t, g.call("POST", "/oauth/odd", "", ""), http.StatusNotFound, "route_not_found")
	refused(t, g.call("POST", "/oauth/own", "", ""), http.StatusMethodNotAllowed, "method_not_allowed")
	refused(t, g.call("GET", "/oauth", "", ""), http.StatusNotFound, "route_not_found")
}

func TestAnswerReachesTheConnection(t *testing.T) {
	t.Parallel()
	out := &answer{ResponseWriter: httptest.NewRecorder()}
	require.NoError(t, http.NewResponseController(out).Flush())
}
