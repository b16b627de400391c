package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// edge wraps everything that is served: it names the call, sets the headers
// that every answer has, turns panics and bare errors into problems, and logs.
func (s *server) edge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, started := s.newCall(r), s.IDs.Now()
		r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
		s.harden(w.Header(), c)
		out := &answer{ResponseWriter: w, requestID: c.id}
		defer func() { s.finish(out, r, c, started, recover()) }()
		if untidy(r.URL.Path) {
			out.WriteHeader(http.StatusNotFound)
			return
		}
		next.ServeHTTP(out, r)
	})
}

// split keeps what belongs to OAuth, and the pages for users, away from the API's routes.
func (s *server) split(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.OAuth != nil && (strings.HasPrefix(r.URL.Path, "/oauth/") || r.URL.Path == "/.well-known/oauth-authorization-server") {
			if out, ok := w.(*answer); ok {
				out.foreign = true
			}
			ctx, end := within(r.Context(), ordinary)
			defer end()
			s.OAuth.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		if s.Pages != nil && strings.HasPrefix(r.URL.Path, "/widget/") {
			s.Pages.ServeHTTP(w, r)
			return
		}
		if s.Playground != nil && (r.URL.Path == "/playground" || strings.HasPrefix(r.URL.Path, "/playground/")) {
			s.Playground.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

func (s *server) harden(h http.Header, c *call) {
	h.Set("X-Request-Id", c.id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if s.Environment != "" {
		h.Set("Tributary-Environment", s.Environment)
	}
	if strings.HasPrefix(s.ServerURL, "https:") {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// untidy paths are those that net/http would answer with a redirect, whose
// page repeats them.
func untidy(path string) bool {
	return !strings.HasPrefix(path, "/") || strings.Contains(path, "//") ||
		strings.Contains(path+"/", "/./") || strings.Contains(path+"/", "/../")
}

func (s *server) finish(out *answer, r *http.Request, c *call, started time.Time, panicked any) {
	if panicked == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so too
		panic(panicked)
	}
	if panicked != nil {
		s.Logger.ErrorContext(r.Context(), "panic", "request_id", c.id, "cause", causeOf(panicked), "stack", string(debug.Stack()))
		if out.status == 0 {
			out.WriteHeader(http.StatusInternalServerError)
		}
	}
	s.Logger.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("request_id", c.id), slog.String("method", method(r)), slog.String("route", route(r)),
		slog.Int("status", out.status), slog.Int64("duration_us", s.IDs.Now().Sub(started).Microseconds()),
		slog.String("client_id", string(c.client)), slog.String("user_id", string(c.user)))
}

// causeOf tells the kind of a panic. Its value may hold what a caller sent; only
// the runtime's own errors are known to be harmless.
func causeOf(panicked any) string {
	if e, ok := panicked.(runtime.Error); ok {
		return e.Error()
	}
	return fmt.Sprintf("%T", panicked)
}

// route is the pattern, never the path: a path can hold anything.
func route(r *http.Request) string {
	switch {
	case r.Pattern != "":
		return r.Pattern
	case strings.HasPrefix(r.URL.Path, "/oauth/"):
		return "/oauth/"
	}
	return "none"
}

func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}
