package conformance

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
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
}

func (t *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/xs2a/v1/") {
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

func (t *tap) all() []exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]exchange{}, t.exchanges...)
}
