package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// growing is a log that a test writes.
type growing struct {
	*world
	mu     sync.Mutex
	log    []event.Event
	filter store.EventFilter
	tail   int64 // what is forgotten
}

func (g *growing) happen(seqs ...int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, seq := range seqs {
		g.log = append(g.log, event.Event{Draft: event.Draft{Name: event.UserCreated, Version: 1, UserID: usr}, Seq: seq, ID: "evt_1", OccurredAt: noon})
	}
}

func (g *growing) After(ctx context.Context, _ usecase.Principal, after *int64, filter store.EventFilter, _ int, wait time.Duration) (found []event.Event, err error) {
	if err := event.Check(filter.Names); err != nil {
		return nil, err
	}
	patience, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	seq := g.tail
	if after != nil {
		seq = *after
	}
	if seq < g.tail {
		return nil, event.Gone(g.tail + 1)
	}
	for {
		g.mu.Lock()
		g.filter = filter
		for _, e := range g.log {
			if e.Seq > seq {
				found = append(found, e)
			}
		}
		g.mu.Unlock()
		if len(found) > 0 || patience.Err() != nil {
			return found, ctx.Err()
		}
		select {
		case <-patience.Done():
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// revocable is an authenticator whose tokens end.
type revocable struct {
	*world
	revoked chan struct{}
}

func (r revocable) Authenticate(ctx context.Context, token secret.String) (usecase.Principal, error) {
	select {
	case <-r.revoked:
		return usecase.Principal{}, fault.New(fault.Unauthenticated, "invalid_token", "It has ended.")
	default:
		return r.world.Authenticate(ctx, token)
	}
}

type streaming struct {
	*growing
	url     string
	server  *http.Server
	revoked chan struct{}
}

// streamingServer serves over a real connection, with the limits of ours.
func streamingServer(t *testing.T) streaming {
	t.Helper()
	s := streaming{revoked: make(chan struct{})}
	g := newRig(func(c *Config) {
		w := c.Events.(fakeEvents).world
		s.growing = &growing{world: w}
		c.Events, c.Authenticator, c.Beat = s.growing, revocable{w, s.revoked}, 50*time.Millisecond
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.server = NewServer(g.handler, slog.New(slog.DiscardHandler))
	s.url = "http://" + listener.Addr().String() + "/v1/events"
	go func() { _ = s.server.Serve(listener) }()
	t.Cleanup(func() { _ = s.server.Close() })
	return s
}

func (s streaming) open(t *testing.T, query, last string) (*http.Response, *bufio.Scanner) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+query, nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+clientToken)
	r.Header.Set("Accept", "text/event-stream")
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	w, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.Body.Close() })
	return w, bufio.NewScanner(w.Body)
}

// told reads so many events.
func told(t *testing.T, lines *bufio.Scanner, count int) (ids []string) {
	t.Helper()
	for len(ids) < count && lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			ids = append(ids, id)
		}
	}
	require.Len(t, ids, count)
	return ids
}

