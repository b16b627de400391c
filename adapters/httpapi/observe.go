package httpapi

import (
	"context"
	"log/slog"
	"net/http"
)

// Observe is told of a request when it begins, and may add to its context; the
// function it gives is told how it ended. route is a pattern of ours or "none",
// never the path; status is 500 after a panic.
type Observe func(ctx context.Context, method string, header http.Header) (context.Context, func(route string, status int))

// observed tells of each request. It stands inside the edge, so that the
// request has its id.
func (s *server) observed(next http.Handler) http.Handler {
	if s.Observe == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, ended := s.Observe(r.Context(), method(r), r.Header)
		inner, status := r.WithContext(ctx), http.StatusInternalServerError
		defer func() {
			r.Pattern = inner.Pattern // the access log reads it
			ended(route(inner), status)
		}()
		next.ServeHTTP(w, inner)
		status = statusOf(w)
	})
}

func statusOf(w http.ResponseWriter) int {
	if out, ok := w.(*answer); ok && out.status != 0 {
		return out.status
	}
	return http.StatusOK
}

// LogAttrs tells the log which request a piece of work belongs to.
func LogAttrs(ctx context.Context) []slog.Attr {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return []slog.Attr{slog.String("request_id", c.id)}
	}
	return nil
}
