package outbound_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/ports/fetcher"
	"github.com/tributary-dev/tributary/ports/fetcher/fetchertest"
)

// serveAt serves a handler at one of the machine's own addresses.
func serveAt(t *testing.T, address string, handler http.Handler) *httptest.Server {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}}
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// onlyOne lets the tests take one address of the machine for a public one.
func onlyOne(address string) outbound.Rules {
	return outbound.Rules{Allow: []netip.Prefix{netip.MustParsePrefix(address)}}
}

// website serves what the suite publishes.
type website struct {
	mu    sync.Mutex
	pages map[string]fetchertest.Page
}

func (s *website) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	page := s.pages[r.URL.Path]
	s.mu.Unlock()
	if page.Location != "" {
		w.Header().Set("Location", page.Location)
		page.Status = http.StatusFound
	}
	if page.Status != 0 {
		w.WriteHeader(page.Status)
	}
	if page.Body != "" {
		_, _ = w.Write([]byte(page.Body))
	}
}

func TestFetcher(t *testing.T) {
	t.Parallel()
	fetchertest.Run(t, func(t *testing.T) fetchertest.World {
		site := &website{pages: map[string]fetchertest.Page{}}
		public := serveAt(t, "127.0.0.1:0", site)
		var asked atomic.Int64
		private := serveAt(t, "127.0.0.2:0", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		return fetchertest.World{
			Fetcher: outbound.NewFetcher(outbound.Options{Rules: onlyOne("127.0.0.1/32"), PlainHTTP: true, Redirects: 2}, fetchertest.Limit),
			Publish: func(path string, page fetchertest.Page) string {
				site.mu.Lock()
				defer site.mu.Unlock()
				site.pages[path] = page
				return public.URL + path
			},
			Private: private.URL, Asked: func() int { return int(asked.Load()) },
		}
	})
}

func trusting(server *httptest.Server) func(*http.Transport) {
	return func(transport *http.Transport) {
		transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	}
}

func TestFetcher_over_TLS(t *testing.T) {
	t.Parallel()
	plain := serveAt(t, "127.0.0.1:0", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, plain.URL, http.StatusFound)
		}
	}))
	t.Cleanup(server.Close)
	options := outbound.Options{Rules: onlyOne("127.0.0.1/32"), PlainHTTP: true, Redirects: 2, TLS: trusting(server)}
	f := outbound.NewFetcher(options, 10)
	_, err := f.Fetch(t.Context(), server.URL)
	require.NoError(t, err)
	_, err = f.Fetch(t.Context(), plain.URL)
	require.NoError(t, err)
	_, err = f.Fetch(t.Context(), server.URL+"/down")
	require.ErrorIs(t, err, fetcher.ErrAddress, "no way down from https to http")

	options.PlainHTTP = false
	_, err = outbound.NewFetcher(options, 10).Fetch(t.Context(), plain.URL)
	require.ErrorIs(t, err, fetcher.ErrAddress)
	options.TLS = nil
	_, err = outbound.NewFetcher(options, 10).Fetch(t.Context(), server.URL)
	require.ErrorIs(t, err, fetcher.ErrFetch, "a certificate that nobody vouches for")
	require.NotContains(t, err.Error(), strings.TrimPrefix(server.URL, "https://"), "the cause is for logs, the address is not")
}

// A client that follows nothing gives the redirect itself, as webhooks want it.
func TestClient_follows_nothing_by_itself(t *testing.T) {
	t.Parallel()
	server := serveAt(t, "127.0.0.1:0", http.RedirectHandler("http://127.0.0.2/", http.StatusTemporaryRedirect))
	client := outbound.NewClient(outbound.Options{Rules: onlyOne("127.0.0.1/32"), PlainHTTP: true})
	answer, err := client.Get(server.URL)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusTemporaryRedirect, answer.StatusCode)
	client.CloseIdleConnections()
}

// The environment does not decide where a request goes.
func TestClient_uses_no_proxy(t *testing.T) {
	var asked atomic.Int64
	proxy := serveAt(t, "127.0.0.1:0", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	_, err := outbound.NewFetcher(outbound.Options{PlainHTTP: true}, 10).Fetch(t.Context(), "http://10.1.2.3/")
	require.ErrorIs(t, err, fetcher.ErrAddress)
	require.Zero(t, asked.Load())
}