func TestEventStream(t *testing.T) {
	t.Parallel()
	t.Run("tells events as they happen, and goes on where it was", func(t *testing.T) {
		t.Parallel()
		s := streamingServer(t)
		s.happen(1, 2)
		w, lines := s.open(t, "?types=user.created&connection_id="+con, "")
		require.Equal(t, http.StatusOK, w.StatusCode)
		require.Equal(t, "text/event-stream", w.Header.Get("Content-Type"))
		require.Empty(t, w.Header.Get("Content-Encoding"))
		require.Equal(t, []string{"1", "2"}, told(t, lines, 2))
		s.happen(3)
		require.Equal(t, []string{"3"}, told(t, lines, 1))
		require.Equal(t, store.EventFilter{Connection: con, Names: []event.Name{event.UserCreated}}, s.filter)
		_, again := s.open(t, "?after=0", "2")
		require.Equal(t, []string{"3"}, told(t, again, 1))
		_, after := s.open(t, "?after=1", "")
		require.Equal(t, []string{"2", "3"}, told(t, after, 2))
	})

	t.Run("gives each event its name and the shape that the log has", func(t *testing.T) {
		t.Parallel()
		s := streamingServer(t)
		s.happen(1)
		_, lines := s.open(t, "", "")
		var got []string
		for lines.Scan() && len(got) < 5 {
			got = append(got, lines.Text())
		}
		require.Equal(t, "retry: 3000", got[0])
		require.Equal(t, "event: user.created", got[3])
		page := newRig(func(c *Config) { c.Events = s.growing }).call(http.MethodGet, "/v1/events", clientToken, "").Body.String()
		require.Contains(t, page, strings.TrimPrefix(got[4], "data: "))
	})

	t.Run("is refused with a problem", func(t *testing.T) {
		t.Parallel()
		s := streamingServer(t)
		for query, status := range map[string]int{"?types=no.such": 422, "?after=-1": 422, "?nonsense=1": 422, "?user_id=": 200} {
			w, _ := s.open(t, query, "")
			require.Equal(t, status, w.StatusCode, query)
			require.Equal(t, status != 200, w.Header.Get("Content-Type") == problemType, query)
		}
		w, _ := s.open(t, "", "nonsense")
		require.Equal(t, 422, w.StatusCode)
	})

	t.Run("begins with what is kept, and is refused behind that", func(t *testing.T) {
		t.Parallel()
		s := streamingServer(t)
		s.tail = 3
		s.happen(4, 5)
		_, lines := s.open(t, "", "")
		require.Equal(t, []string{"4", "5"}, told(t, lines, 2))
		for query, last := range map[string]string{"?after=2": "", "?after=4": "2", "?after=0": ""} {
			w, _ := s.open(t, query, last)
			require.Equal(t, http.StatusGone, w.StatusCode, query)
			require.Equal(t, problemType, w.Header.Get("Content-Type"))
			var p problem
			require.NoError(t, json.NewDecoder(w.Body).Decode(&p))
			require.Equal(t, "events_gone", p.Code)
			require.Equal(t, "4", *p.Subject)
		}
	})

	t.Run("says something at every beat, and ends with its token", func(t *testing.T) {
		t.Parallel()
		s := streamingServer(t)
		_, lines := s.open(t, "", "")
		for beats := 0; beats < 2 && lines.Scan(); {
			if strings.HasPrefix(lines.Text(), ":") {
				beats++
			}
		}
		close(s.revoked)
		for lines.Scan() {
			require.NotContains(t, lines.Text(), "data:")
		}
		require.NoError(t, lines.Err(), "it ends in order")
	})

	t.Run("does not keep the server from ending", func(t *testing.T) {
		t.Parallel()
		s := streamingServer(t)
		s.happen(1)
		_, lines := s.open(t, "", "")
		told(t, lines, 1)
		for !strings.HasPrefix(lines.Text(), "data: ") {
			require.True(t, lines.Scan(), "the rest of the event")
		}
		patience, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		require.NoError(t, s.server.Shutdown(patience))
		for lines.Scan() {
			require.NotContains(t, lines.Text(), "data:")
		}
	})

	t.Run("has a limit for each client, which closing gives back", func(t *testing.T) {
		t.Parallel()
		s := streamingServer(t)
		var open []*http.Response
		for range maxStreams {
			w, _ := s.open(t, "", "")
			require.Equal(t, http.StatusOK, w.StatusCode)
			open = append(open, w)
		}
		w, _ := s.open(t, "", "")
		require.Equal(t, http.StatusTooManyRequests, w.StatusCode)
		require.NotEmpty(t, w.Header.Get("Retry-After"))
		require.NoError(t, open[0].Body.Close())
		require.Eventually(t, func() bool {
			w, _ := s.open(t, "", "")
			return w.StatusCode == http.StatusOK
		}, 10*time.Second, 20*time.Millisecond)
	})
}
