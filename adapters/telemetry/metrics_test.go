package telemetry_test

import (
	"context"
	"errors"
	"flag"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/telemetry"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

var update = flag.Bool("update", false, "rewrite the document of the metrics")

const document = "../../docs/reference/metrics.md"

func TestTheDocumentIsTheCodes(t *testing.T) {
	t.Parallel()
	if *update {
		require.NoError(t, os.WriteFile(document, []byte(telemetry.Reference()), 0o644))
	}
	written, err := os.ReadFile(document)
	require.NoError(t, err)
	require.Equal(t, telemetry.Reference(), string(written), "go test ./adapters/telemetry -update")
}

// clock moves a quarter of a second with every look.
type clock struct{ at time.Time }

func (c *clock) now() time.Time {
	c.at = c.at.Add(250 * time.Millisecond)
	return c.at
}

func instruments() *telemetry.Instruments {
	return telemetry.NewInstruments((&clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}).now, nil)
}

// scrape gives the lines of our families.
func scrape(t *testing.T, i *telemetry.Instruments) string {
	t.Helper()
	w := httptest.NewRecorder()
	i.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	var ours []string
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "tributary_") {
			ours = append(ours, strings.TrimSpace(line))
		}
	}
	return strings.Join(ours, "\n")
}

func TestRequestsAreMeasured(t *testing.T) {
	t.Parallel()
	i := instruments()
	_, ended := i.Request(t.Context(), "GET", http.Header{})
	require.Contains(t, scrape(t, i), "tributary_http_requests_in_flight 1")
	ended("GET /v1/users/{id}", 404)
	said := scrape(t, i)
	require.Contains(t, said, "tributary_http_requests_in_flight 0")
	require.Contains(t, said, `tributary_http_requests_total{method="GET",route="GET /v1/users/{id}",status="404"} 1`)
	require.Contains(t, said, `tributary_http_request_seconds_sum{method="GET",route="GET /v1/users/{id}"} 0.25`)
}

// bank is a gateway that answers with an error or not.
type bank struct {
	port.Gateway
	port.Catalogue
	err  error
	seen func(context.Context)
}

func (b bank) Provider(_ context.Context, id string) (provider.Provider, error) {
	if id == "unknown" {
		return provider.Provider{}, provider.ErrNotFound
	}
	return provider.Provider{ID: id, Channels: []provider.Channel{{ID: "way", Plugin: "pig"}}}, nil
}

func (b bank) see(ctx context.Context) error {
	if b.seen != nil {
		b.seen(ctx)
	}
	return b.err
}

func (b bank) Begin(ctx context.Context, _ port.Begin) (port.Step, error) {
	return port.Step{Ready: &port.Ready{}}, b.see(ctx)
}

func (b bank) Continue(ctx context.Context, _ port.Continue) (port.Step, error) {
	return port.Step{Ready: &port.Ready{}}, b.see(ctx)
}

func (b bank) Refresh(ctx context.Context, _ port.Refresh) (port.Ready, error) {
	return port.Ready{Secrets: port.State{Version: 7}}, b.see(ctx)
}
func (b bank) Fetch(ctx context.Context, _ port.Fetch, _ port.Sink) error { return b.see(ctx) }
func (b bank) End(ctx context.Context, _ port.End) error                  { return b.see(ctx) }

