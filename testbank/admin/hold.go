package admin

import (
	"net/http"
	"strings"
	"sync"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// Hold stops requests at the door, so that a test can do something while the bank has not answered yet.
type Hold struct {
	mu      sync.Mutex
	prefix  string
	skip    int
	gate    chan struct{} // nil when nothing is held; closed to let everyone go on
	waiting int
}

// Around holds matching requests before they reach the handler. Admin routes are never held.
func (h *Hold) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gate := h.enter(r.URL.Path); gate != nil {
			select {
			case <-gate:
				h.leave()
			case <-r.Context().Done():
				h.leave()
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// enter gives the gate to wait at, or nil.
func (h *Hold) enter(path string) chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.gate == nil || strings.Contains(path, "/api/admin/") || !strings.HasPrefix(path, h.prefix) {
		return nil
	}
	if h.skip > 0 {
		h.skip--
		return nil
	}
	h.waiting++
	return h.gate
}

func (h *Hold) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting--
}

// begin holds requests under the prefix after the first skip of them; those held so far go on.
func (h *Hold) begin(prefix string, skip int) {
	h.Release()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.prefix, h.skip, h.gate = prefix, skip, make(chan struct{})
}

// Release lets all held requests go on, and later ones pass.
func (h *Hold) Release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.gate != nil {
		close(h.gate)
		h.gate = nil
	}
}

func (a *API) holdPath(w http.ResponseWriter, r *http.Request) {
	var body struct {
		PathPrefix string `json:"path_prefix"`
		Skip       int    `json:"skip"`
	}
	err := reply.Read(w, r, &body)
	if err == nil && (!strings.HasPrefix(body.PathPrefix, "/") || body.Skip < 0) {
		err = &bank.Refusal{Code: bank.InvalidRequest, Message: "path_prefix begins with a slash, skip is 0 or more."}
	}
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	a.hold.begin(body.PathPrefix, body.Skip)
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) held(w http.ResponseWriter, _ *http.Request) {
	a.hold.mu.Lock()
	waiting := a.hold.waiting
	a.hold.mu.Unlock()
	reply.JSON(w, http.StatusOK, map[string]int{"waiting": waiting})
}

func (a *API) release(w http.ResponseWriter, _ *http.Request) {
	a.hold.Release()
	w.WriteHeader(http.StatusNoContent)
}
