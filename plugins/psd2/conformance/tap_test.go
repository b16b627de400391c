package conformance

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
)

// exchange is one request with its answer, as they were on the wire.
type exchange struct {
	request  *http.Request
	sent     []byte
	status   int
	header   http.Header
	received []byte
}

// tap stands between both sides and keeps what passes.
type tap struct {
	mu        sync.Mutex
	next      http.Handler
	exchanges []exchange
	calls     []string
	// below is where the standard's calls are; /xs2a/v1/ when empty.
	below string
}

func (t *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(r.TLS.PeerCertificates) > 0 { // the plugin: browsers have none
		t.mu.Lock()
		t.calls = append(t.calls, named(r))
		t.mu.Unlock()
	}
	if !strings.HasPrefix(r.URL.Path, cmp.Or(t.below, "/xs2a/v1/")) {
		t.next.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	kept := r.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(body))
	recorder := httptest.NewRecorder()
	t.next.ServeHTTP(recorder, r)
	t.mu.Lock()
	t.exchanges = append(t.exchanges, exchange{kept, body, recorder.Code, recorder.Header().Clone(), recorder.Body.Bytes()})
	t.mu.Unlock()
	for name, values := range recorder.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(recorder.Body.Bytes())
}

// ids are those of the test bank: what stands between the words of a path.
var ids = regexp.MustCompile(`/(consents|account-access-consents|authorisations|accounts|card-accounts)/[^/]+`)

// named is what a call is for, with the number of its page: "GET accounts/_/transactions 2".
func named(r *http.Request) string {
	path := ids.ReplaceAllString(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/xs2a"), "/stet"), "/v1"), "/$1/_")
	return strings.TrimSpace(r.Method + " " + path[1:] + " " + r.URL.Query().Get("page"))
}

// since gives the calls of the plugin since it was asked last.
func (t *tap) since() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	calls := t.calls
	t.calls = nil
	return calls
}

func (t *tap) all() []exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]exchange{}, t.exchanges...)
}
