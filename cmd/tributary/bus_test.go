package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/bus/bustest/natsbroker"
)

// pairOf are two servers on one PostgreSQL, with a broker between them.
type pairOf struct {
	a, b  watched
	owner clientShape
}

func startPair(t *testing.T, dsn, broker string, more ...string) pairOf {
	t.Helper()
	bus := filepath.Join(t.TempDir(), "bus.url")
	require.NoError(t, os.WriteFile(bus, []byte(broker+"\n"), 0o600))
	one, other := folder(t), folder(t)
	flags := append([]string{"--database-url-file", dsn, "--bus-url-file", bus}, more...)
	owner := does[clientShape](t, "client", "create", "--name", "one", "--data", one, "--database-url-file", dsn)
	p := pairOf{owner: owner, a: measured(t, one, flags...)}
	p.b = measured(t, other, append(flags, "--master-key-file", filepath.Join(one, "master.key"))...)
	p.a.token = p.a.running.token(t, owner)
	p.b.token = p.a.token
	return p
}

// happens makes one event at a server.
func (w watched) happens(t *testing.T, name string) {
	t.Helper()
	status, text := w.call(t, http.MethodPost, w.url+"/v1/users", `{"external_id":"`+name+`"}`)
	require.Equal(t, http.StatusCreated, status, text)
}

// page are the numbers of what a client reads after one, waiting up to 20 s.
func (w watched) page(t *testing.T, after int64) (seqs []int64) {
	t.Helper()
	status, text := w.call(t, http.MethodGet, w.url+"/v1/events?wait=20&after="+strconv.FormatInt(after, 10), "")
	require.Equal(t, http.StatusOK, status, text)
	var got struct{ Data []struct{ Seq int64 } }
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	for _, e := range got.Data {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

// measures reads one metric that has no labels, or a series of one.
func (w watched) measures(t *testing.T, name string) float64 {
	t.Helper()
	_, text := w.call(t, http.MethodGet, w.metrics, "")
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			number, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			require.NoError(t, err)
			return number
		}
	}
	require.FailNow(t, "there is no such metric", name)
	return 0
}

// wakes is how long readers who wait at A take to see events of B.
func (p pairOf) wakes(t *testing.T, after int64, times int) (took time.Duration) {
	t.Helper()
	for n := range int64(times) {
		seen := make(chan []int64, 1)
		go func() { seen <- p.a.page(t, after+n) }()
		require.Eventually(t, func() bool { return p.a.measures(t, "tributary_http_requests_in_flight") == 1 }, 10*time.Second, time.Millisecond)
		began := time.Now()
		p.b.happens(t, "user-"+strconv.FormatInt(after+n, 10))
		require.Equal(t, []int64{after + n + 1}, <-seen)
		took += time.Since(began)
	}
	return took
}

// TestBus_between_two_servers: who waits at one server is woken by what happens
// at another; without the broker it takes a look longer, and no more.
func TestBus_between_two_servers(t *testing.T) {
	t.Parallel()
	broker, err := natsbroker.Start(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(broker.Halt)
	dsn, _ := newDatabase(t)
	p := startPair(t, dsn, broker.URL())
	carried := func(want float64, says string) {
		t.Helper()
		for _, w := range []watched{p.a, p.b} {
			require.Eventually(t, func() bool { return w.measures(t, "tributary_broker_up") == want }, 20*time.Second, 10*time.Millisecond)
			status, text := w.call(t, http.MethodGet, w.url+"/readyz", "")
			require.Equal(t, http.StatusOK, status, "a broker that is gone only slows")
			require.Contains(t, text, `"broker":"`+says+`"`)
		}
	}
	const times = 10
	carried(1, "ok")
	with := p.wakes(t, 0, times)
	broker.Halt()
	carried(0, "degraded")
	without := p.wakes(t, times, 3)
	require.NoError(t, broker.Resume())
	carried(1, "ok")
	again := p.wakes(t, times+3, times)
	t.Logf("an event of another server is seen after %v, without a broker %v, with a new one %v", with/times, without/3, again/times)
	require.Less(t, with, times*time.Second, "nobody is woken")
	require.Less(t, again, times*time.Second, "nobody is woken by a new broker")
	require.Less(t, without, 3*5*time.Second, "a lost hint costs more than a look")
	for _, w := range []watched{p.a, p.b} {
		log, err := os.ReadFile(w.log.Name())
		require.NoError(t, err)
		require.NotContains(t, string(log), broker.Password())
	}
}

// TestBus_refuses what is not an address, and shows it to nobody.
func TestBus_refuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bus.url")
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		says string
	}{
		"for everybody": {"nats://u:Canary-77@h:4222", 0o644, "only its owner may read"},
		"no address":    {"http://u:Canary-77@h:4222", 0o600, "bus_url_file: what " + file + " holds wants nats://"},
		"nothing":       {"", 0o600, "wants nats://"},
	} {
		require.NoError(t, os.WriteFile(file, []byte(c.text), 0o600))
		require.NoError(t, os.Chmod(file, c.mode))
		s := call(t, nil, "serve", "--environment", "sandbox", "--data", folder(t), "--plugins", t.TempDir(), "--bus-url-file", file)
		require.Equal(t, 1, s.status, name)
		require.Contains(t, s.log, c.says, name)
		require.NotContains(t, s.log, "Canary-77", name)
	}
}
