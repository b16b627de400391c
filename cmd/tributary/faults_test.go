package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/bus/bustest/natsbroker"
)

// outageTime is how long something is gone: OUTAGE seconds, or a few (in full:
// make faults).
func outageTime() time.Duration {
	if seconds, err := strconv.Atoi(os.Getenv("OUTAGE")); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return 6 * time.Second
}

const (
	// refusedWithin is when whoever calls during an outage has an answer (R3);
	// endedWithin is when whoever was in the middle of a call has one.
	refusedWithin = 5 * time.Second
	endedWithin   = 11 * time.Second
	// recoveredWithin is when everything works again after it.
	recoveredWithin = 10 * time.Second
)

// TestFaults_R3: PostgreSQL or NATS is frozen or killed under two servers at
// work. Whoever calls is answered, with 503 and Retry-After where it must be;
// soon after, everything works; nothing that was acknowledged is lost, readers
// see every event once and in order, and no goroutine is left.
func TestFaults_R3(t *testing.T) {
	t.Parallel()
	cluster := newCluster(t, "synchronous_commit=on", "full_page_writes=on")
	broker, err := natsbroker.Launch(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = broker.Kill() })
	dsn, _ := newDatabaseOf(t, cluster)
	p := startPair(t, dsn, broker.URL())
	full := startWork(t, p) // fills the pools of connections, which are not given back
	full.succeeds(t, 1500)
	full.stop(t)
	for _, f := range []struct {
		name       string
		begin, end func() error
		slows      bool // and nothing more
	}{
		{"NATS frozen", broker.Freeze, broker.Thaw, true},
		{"NATS killed", broker.Kill, broker.Resume, true},
		{"PostgreSQL frozen", cluster.Freeze, cluster.Thaw, false},
		{"PostgreSQL killed", cluster.Kill, func() error { return cluster.Resume(context.Background()) }, false},
	} {
		t.Run(f.name, func(t *testing.T) {
			p.carried(t)
			before := p.goroutines(t)
			w := startWork(t, p)
			w.succeeds(t, 50)
			w.missing(time.Now().Add(200 * time.Millisecond)) // calls that begin before are in the middle of something
			require.NoError(t, f.begin())
			<-time.After(outageTime()) // on purpose
			require.NoError(t, f.end())
			ended := time.Now()
			w.succeeds(t, 50)
			recovered := time.Since(ended)
			w.stop(t)
			p.carried(t)
			t.Logf("gone for %v: %s; works again after %v", outageTime(), w.told(), recovered)
			require.Less(t, recovered, recoveredWithin)
			if f.slows {
				require.Zero(t, w.refused, "a broker that is gone refuses nobody")
			} else {
				require.NotZero(t, w.refused, "the outage was not noticed: nothing was tested")
			}
			left := 0
			enough := func() bool { left = p.goroutines(t); return left <= before+10 }
			assert.Eventually(t, enough, 30*time.Second, 100*time.Millisecond, "goroutines are left")
			t.Logf("%d goroutines before, %d after", before, left)
		})
	}
}

// carried waits until both servers have their broker and their database.
func (p pairOf) carried(t *testing.T) {
	t.Helper()
	for _, w := range []watched{p.a, p.b} {
		require.Eventually(t, func() bool {
			status, text := w.call(t, http.MethodGet, w.url+"/readyz", "")
			return status == http.StatusOK && bytes.Contains([]byte(text), []byte(`"broker":"ok"`))
		}, 30*time.Second, 20*time.Millisecond)
	}
}

// goroutines are those of both servers while nobody calls.
func (p pairOf) goroutines(t *testing.T) (count int) {
	http.DefaultClient.CloseIdleConnections()
	return int(p.a.measures(t, "go_goroutines") + p.b.measures(t, "go_goroutines"))
}

// work is what goes on at two servers: some write, some read, and one at each
// follows the log.
type work struct {
	pair   pairOf
	client *http.Client
	cancel context.CancelFunc
	group  sync.WaitGroup
	begin  int64

	// since is when something went; the zero time before.
	since   time.Time
	mu      sync.Mutex
	created map[string]bool // ids that were acknowledged
	followed,
	wrong []string
	refused, done int
	slowest       time.Duration // of those refused
}

func startWork(t *testing.T, p pairOf) *work {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := &work{pair: p, cancel: cancel, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}, created: map[string]bool{}}
	w.begin = int64(len(p.everybody(t)))
	for n, at := range []watched{p.a, p.b} {
		for k := range 4 {
			w.group.Go(func() { w.write(ctx, at, fmt.Sprintf("%d-%d-%d", time.Now().UnixNano(), n, k)) })
			w.group.Go(func() { w.read(ctx, at) })
		}
	}
	w.group.Go(func() { w.follow(ctx, p.a) })
	w.group.Go(func() { w.grant(ctx, p.b) })
	return w
}

