package endtoend

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// watcher is who watches over a server from outside: it takes its traces,
// scrapes its metrics, and has given it a folder of its own for what is
// temporary.
type watcher struct {
	temporary string
	metrics   string
	collector *httptest.Server
	mu        sync.Mutex
	spans     bytes.Buffer
}

func watch(t *testing.T) *watcher {
	t.Helper()
	w := &watcher{}
	w.collector = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.spans.Write(body)
	}))
	t.Cleanup(w.collector.Close)
	var err error
	w.temporary, err = os.MkdirTemp("", "t") //nolint:usetesting // a socket's name is short
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(w.temporary) })
	w.metrics, err = pgcluster.FreeAddress()
	require.NoError(t, err)
	return w
}

// environment points a server here. Spans are sent as they are, without
// compression.
func (w *watcher) environment() []string {
	return []string{"TMPDIR=" + w.temporary, "TRIBUTARY_METRICS_LISTEN=" + w.metrics, "OTEL_EXPORTER_OTLP_ENDPOINT=" + w.collector.URL}
}

func (w *watcher) scrape(t *testing.T) []byte {
	t.Helper()
	answer, err := http.Get("http://" + w.metrics + "/metrics")
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Contains(t, string(text), "tributary_synchronizations_total", "the metrics tell nothing")
	return text
}

// traces are what was sent, and must have been.
func (w *watcher) traces() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.spans.Bytes())
}

// digests tell each file of a folder from what it was.
func digests(t *testing.T, folder string) map[string][32]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	all := map[string][32]byte{}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		require.NoError(t, err)
		all[entry.Name()] = sha256.Sum256(text)
	}
	return all
}
