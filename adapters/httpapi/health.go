package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// PluginState is what /healthz tells of a plugin. Reasons are for the log: a
// stranger may read this.
type PluginState struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// State is STARTING, UP, RESTARTING, GIVEN_UP or DRAINING.
	State string `json:"state"`
	// RetryAt is when it is started again by itself; nil when it runs.
	RetryAt *time.Time `json:"retry_at,omitempty"`
}

// Health is what probes are told.
type Health struct {
	// Plugins and their states; none are told when nil.
	Plugins func() []PluginState
	// Ready are the conditions under which the server can do its work, by name;
	// an error is logged; of a fault its message is shown. They are asked at once,
	// for a second.
	Ready map[string]func(context.Context) error
	// Slower are conditions without which everything works, later: they are told
	// as "degraded" and never make a server not ready.
	Slower map[string]func(context.Context) error
}

const (
	stateGivenUp = "GIVEN_UP"
	probeTimeout = time.Second
)

// mountHealth adds the probes. They are no part of the API's document.
func (s *server) mountHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", s.alive)
	mux.Handle("GET /readyz", &readiness{server: s, failing: map[string]bool{}})
}

// alive answers 200 while the process can answer: whoever restarts it for
// anything else makes things worse. What is given up stands in the body.
func (s *server) alive(w http.ResponseWriter, _ *http.Request) {
	told := struct {
		Status  string        `json:"status"`
		Plugins []PluginState `json:"plugins,omitempty"`
	}{Status: "ok"}
	if s.Health.Plugins != nil {
		told.Plugins = s.Health.Plugins()
	}
	if slices.ContainsFunc(told.Plugins, func(p PluginState) bool { return p.State == stateGivenUp }) {
		told.Status = "degraded"
	}
	tell(w, told)
}

func tell(w http.ResponseWriter, told any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(told) // the prober is gone; nobody is left to tell
}

var errNotReady = fault.New(fault.Unavailable, "not_ready", "This server cannot do its work now; errors says what fails.")

// readiness answers 200 while the server can do its work, else a problem.
type readiness struct {
	*server
	mu      sync.Mutex
	failing map[string]bool // what the log knows
}

// ServeHTTP asks every condition.
func (r *readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	checks, failed := map[string]string{}, []fault.Detail{}
	results := r.ask(req.Context())
	for _, name := range slices.Sorted(maps.Keys(results)) {
		checks[name] = "ok"
		switch {
		case results[name] == nil:
		case r.Health.Slower[name] != nil:
			checks[name] = "degraded"
		default:
			failed = append(failed, fault.Detail{Location: name, Message: reasonOf(results[name])})
		}
	}
	if len(failed) == 0 {
		tell(w, map[string]any{"status": "ready", "checks": checks})
		return
	}
	refused := *errNotReady
	refused.Details = failed
	newProblem(callOf(req.Context()).id, http.StatusServiceUnavailable, &refused).send(w)
}

// reasonOf is what a stranger may read of an error.
func reasonOf(err error) string {
	if told, ok := errors.AsType[*fault.Error](err); ok {
		return told.Message
	}
	return "fails"
}

func (r *readiness) ask(ctx context.Context) map[string]error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	type result struct {
		name string
		err  error
	}
	asked := maps.Clone(r.Health.Slower)
	if asked == nil {
		asked = map[string]func(context.Context) error{}
	}
	maps.Copy(asked, r.Health.Ready)
	answers := make(chan result, len(asked))
	results := map[string]error{}
	for name, check := range asked {
		results[name] = context.DeadlineExceeded
		go func() { answers <- result{name, check(ctx)} }()
	}
	for range asked {
		select {
		case a := <-answers:
			results[a.name] = a.err
		case <-ctx.Done():
		}
	}
	r.note(ctx, results)
	return results
}

// note logs what began or ceased to fail: a probe comes every few seconds.
func (r *readiness) note(ctx context.Context, results map[string]error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, err := range results {
		if failing := err != nil; failing != r.failing[name] {
			r.failing[name] = failing
			switch {
			case failing && r.Health.Slower[name] != nil:
				r.Logger.WarnContext(ctx, "degraded", "check", name, "reason", err)
				continue
			case failing:
				r.Logger.ErrorContext(ctx, "not ready", "check", name, "reason", err)
				continue
			}
			r.Logger.InfoContext(ctx, "ready again", "check", name)
		}
	}
}