func TestBankCallsAreMeasuredByCode(t *testing.T) {
	t.Parallel()
	i := instruments()
	session := port.Session{ID: "canary-session", ProviderID: "piggy", ChannelID: "way"}
	all := func(err error) {
		g := i.Gateway(bank{err: err}, bank{})
		step, got := g.Begin(t.Context(), port.Begin{Session: session, Credentials: secret.Values{"password": secret.New("canary")}})
		require.Equal(t, err, got)
		require.NotNil(t, step.Ready)
		_, got = g.Continue(t.Context(), port.Continue{Session: session})
		require.Equal(t, err, got)
		ready, got := g.Refresh(t.Context(), port.Refresh{Session: session})
		require.Equal(t, err, got)
		require.Equal(t, 7, ready.Secrets.Version)
		require.Equal(t, err, g.Fetch(t.Context(), port.Fetch{Session: session}, nil))
		require.Equal(t, err, g.End(t.Context(), port.End{Session: session}))
	}
	all(nil)
	all(&port.Failure{Code: port.AuthFailed, Whose: port.User, Err: errors.New("canary")})
	all(errors.New("canary"))
	all(context.Canceled)
	_ = i.Gateway(bank{}, bank{}).End(t.Context(), port.End{Session: port.Session{ProviderID: "unknown"}})
	said := scrape(t, i)
	for _, call := range []string{"begin", "continue", "refresh", "fetch", "end"} {
		for _, code := range []string{"OK", "AUTH_FAILED", "TECHNICAL_ERROR", "CANCELLED"} {
			require.Contains(t, said, `tributary_bank_calls_total{call="`+call+`",code="`+code+`",plugin="pig"} 1`)
		}
		require.Contains(t, said, `tributary_bank_call_seconds_count{call="`+call+`",plugin="pig"} 4`)
	}
	require.Contains(t, said, `{call="end",code="OK",plugin="none"} 1`)
	require.NotContains(t, said, "canary")
}

func TestJobsAreMeasuredByOutcome(t *testing.T) {
	t.Parallel()
	i, failure := instruments(), errors.New("canary")
	handle := func(do func() error) func() error {
		job := i.Job("synchronize", "synchronization_id", func(context.Context, string) error {
			require.Contains(t, scrape(t, i), `tributary_jobs_in_flight{kind="synchronize"} 1`)
			return do()
		})
		return func() error { return job(t.Context(), "syn_1") }
	}
	require.NoError(t, handle(func() error { return nil })())
	require.Equal(t, failure, handle(func() error { return failure })())
	require.Panics(t, func() { _ = handle(func() error { panic("canary") })() })
	said := scrape(t, i)
	for _, outcome := range []string{"ok", "failed", "panicked"} {
		require.Contains(t, said, `tributary_jobs_total{kind="synchronize",outcome="`+outcome+`"} 1`)
	}
	require.Contains(t, said, `tributary_jobs_in_flight{kind="synchronize"} 0`)
	require.NotContains(t, said, "syn_1")
}

// shelf is a store whose transactions succeed or not.
type shelf struct {
	store.Tx
	err   error
	again int // how often fn runs before it counts
}

func (shelf) Runs() store.Runs { return puts{} }

type puts struct{ store.Runs }

func (puts) Put(context.Context, *synchronization.Synchronization) error { return nil }

func (s shelf) View(_ context.Context, fn func(store.Tx) error) error {
	return errors.Join(fn(s), s.err)
}
func (s shelf) Update(_ context.Context, _ store.Fence, fn func(store.Tx) error) error {
	for range s.again {
		_ = fn(s)
	}
	return errors.Join(fn(s), s.err)
}

func TestTransactionsAndRunsAreMeasured(t *testing.T) {
	t.Parallel()
	i := instruments()
	began := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	put := func(s shelf, status synchronization.Status) error {
		return i.Store(s).Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
			return tx.Runs().Put(t.Context(), &synchronization.Synchronization{
				ID: "syn_1", UserID: "usr_canary", Type: synchronization.All, Trigger: synchronization.Manual, Status: status,
				StartedAt: began, FinishedAt: began.Add(40 * time.Second),
			})
		})
	}
	require.NoError(t, put(shelf{again: 2}, synchronization.Success))
	require.NoError(t, put(shelf{}, synchronization.Failed))
	require.NoError(t, put(shelf{}, synchronization.Running))
	require.Error(t, put(shelf{err: errors.New("disk full")}, synchronization.Success))
	require.Error(t, put(shelf{err: synchronization.ErrFenced}, synchronization.Success))
	require.NoError(t, i.Store(shelf{}).View(t.Context(), func(store.Tx) error { return nil }))
	require.Error(t, i.Store(shelf{}).View(t.Context(), func(store.Tx) error { return fault.New(fault.NotFound, "x", "x") }))
	said := scrape(t, i)
	require.Contains(t, said, `tributary_synchronizations_total{outcome="SUCCESS",trigger="MANUAL",type="ALL"} 1`, "once, and only what was committed")
	require.Contains(t, said, `tributary_synchronizations_total{outcome="FAILED",trigger="MANUAL",type="ALL"} 1`)
	require.Contains(t, said, `tributary_synchronization_seconds_sum{outcome="SUCCESS",type="ALL"} 40`)
	require.NotContains(t, said, "RUNNING")
	for series, n := range map[string]string{
		`operation="update",outcome="ok"`: "3", `operation="update",outcome="failed"`: "1", `operation="update",outcome="refused"`: "1",
		`operation="view",outcome="ok"`: "1", `operation="view",outcome="refused"`: "1",
	} {
		values := strings.Split(series, ",")
		require.Contains(t, said, "tributary_store_seconds_count{"+strings.Join(values, ",")+"} "+n)
	}
	require.NotContains(t, said, "canary")
}

