package endtoend

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// siteTap stands between customers' browsers and the bank's web site, and learns what only both may know: each cookie.
type siteTap struct {
	server *httptest.Server
	mu     sync.Mutex
	heard  map[string]bool
	asked  map[string]int
}

func tapSite(t *testing.T, bank string) *siteTap {
	t.Helper()
	at, err := url.Parse(bank)
	require.NoError(t, err)
	w := &siteTap{heard: map[string]bool{}, asked: map[string]int{}}
	to := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(at)
			r.Out.Host = r.In.Host // the bank's links are to lead here
		},
		Transport:      &http.Transport{MaxIdleConnsPerHost: 64},
		ModifyResponse: w.answered,
		FlushInterval:  -1, // a page that breaks off has begun
		ErrorLog:       slog.NewLogLogger(slog.DiscardHandler, 0),
	}
	w.server = httptest.NewUnstartedServer(heardOut(to))
	w.server.Config.ErrorLog = to.ErrorLog
	w.server.Start()
	t.Cleanup(func() {
		w.server.CloseClientConnections()
		w.server.Close()
	})
	return w
}

// heardOut reads what is asked to its end before it goes on: a proxy whose server answers before it has read all of that
// cuts the answer.
func heardOut(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // whoever asked is gone
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

func (w *siteTap) answered(r *http.Response) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, theme := range siteThemes {
		if strings.HasPrefix(r.Request.URL.Path, "/web/"+theme+"/") {
			w.asked[theme]++
		}
	}
	for _, c := range r.Cookies() {
		if len(c.Value) > 8 { // a cookie banner's choice is no secret
			w.heard[c.Value] = true
		}
	}
	return nil
}

// cookies are all that were given so far.
func (w *siteTap) cookies() (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.heard {
		all = append(all, one)
	}
	return all
}
