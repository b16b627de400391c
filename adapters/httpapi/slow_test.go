package httpapi

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// stuck is a database that gives a call back only when its time is over, in
// words of its own.
type stuck struct{ words func(error) error }

func (s stuck) wait(ctx context.Context) error {
	<-ctx.Done()
	return s.words(ctx.Err())
}

func (s stuck) Authenticate(ctx context.Context, _ secret.String) (usecase.Principal, error) {
	return usecase.Principal{}, s.wait(ctx)
}

type stuckUsers struct {
	fakeUsers
	stuck
}

func (s stuckUsers) Get(ctx context.Context, _ usecase.Principal, _ string) (*user.User, error) {
	return nil, s.wait(ctx)
}

func (s stuckUsers) Delete(ctx context.Context, _ usecase.Principal, _ string) error {
	return s.wait(ctx)
}

type stuckQueues struct {
	fakeQueues
	stuck
}

func (s stuckQueues) Events(ctx context.Context, _ usecase.Principal, _ string, _ *int64, _ int, _ time.Duration) ([]event.Event, error) {
	return nil, s.wait(ctx)
}

type stuckLog struct{ stuck }

func (s stuckLog) After(ctx context.Context, _ usecase.Principal, _ *int64, _ store.EventFilter, _ int, _ time.Duration) ([]event.Event, error) {
	return nil, s.wait(ctx)
}

func TestACallHasItsTime(t *testing.T) {
	t.Parallel()
	for words, say := range map[string]func(error) error{
		"its own":      func(err error) error { return err },
		"the driver's": func(error) error { return errors.New("interrupted (9)") },
		"typed":        func(err error) error { return fault.New(fault.Unavailable, "database", "Not now.").Because(err) },
	} {
		for name, c := range map[string]struct {
			method, target string
			adjust         func(*Config)
			takes          time.Duration
		}{
			"an ordinary call": {"GET", "/v1/users/" + usr, func(c *Config) { c.Users = stuckUsers{stuck: stuck{say}} }, 10 * time.Second},
			"an erasure":       {"DELETE", "/v1/users/" + usr, func(c *Config) { c.Users = stuckUsers{stuck: stuck{say}} }, 30 * time.Second},
			"a queue":          {"GET", "/v1/queues/" + que + "/events?wait=30", func(c *Config) { c.Queues = stuckQueues{stuck: stuck{say}} }, 40 * time.Second},
			"the log":          {"GET", "/v1/events?wait=30", func(c *Config) { c.Events = stuckLog{stuck{say}} }, 40 * time.Second},
			"who calls":        {"GET", "/v1/users/" + usr, func(c *Config) { c.Authenticator = stuck{say} }, 4 * time.Second},
		} {
			t.Run(words+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					began := time.Now()
					w := newRig(c.adjust).call(c.method, c.target, clientToken, "")
					require.Equal(t, c.takes, time.Since(began))
					require.Equal(t, "5", w.Header().Get("Retry-After"))
					refused(t, w, 503, "timeout")
				})
			})
		}
	}
}

// A request for a token has its time too; its words for that are its own.
func TestTokensHaveTheirTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		g := newRig(func(c *Config) {
			c.OAuth = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				<-r.Context().Done()
				w.WriteHeader(http.StatusServiceUnavailable)
			})
		})
		require.Equal(t, http.StatusServiceUnavailable, g.call("POST", "/oauth/token", "", "").Code)
		require.Equal(t, 10*time.Second, time.Since(began))
	})
}

// A refusal stays what it is, even when it comes late.
func TestLate(t *testing.T) {
	t.Parallel()
	over, end := context.WithTimeout(t.Context(), 0)
	defer end()
	<-over.Done()
	require.ErrorIs(t, late(over, user.ErrNotFound), user.ErrNotFound)
	require.ErrorIs(t, late(over, io.EOF), errTimeout)
	require.NotErrorIs(t, late(t.Context(), io.EOF), errTimeout)
	require.NoError(t, late(over, nil))
}

// pipes is a network without a machine.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if c, open := <-p; open {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (pipes) Close() error   { return nil }
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// TestSlowCallers_are_cut_off: one that drips its headers or its body, or that
// does not read its answer, has no connection once its time is over.
func TestSlowCallers_are_cut_off(t *testing.T) {
	t.Parallel()
	head := "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer " + clientToken + "\r\n"
	long := "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, c := range map[string]struct {
		first  string
		drips  bool
		within time.Duration
		status int
	}{
		"headers that drip":              {"GET / HTTP/1.1\r\nX: ", true, headTimeout, 0},
		"headers that stop":              {"GET / HTTP/1.1\r\n", false, headTimeout, 0},
		"a body that drips":              {head + "Content-Length: 1000\r\n\r\n{", true, bodyTimeout, 408},
		"a body that stops":              {head + "Content-Length: 1000\r\n\r\n{", false, bodyTimeout, 408},
		"a body with a key that drips":   {head + "Idempotency-Key: a\r\nContent-Length: 1000\r\n\r\n{", true, bodyTimeout, 408},
		"an answer that is not read":     {long, false, slowest, -1},
		"a connection that says nothing": {"", false, headTimeout, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				network := make(pipes)
				server := NewServer(newRig().handler, slog.New(slog.DiscardHandler))
				closed := make(chan time.Duration, 1)
				began := time.Now()
				server.ConnState = func(_ net.Conn, state http.ConnState) {
					if state == http.StateClosed {
						closed <- time.Since(began)
					}
				}
				go func() { _ = server.Serve(network) }()
				ours, theirs := net.Pipe()
				network <- theirs
				var dripping sync.WaitGroup
				dripping.Go(func() { drip(ours, c.first, c.drips) })
				defer func() { // a bubble ends when all in it has
					require.NoError(t, ours.Close())
					close(network)
					require.NoError(t, server.Close())
					dripping.Wait()
				}()
				if c.status >= 0 {
					answer, err := http.ReadResponse(bufio.NewReader(ours), nil)
					require.Equal(t, c.status == 0, err != nil, "%v", err)
					if err == nil {
						require.Equal(t, c.status, answer.StatusCode)
						body, _ := io.ReadAll(answer.Body)
						require.Contains(t, string(body), "request_timeout")
					}
				}
				require.LessOrEqual(t, <-closed, c.within+time.Second)
			})
		})
	}
}

func drip(into net.Conn, first string, drips bool) {
	_, err := fmt.Fprint(into, first)
	for drips && err == nil {
		time.Sleep(time.Second)
		_, err = into.Write([]byte("x"))
	}
}

// What net/http has to say goes into our log, a line for each thing.
func TestServerLogsLikeTheRest(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	NewServer(nil, slog.New(slog.NewJSONHandler(&log, nil))).ErrorLog.Print("http: odd\nthing \x1b[31m")
	require.Equal(t, 1, strings.Count(log.String(), "\n"))
	require.Contains(t, log.String(), `"level":"WARN"`)
}
