package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// watched is a server, seen by those who watch over it: probes and metrics.
type watched struct {
	running
	metrics string
	token   string
	place   []string // the flags that say where its state is
	db      *sql.DB  // a hand that changes the database under the server
	start   func(t *testing.T) watched
}

// again kills the server, and starts another one in its place.
func (w watched) again(t *testing.T) watched {
	t.Helper()
	w.kill()
	started := w.start(t)
	w.running, w.metrics = started.running, started.metrics
	return w
}

// onBoth starts a server on each database.
func onBoth(t *testing.T, test func(*testing.T, watched), flags ...string) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		data := folder(t)
		test(t, watch(t, data, "sqlite", node.Database(data)+"?_pragma=busy_timeout(10000)", nil, flags))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		dsn, source := newDatabase(t)
		test(t, watch(t, folder(t), "pgx", source, []string{"--database-url-file", dsn}, flags))
	})
}

// newDatabase is an empty one on a PostgreSQL of its own: the file with its
// address, and the address.
func newDatabase(t *testing.T) (file, source string) {
	t.Helper()
	return newDatabaseOf(t, newCluster(t))
}

func newCluster(t *testing.T, settings ...string) *pgcluster.Cluster {
	t.Helper()
	cluster, err := pgcluster.Start(context.Background(), settings...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Stop()) })
	return cluster
}

func newDatabaseOf(t *testing.T, cluster *pgcluster.Cluster) (file, source string) {
	t.Helper()
	database, err := cluster.Create(t.Context(), "template0")
	require.NoError(t, err)
	file = filepath.Join(t.TempDir(), "database.url")
	require.NoError(t, os.WriteFile(file, []byte(cluster.DSN(database)), 0o600))
	return file, cluster.DSN(database)
}

// watch starts a server; where says where its state is, to commands too.
func watch(t *testing.T, data, driver, source string, where, flags []string) watched {
	t.Helper()
	place := append([]string{"--data", data}, where...)
	owner := does[clientShape](t, append([]string{"client", "create", "--name", "one"}, place...)...)
	start := func(t *testing.T) watched { return measured(t, data, append(slices.Clone(where), flags...)...) }
	w := start(t)
	w.start = start
	w.token, w.place = w.running.token(t, owner), place
	var err error
	w.db, err = sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.db.Close()) })
	return w
}

// measured is a server that tells metrics.
func measured(t *testing.T, data string, with ...string) watched {
	t.Helper()
	scraped, err := pgcluster.FreeAddress()
	require.NoError(t, err)
	started := serve(t, data, append([]string{"--environment", "sandbox", "--metrics-listen", scraped}, with...)...)
	return watched{running: started, metrics: "http://" + scraped + "/metrics"}
}

// call sends one request and reads the answer.
func (w watched) call(t *testing.T, method, url, body string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewBufferString(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+w.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	got, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(got)
}

// A server whose database somebody changed to another schema says so.
func TestProbe_sees_a_schema_that_is_not_ours(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w watched) {
		probe := func(want int, says string) {
			t.Helper()
			status, text := w.call(t, http.MethodGet, w.url+"/readyz", "")
			require.Equal(t, want, status, text)
			require.Contains(t, text, says)
		}
		change := func(statement string) {
			t.Helper()
			_, err := w.db.ExecContext(t.Context(), statement)
			require.NoError(t, err)
		}
		probe(http.StatusOK, `"schema":"ok"`)
		change("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
		probe(http.StatusServiceUnavailable, "A newer version ran here")
		change("DELETE FROM goose_db_version WHERE version_id = 99999")
		probe(http.StatusOK, `"schema":"ok"`)
		change("DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)")
		probe(http.StatusServiceUnavailable, "run tributary migrate up")
		status, _ := w.call(t, http.MethodGet, w.url+"/healthz", "")
		require.Equal(t, http.StatusOK, status, "a new process would not mend it")
	})
}

// The lag that the metrics tell is that of the queues: it grows with the log
// and falls with each acknowledgement.
func TestProbe_reads_the_lag_of_queues(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w watched) {
		lag := func(all, longest int) {
			t.Helper()
			_, text := w.call(t, http.MethodGet, w.metrics, "")
			require.Regexp(t, regexp.MustCompile(fmt.Sprintf(`(?m)^tributary_event_lag %d$`, all)), text)
			require.Regexp(t, regexp.MustCompile(fmt.Sprintf(`(?m)^tributary_event_lag_longest %d$`, longest)), text)
		}
		does := func(url, body string) (got struct{ ID string }) {
			t.Helper()
			status, text := w.call(t, http.MethodPost, w.url+url, body)
			require.Less(t, status, 300, text)
			require.NoError(t, json.Unmarshal([]byte(text), &got), text)
			return got
		}
		lag(0, 0)
		one, two := does("/v1/queues", "{}"), does("/v1/queues", "{}")
		for n := range 3 {
			does("/v1/users", fmt.Sprintf(`{"external_id":"user-%d"}`, n))
		}
		lag(6, 3)
		does("/v1/queues/"+one.ID+"/ack", `{"seq":2}`)
		lag(4, 3)
		does("/v1/queues/"+two.ID+"/ack", `{"seq":3}`)
		lag(1, 1)
		does("/v1/users", `{"external_id":"user-4"}`)
		lag(3, 2)
	})
}

// TestRetention: what is older than the log is kept is gone, what is younger is
// there, who is behind is told where the log begins, and a cursor of
// transactions that is as old stays good.
func TestRetention(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w watched) {
		for n := range 7 {
			w.happens(t, fmt.Sprintf("user-%d", n))
		}
		_, first := w.call(t, http.MethodGet, w.url+"/v1/transactions/sync", "")
		var cursor struct {
			Next string `json:"next_cursor"`
		}
		require.NoError(t, json.Unmarshal([]byte(first), &cursor), first)
		require.NotEmpty(t, cursor.Next, first)
		require.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7}, w.page(t, 0))
		_, err := w.db.ExecContext(t.Context(), "UPDATE events SET occurred_at = occurred_at - 604800000000 - 60000000 WHERE seq <= 4")
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			status, _ := w.call(t, http.MethodGet, w.url+"/v1/events?after=0", "")
			return status == http.StatusGone
		}, 20*time.Second, 20*time.Millisecond)
		for _, behind := range []string{"0", "3"} {
			status, text := w.call(t, http.MethodGet, w.url+"/v1/events?after="+behind, "")
			require.Equal(t, http.StatusGone, status, text)
			require.Contains(t, text, `"code":"events_gone"`)
			require.Contains(t, text, `"subject":"5"`)
		}
		require.Equal(t, []int64{5, 6, 7}, w.page(t, 4))
		status, text := w.call(t, http.MethodGet, w.url+"/v1/events", "")
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, text, `"seq":5`)
		w.happens(t, "user-8")
		require.Equal(t, []int64{8}, w.page(t, 7))
		status, text = w.call(t, http.MethodGet, w.url+"/v1/transactions/sync?cursor="+cursor.Next, "")
		require.Equal(t, http.StatusOK, status, text)
	}, "--event-retention", "7")
}
