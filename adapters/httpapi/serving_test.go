package httpapi

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// These go over a real connection, where net/http adds what a recorder does not.

func serving(t *testing.T, g *rig) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(g.handler)
	t.Cleanup(server.Close)
	return server
}

func send(t *testing.T, method, url, token string, body io.Reader) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	w, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	text, err := io.ReadAll(w.Body)
	require.NoError(t, err)
	require.NoError(t, w.Body.Close())
	return w, string(text)
}

func TestOverAConnection(t *testing.T) {
	t.Parallel()
	server := serving(t, newRig())
	for name, c := range map[string]struct {
		method, path string
		body         io.Reader
		status       int
		problem      bool
	}{
		"a body without a length that is too large": {"POST", "/v1/users", io.MultiReader(strings.NewReader(`{"email":"`), strings.NewReader(strings.Repeat("a", 2*MaxBody))), 413, true},
		"HEAD has no body":                          {"HEAD", "/v1/users", nil, 200, false},
		"gone has no body":                          {"DELETE", "/v1/users/" + usr, nil, 204, false},
		"encoded slash in an id":                    {"GET", "/v1/users/a%2Fb", nil, 404, true},
		"dots in a path":                            {"GET", "/v1/users/%2e%2e/users", nil, 404, true},
		"a connection to reuse":                     {"GET", "/v1/users", nil, 200, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, body := send(t, c.method, server.URL+c.path, clientToken, c.body)
			require.Equal(t, c.status, w.StatusCode, body)
			require.Equal(t, c.problem, w.Header.Get("Content-Type") == problemType)
			require.Empty(t, w.Header.Get("Server"))
			require.Equal(t, c.method == "HEAD" || c.status == 204, body == "")
		})
	}
}

// slowQueues wait until their reader is gone.
type slowQueues struct {
	fakeQueues
	entered, left chan struct{}
}

func (s slowQueues) Events(ctx context.Context, _ usecase.Principal, _ string, _ *int64, _ int, _ time.Duration) ([]event.Event, error) {
	close(s.entered)
	<-ctx.Done()
	close(s.left)
	return nil, ctx.Err()
}

func TestAWaitingReaderThatLeavesIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	slow := slowQueues{entered: make(chan struct{}), left: make(chan struct{})}
	g := newRig(func(c *Config) { c.Queues = slow })
	server := serving(t, g)
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/queues/"+que+"/events?wait=30", http.NoBody)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+clientToken)
	failed := make(chan error, 1)
	go func() {
		w, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			err = w.Body.Close()
		}
		failed <- err
	}()
	<-slow.entered
	leave()
	require.Error(t, <-failed)
	<-slow.left
}

// timedQueues have nothing to give, and say so after a while.
type timedQueues struct{ fakeQueues }

func (timedQueues) Events(ctx context.Context, _ usecase.Principal, _ string, _ *int64, _ int, wait time.Duration) ([]event.Event, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(wait):
		return nil, nil
	}
}

// A wait may be longer than the server's limit for reading a request: net/http
// lifts that limit before the handler runs, and we rely on it.
func TestAWaitMayOutlastTheLimitForReading(t *testing.T) {
	t.Parallel()
	g := newRig(func(c *Config) { c.Queues = timedQueues{} })
	server := httptest.NewUnstartedServer(g.handler)
	server.Config.ReadTimeout = 300 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	w, body := send(t, http.MethodGet, server.URL+"/v1/queues/"+que+"/events?wait=1", clientToken, http.NoBody)
	require.Equal(t, http.StatusOK, w.StatusCode, body)
	require.JSONEq(t, `{"data":[],"next_cursor":null}`, body)
}