type slowHasher struct{ busy func() }

func (h slowHasher) Hash(context.Context, secret.String) (string, error) {
	h.busy()
	return "hash", nil
}

func (h slowHasher) Verify(context.Context, string, secret.String) (bool, error) {
	h.busy()
	return true, nil
}

func TestPasswordsAreMeasured(t *testing.T) {
	t.Parallel()
	i := instruments()
	h := i.Hasher(slowHasher{func() { require.Contains(t, scrape(t, i), "tributary_password_hashes_in_flight 1") }})
	made, err := h.Hash(t.Context(), secret.New("canary"))
	require.NoError(t, err)
	require.Equal(t, "hash", made)
	fits, err := h.Verify(t.Context(), "canary", secret.New("canary"))
	require.NoError(t, err)
	require.True(t, fits)
	said := scrape(t, i)
	require.Contains(t, said, "tributary_password_hash_seconds_count 2")
	require.Contains(t, said, "tributary_password_hashes_in_flight 0")
	require.NotContains(t, said, "canary")
}

func TestPluginsAndLagAreReadAtTheScrape(t *testing.T) {
	t.Parallel()
	i, lag := instruments(), error(nil)
	i.Plugins(func() []telemetry.Plugin {
		return []telemetry.Plugin{
			{Name: "one", State: "UP", Restarts: 2, InFlight: 1}, {Name: "one", State: "DRAINING", Restarts: 1, InFlight: 3},
			{Name: "one", State: "DRAINING"}, {Name: "two", State: "GIVEN_UP", Restarts: 8},
		}
	})
	i.EventLag(func(ctx context.Context) (store.Lag, error) {
		_, bounded := ctx.Deadline()
		require.True(t, bounded)
		return store.Lag{All: 17, Longest: 12}, lag
	})
	said := scrape(t, i)
	for _, line := range []string{
		`tributary_plugin_state{plugin="one",state="UP"} 1`, `tributary_plugin_state{plugin="one",state="DRAINING"} 1`,
		`tributary_plugin_state{plugin="two",state="GIVEN_UP"} 1`, `tributary_plugin_restarts_total{plugin="one"} 3`,
		`tributary_plugin_restarts_total{plugin="two"} 8`, `tributary_plugin_calls_in_flight{plugin="one"} 4`, `tributary_event_lag 17`,
		`tributary_event_lag_longest 12`,
	} {
		require.Contains(t, said, line)
	}
	require.NotContains(t, said, "broker_up")
	up := true
	i.Broker(func() bool { return up })
	require.Contains(t, scrape(t, i), "tributary_broker_up 1")
	up = false
	require.Contains(t, scrape(t, i), "tributary_broker_up 0")
	lag = errors.New("database is gone")
	require.NotContains(t, scrape(t, i), "event_lag", "a wrong number is worse than none")
}

func TestTheMetricsHaveAListenerOfTheirOwn(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- instruments().Serve(ctx, listener) }()
	for path, status := range map[string]int{"/metrics": 200, "/v1/users": 404, "/debug/pprof/": 404} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String()+path, nil)
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, status, answer.StatusCode)
	}
	cancel()
	require.NoError(t, <-over)
}
