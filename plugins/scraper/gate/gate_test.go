package gate_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/gate"
)

func TestAllowed(t *testing.T) {
	t.Parallel()
	hosts := []string{"bank.example", "*.static.example", "127.0.0.1:8080"}
	for host, want := range map[string]bool{
		"bank.example": true, "bank.example:443": true, "BANK.example:80": true, "bank.example:8443": false, "evil-bank.example": false,
		"a.static.example": true, "static.example": false, "a.static.example.evil": false, "127.0.0.1:8080": true, "127.0.0.1:8081": false, "": false,
	} {
		require.Equal(t, want, gate.Allowed(hosts, host), host)
	}
}

func through(t *testing.T, hosts ...string) (*gate.Gate, *http.Client) {
	t.Helper()
	g, err := gate.Open(hosts)
	require.NoError(t, err)
	t.Cleanup(g.Close)
	address, err := url.Parse(g.Address())
	require.NoError(t, err)
	transport := &http.Transport{Proxy: http.ProxyURL(address)}
	t.Cleanup(transport.CloseIdleConnections)
	return g, &http.Client{Transport: transport}
}

func TestGate_lets_through_what_is_named(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "plain "+r.Host) }))
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secure") }))
	t.Cleanup(secure.Close)
	host := strings.TrimPrefix(plain.URL, "http://")
	g, client := through(t, host, strings.TrimPrefix(secure.URL, "https://"))
	client.Transport.(*http.Transport).TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig
	require.Equal(t, "plain "+host, get(t, client, plain.URL))
	require.Equal(t, "secure", get(t, client, secure.URL))
	require.Empty(t, g.Refused())
}

func TestGate_refuses_and_counts_the_others(t *testing.T) {
	t.Parallel()
	g, client := through(t, "localhost.example")
	require.Contains(t, get(t, client, "http://tracker.example/x"), "not among those")
	_, err := client.Get("https://tracker.example/x") //nolint:bodyclose,noctx // there is none
	require.ErrorContains(t, err, "Forbidden")
	require.Equal(t, map[string]int{"tracker.example": 2}, g.Refused())
}

func TestGate_says_that_it_is_reached(t *testing.T) {
	t.Parallel()
	g, client := through(t)
	answer, err := client.Get(gate.Here) //nolint:noctx // it is a test
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
	require.Contains(t, get(t, client, gate.Here+"other"), "not among those")
	require.Equal(t, map[string]int{"gate.invalid": 1}, g.Refused())
}

// A bank that answers before it has read what it was sent is heard to the end.
func TestGate_cuts_no_early_answer(t *testing.T) {
	t.Parallel()
	early := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		require.NoError(t, http.NewResponseController(w).EnableFullDuplex())
		w.Header().Set("Connection", "close") // Go's server cannot go on after a form that nobody read
		for range 20 {
			_, _ = io.WriteString(w, strings.Repeat("x", 1000))
			_ = http.NewResponseController(w).Flush()
		}
	}))
	t.Cleanup(early.Close)
	_, client := through(t, strings.TrimPrefix(early.URL, "http://"))
	for range 50 {
		reads, writes := io.Pipe()
		go func() {
			time.Sleep(2 * time.Millisecond) // the answer is under way
			_, _ = io.WriteString(writes, "form")
			_ = writes.Close()
		}()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, early.URL, reads)
		require.NoError(t, err)
		request.ContentLength = 4
		answer, err := client.Do(request)
		require.NoError(t, err)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Len(t, body, 20_000)
	}
}

func get(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	answer, err := client.Get(address) //nolint:noctx // a test
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(body)
}
