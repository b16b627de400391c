package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
)

func TestHealthNamesWhatIsGivenUp(t *testing.T) {
	t.Parallel()
	require.JSONEq(t, `{"status":"ok"}`, newRig().call("GET", "/healthz", "", "").Body.String())

	state, at := atomic.Value{}, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	state.Store("UP")
	g := newRig(func(c *Config) {
		c.Health.Plugins = func() []PluginState {
			return []PluginState{{Name: "one", Version: "1.0.0", State: "UP"}, {Name: "two", Version: "1.0.0", State: state.Load().(string), RetryAt: &at}}
		}
		c.Health.Ready = map[string]func(context.Context) error{"database": func(context.Context) error { return errors.New("gone") }}
	})
	require.Equal(t, "ok", decoded(t, g.call("GET", "/healthz", "", ""))["status"])
	state.Store("GIVEN_UP")
	w := g.call("GET", "/healthz", "", "")
	require.Equal(t, http.StatusOK, w.Code, "a new process would not mend it")
	require.JSONEq(t, `{"status":"degraded","plugins":[{"name":"one","version":"1.0.0","state":"UP"},
		{"name":"two","version":"1.0.0","state":"GIVEN_UP","retry_at":"2026-01-02T03:04:05Z"}]}`, w.Body.String())
}

func TestReadinessTurnsRedAndGreen(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	g := newRig(func(c *Config) {
		c.Health.Ready = map[string]func(context.Context) error{
			"plugins": func(context.Context) error { return nil },
			"database": func(context.Context) error {
				if broken.Load() {
					return errors.New("dial tcp 10.0.0.7: canary")
				}
				return nil
			},
		}
	})
	for range 2 {
		w := g.call("GET", "/readyz", "", "")
		require.Equal(t, http.StatusOK, w.Code)
		require.JSONEq(t, `{"status":"ready","checks":{"database":"ok","plugins":"ok"}}`, w.Body.String())
		broken.Store(true)
		for range 3 {
			w = g.call("GET", "/readyz", "", "")
			require.NotContains(t, w.Body.String(), "canary")
			p := refused(t, w, http.StatusServiceUnavailable, "not_ready")
			require.Equal(t, []wrongPlace{{"database", "fails"}}, p.Errors)
		}
		broken.Store(false)
	}
	require.Equal(t, http.StatusOK, g.call("GET", "/readyz", "", "").Code)
	require.Equal(t, 2, count(g.logs.String(), `"msg":"not ready"`), "each change is logged once, not each probe")
	require.Equal(t, 2, count(g.logs.String(), `"msg":"ready again"`))
}

// What only slows a server is told, and keeps nobody away from it.
func TestReadinessBearsWhatOnlySlows(t *testing.T) {
	t.Parallel()
	gone := atomic.Bool{}
	g := newRig(func(c *Config) {
		c.Health.Ready = map[string]func(context.Context) error{"database": func(context.Context) error { return nil }}
		c.Health.Slower = map[string]func(context.Context) error{"broker": func(context.Context) error {
			if gone.Load() {
				return errors.New("canary")
			}
			return nil
		}}
	})
	for range 2 {
		w := g.call("GET", "/readyz", "", "")
		require.JSONEq(t, `{"status":"ready","checks":{"database":"ok","broker":"ok"}}`, w.Body.String())
		gone.Store(true)
		for range 3 {
			w = g.call("GET", "/readyz", "", "")
			require.Equal(t, http.StatusOK, w.Code)
			require.JSONEq(t, `{"status":"ready","checks":{"database":"ok","broker":"degraded"}}`, w.Body.String())
		}
		gone.Store(false)
	}
	g.call("GET", "/readyz", "", "")
	require.Equal(t, 2, count(g.logs.String(), `"msg":"degraded"`))
	require.Equal(t, 2, count(g.logs.String(), `"msg":"ready again"`))
	require.Zero(t, count(g.logs.String(), `"msg":"not ready"`))
}

// What a fault says may be read by anybody, its cause may not.
func TestReadinessTellsTheMessageOfAFault(t *testing.T) {
	t.Parallel()
	g := newRig(func(c *Config) {
		c.Health.Ready = map[string]func(context.Context) error{"schema": func(context.Context) error {
			return fmt.Errorf("wrapped: %w", fault.New(fault.Unavailable, "older", "Run tributary migrate up.").Because(errors.New("canary")))
		}}
	})
	w := g.call("GET", "/readyz", "", "")
	require.Equal(t, []wrongPlace{{"schema", "Run tributary migrate up."}}, refused(t, w, http.StatusServiceUnavailable, "not_ready").Errors)
	require.NotContains(t, w.Body.String(), "canary")
}

func TestReadinessDoesNotWaitForWhatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(func(c *Config) {
			c.Health.Ready = map[string]func(context.Context) error{
				"deaf":     func(context.Context) error { time.Sleep(time.Hour); return nil },
				"database": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
				"plugins":  func(context.Context) error { return nil },
			}
		})
		began := time.Now()
		p := refused(t, g.call("GET", "/readyz", "", ""), http.StatusServiceUnavailable, "not_ready")
		require.Equal(t, probeTimeout, time.Since(began))
		require.Equal(t, []wrongPlace{{"database", "fails"}, {"deaf", "fails"}}, p.Errors)
		time.Sleep(time.Hour) // the deaf one comes to its end too
	})
}