// everybody are the users of all events so far.
func (p pairOf) everybody(t *testing.T) (users []string) {
	t.Helper()
	for after := 0; ; after = len(users) {
		status, text := p.a.call(t, http.MethodGet, p.a.url+"/v1/events?limit=500&after="+strconv.Itoa(after), "")
		require.Equal(t, http.StatusOK, status, text)
		var page eventPage
		require.NoError(t, json.Unmarshal([]byte(text), &page))
		for _, e := range page.Data {
			users = append(users, e.UserID)
		}
		if len(page.Data) == 0 {
			return users
		}
	}
}

type eventPage struct {
	Data []struct {
		Seq    int64
		UserID string `json:"user_id"`
	}
}

// write makes users, and remembers those that were acknowledged.
func (w *work) write(ctx context.Context, at watched, name string) {
	for n := 0; ctx.Err() == nil; n++ {
		var made struct{ ID string }
		if w.ask(at, http.MethodPost, "/v1/users", fmt.Sprintf(`{"external_id":"%s-%d"}`, name, n), refusedWithin, &made) {
			w.mu.Lock()
			w.created[made.ID] = true
			w.mu.Unlock()
		}
		rest(ctx)
	}
}

func (w *work) read(ctx context.Context, at watched) {
	for ctx.Err() == nil {
		w.ask(at, http.MethodGet, "/v1/users?limit=1", "", refusedWithin, nil)
		rest(ctx)
	}
}

// grant asks for tokens.
func (w *work) grant(ctx context.Context, at watched) {
	for ctx.Err() == nil {
		request, err := http.NewRequest(http.MethodPost, at.url+"/oauth/token", bytes.NewBufferString("grant_type=client_credentials")) //nolint:noctx // whoever is asked answers
		if err != nil {
			w.complain(err.Error())
			return
		}
		request.SetBasicAuth(string(w.pair.owner.ID), w.pair.owner.Secret)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w.send(request, endedWithin, nil)
		rest(ctx)
	}
}

// follow reads the log as it grows.
func (w *work) follow(ctx context.Context, at watched) {
	for after := w.begin; ctx.Err() == nil; {
		var page eventPage
		if !w.ask(at, http.MethodGet, "/v1/events?wait=2&after="+strconv.FormatInt(after, 10), "", 2*time.Second+refusedWithin, &page) {
			rest(ctx)
		}
		for _, e := range page.Data {
			if after++; e.Seq != after {
				w.complain(fmt.Sprintf("event %d comes where %d should", e.Seq, after))
				return
			}
			w.mu.Lock()
			w.followed = append(w.followed, e.UserID)
			w.mu.Unlock()
		}
	}
}

func rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(100 * time.Millisecond):
	}
}

func (w *work) complain(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, what)
}

// ask makes a call, which is answered in time, and reports whether it succeeded.
func (w *work) ask(at watched, method, path, body string, limit time.Duration, into any) bool {
	request, err := http.NewRequest(method, at.url+path, bytes.NewBufferString(body)) //nolint:noctx // whoever is asked answers
	if err != nil {
		w.complain(err.Error())
		return false
	}
	request.Header.Set("Authorization", "Bearer "+at.token)
	request.Header.Set("Content-Type", "application/json")
	return w.send(request, limit, into)
}

func (w *work) send(request *http.Request, limit time.Duration, into any) bool {
	call := request.Method + " " + request.URL.Path
	began := time.Now()
	answer, err := w.client.Do(request)
	if err != nil {
		w.complain(call + ": " + err.Error())
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	took := time.Since(began)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err != nil:
		w.wrong = append(w.wrong, err.Error())
	case answer.StatusCode < 300:
		w.done++
		if into != nil && json.Unmarshal(text, into) != nil {
			w.wrong = append(w.wrong, string(text))
		}
		return true
	case answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "":
		w.wrong = append(w.wrong, fmt.Sprintf("%s is answered %d: %s", call, answer.StatusCode, text))
	default:
		w.refused++
		w.slowest = max(w.slowest, took)
		if began.Before(w.since) {
			limit = max(limit, endedWithin)
		}
		if took > limit+time.Second { // of a machine that does other things too
			w.wrong = append(w.wrong, fmt.Sprintf("%s is refused after %v", call, took))
		}
	}
	return false
}

// succeeds waits until so many calls more have succeeded.
func (w *work) succeeds(t *testing.T, more int) {
	t.Helper()
	count := func() int {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.done
	}
	before := count()
	require.Eventually(t, func() bool { return count() >= before+more }, 2*recoveredWithin, time.Millisecond, "nothing works: %s", w.told())
}

func (w *work) told() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprintf("%d calls succeeded, %d were refused, the slowest of them after %v, %d users were acknowledged", w.done, w.refused, w.slowest, len(w.created))
}

// missing notes that something is gone.
func (w *work) missing(since time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.since = since
}

// stop ends the work, and looks that nothing is lost.
func (w *work) stop(t *testing.T) {
	t.Helper()
	w.cancel()
	w.group.Wait()
	w.client.CloseIdleConnections()
	require.Empty(t, w.wrong)
	all := w.pair.everybody(t)[w.begin:]
	require.Equal(t, all[:len(w.followed)], w.followed, "the reader saw something else than the log")
	for id := range w.created {
		require.True(t, slices.Contains(all, id), "%s was acknowledged, and is lost", id)
	}
}
