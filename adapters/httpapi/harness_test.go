package httpapi

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// rig is an API on fakes.
type rig struct {
	*world
	handler http.Handler
	logs    *logBook
}

type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newRig(adjust ...func(*Config)) *rig {
	w, logs := &world{}, &logBook{}
	config := Config{
		Authenticator: w, Users: fakeUsers{w}, Providers: fakeProviders{w}, Connections: fakeConnections{w}, Challenges: fakeChallenges{w}, Quotas: fakeQuotas{w}, Diagnoses: fakeDiagnoses{w},
		Synchronizations: fakeRuns{w}, Ledger: fakeLedger{w}, Feed: fakeFeed{w}, Queues: fakeQueues{w}, Accounts: fakeAccounts{w}, Transactions: fakeTransactions{w}, Events: fakeEvents{w}, Rules: fakeRules{w}, Consents: fakeConsents{w}, Webhooks: fakeWebhooks{w}, Deliveries: fakeDeliveries{w}, WidgetSessions: fakeWidgetSessions{w},
		Configurations: fakeConfigurations{w}, Clock: fakeClock{w}, Scenarios: fakeScenarios{w},
		Logger: slog.New(slog.NewJSONHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, change := range adjust {
		change(&config)
	}
	return &rig{w, New(config), logs}
}

// request makes one as a client would: a body is JSON, "" is none.
func request(method, target, token, body string) *http.Request {
	var reader io.Reader = http.NoBody
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, reader)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

func (g *rig) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w
}

func (g *rig) call(method, target, token, body string) *httptest.ResponseRecorder {
	return g.do(request(method, target, token, body))
}

// refused checks that an answer is a whole problem, and gives it.
func refused(t *testing.T, w *httptest.ResponseRecorder, status int, code string) problem {
	t.Helper()
	require.Equal(t, status, w.Code, w.Body.String())
	require.Equal(t, problemType, w.Header().Get("Content-Type"))
	var p problem
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&p))
	require.Equal(t, status, p.Status)
	require.Equal(t, code, p.Code)
	require.Equal(t, "urn:tributary:problem:"+code, p.Type)
	require.Equal(t, http.StatusText(status), p.Title)
	require.NotEmpty(t, p.Detail)
	require.NotNil(t, p.Errors)
	require.Equal(t, w.Header().Get("X-Request-Id"), p.RequestID)
	require.NotEmpty(t, p.RequestID)
	return p
}

func decoded(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var body map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body), w.Body.String())
	return body
}
