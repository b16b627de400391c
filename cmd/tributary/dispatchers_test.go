package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/bus/bustest/natsbroker"
)

// sink counts what endpoints get: requests by endpoint and event.
type sink struct {
	mu  sync.Mutex
	got map[string]int
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	<-time.After(2 * time.Millisecond) // there is always something under way
	s.mu.Lock()
	s.got[r.URL.Path+" "+r.Header.Get("Webhook-Id")]++
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// counts are pairs of endpoint and event that came, and requests beyond that.
func (s *sink) counts() (pairs, doubles int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.got {
		doubles += n - 1
	}
	return len(s.got), doubles
}

// TestDispatchers: two servers on one PostgreSQL share webhooks. What happens is
// sent once to each, and one attempt is written down; when one of them is killed
// the other goes on with its webhooks, and sends at most that again of which the
// dead one could not say what became.
func TestDispatchers(t *testing.T) {
	t.Parallel()
	received := &sink{got: map[string]int{}}
	endpoint := httptest.NewServer(received)
	t.Cleanup(endpoint.Close)
	broker, err := natsbroker.Start(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(broker.Halt)
	dsn, source := newDatabase(t)
	p := startPair(t, dsn, broker.URL(), "--outbound-allow", "127.0.0.0/8")
	db, err := sql.Open("pgx", source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })

	const hooks, inFlight = 16, 8
	wanted, events := 0, 0
	happens := func(at watched, times int) {
		for range times {
			events++
			at.happens(t, fmt.Sprintf("user-%d", events))
		}
	}
	for n := range hooks { // what happens at a server wakes its own dispatcher first
		at := []watched{p.a, p.b}[n%2]
		status, text := at.call(t, http.MethodPost, at.url+"/v1/webhooks", fmt.Sprintf(`{"url":"%s/%d","types":["user.created"]}`, endpoint.URL, n))
		require.Equal(t, http.StatusCreated, status, text)
		happens(at, 1)
		wanted += n + 1
		require.Eventually(t, func() bool { pairs, _ := received.counts(); return pairs == wanted }, time.Minute, time.Millisecond)
	}
	arrives := func(limit time.Duration) {
		t.Helper()
		require.Eventually(t, func() bool { pairs, _ := received.counts(); return pairs == wanted }, limit, 5*time.Millisecond, "%d are wanted", wanted)
	}
	happens(p.a, 40)
	happens(p.b, 40)
	wanted += 80 * hooks
	arrives(20 * time.Second)
	_, doubles := received.counts()
	require.Zero(t, doubles, "what nobody disturbed is sent once")
	p.a.attempts(t, hooks, 80)
	held := holders(t, db)
	require.Len(t, held, 2, "both servers serve: %v", held)

	happens(p.b, 100)
	before, _ := received.counts()
	wanted += 100 * hooks
	require.Eventually(t, func() bool { pairs, _ := received.counts(); return pairs > before }, time.Minute, time.Millisecond)
	p.a.kill()
	killed := time.Now()
	happens(p.b, 20)
	wanted += 20 * hooks
	arrives(60 * time.Second)
	_, doubles = received.counts()
	t.Logf("%d requests of %d endpoints; after a server was killed everything had arrived in %v, %d requests came twice", wanted+doubles, hooks, time.Since(killed), doubles)
	require.LessOrEqual(t, doubles, hooks*inFlight, "more came twice than could be under way")
	require.Eventually(t, func() bool { return len(holders(t, db)) == 1 }, time.Minute, 20*time.Millisecond, "the other one serves them all")
}

// holders are the processes that hold webhooks.
func holders(t *testing.T, db *sql.DB) (owners []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT DISTINCT lease_owner FROM webhooks WHERE lease_owner <> ''")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var owner string
		require.NoError(t, rows.Scan(&owner))
		owners = append(owners, owner)
	}
	require.NoError(t, rows.Err())
	return owners
}

// attempts fails unless the newest deliveries of each webhook were tried once.
func (w watched) attempts(t *testing.T, hooks, newest int) {
	t.Helper()
	list := func(path string) (data []struct {
		ID, Status string
		Attempts   []struct{}
	}) {
		status, text := w.call(t, http.MethodGet, w.url+path, "")
		require.Equal(t, http.StatusOK, status, text)
		var page struct{ Data json.RawMessage }
		require.NoError(t, json.Unmarshal([]byte(text), &page))
		require.NoError(t, json.Unmarshal(page.Data, &data))
		return data
	}
	all := list("/v1/webhooks")
	require.Len(t, all, hooks)
	for _, hook := range all {
		require.Eventually(t, func() bool { // the last ones are being written down
			deliveries := list(fmt.Sprintf("/v1/webhooks/%s/deliveries?limit=%d", hook.ID, newest))
			for _, d := range deliveries {
				if d.Status != "DELIVERED" || len(d.Attempts) != 1 {
					return false
				}
			}
			return len(deliveries) == newest
		}, time.Minute, 20*time.Millisecond)
	}
}
