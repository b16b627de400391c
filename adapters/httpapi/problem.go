package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// problem is RFC 9457 with a stable code. It satisfies huma's StatusError,
// HeadersError and ContentTypeFilter.
type problem struct {
	Type      string       `json:"type" doc:"An identifier of the kind of problem, made from its code." example:"urn:tributary:problem:user_not_found"`
	Title     string       `json:"title" doc:"The HTTP status in words." example:"Not Found"`
	Status    int          `json:"status" doc:"The HTTP status." example:"404"`
	Detail    string       `json:"detail" doc:"A sentence for a developer. It never repeats what was sent." example:"There is no such user."`
	Code      string       `json:"code" doc:"Stable; switch on it." example:"user_not_found"`
	RequestID string       `json:"request_id" doc:"Names this call in our logs; also in the header X-Request-Id." example:"req_2q8k4w1v9d3m5x7z"`
	Subject   *string      `json:"subject" doc:"The id of what stands in the way: with synchronization_running, the run that is at work; with events_gone, the number of the oldest event that is kept." example:"syn_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	Errors    []wrongPlace `json:"errors" doc:"Places in the request that are wrong; empty where the problem is not about one."`

	headers http.Header
}

type wrongPlace struct {
	Location string `json:"location" doc:"Where: body, query, path or header, then the name." example:"body.channels[0].credentials.login"`
	Message  string `json:"message" doc:"What is wrong there." example:"is required"`
}

// Error is the code: it may be logged.
func (p *problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *problem) GetStatus() int { return p.Status }

// GetHeaders are those that belong to the refusal.
func (p *problem) GetHeaders() http.Header { return p.headers }

// ContentType is the one of problems, whatever was negotiated.
func (*problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// newProblem puts a refusal into the wire's shape, under a status.
func newProblem(requestID string, status int, e *fault.Error) *problem {
	p := &problem{
		Type: "urn:tributary:problem:" + e.Code, Title: http.StatusText(status), Status: status, Detail: e.Message,
		Code: e.Code, RequestID: requestID, Errors: []wrongPlace{}, headers: http.Header{},
	}
	if e.Subject != "" {
		p.Subject = &e.Subject
	}
	for _, detail := range e.Details {
		p.Errors = append(p.Errors, wrongPlace{shown(detail.Location), detail.Message})
	}
	if wait := retryAfter(e); wait > 0 {
		p.headers.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	if status == http.StatusUnauthorized {
		p.headers.Set("WWW-Authenticate", bearerChallenge(e))
	}
	return p
}

// bearerChallenge follows RFC 6750, 3.1: who brought no token gets no error code.
func bearerChallenge(e *fault.Error) string {
	if e.Is(errNoToken) {
		return `Bearer realm="tributary"`
	}
	return `Bearer realm="tributary", error="invalid_token"`
}

func retryAfter(e *fault.Error) time.Duration {
	if e.RetryAfter > 0 {
		return e.RetryAfter
	}
	return patience[e.Kind]
}

var (
	errInterrupted = fault.New(fault.Unavailable, "interrupted", "The call was given up before it was done.")
	errTimeout     = fault.New(fault.Unavailable, "timeout", "The call took too long.")
)

// asFault finds the typed error in err; what has no type is internal.
func asFault(err error) *fault.Error {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errTimeout.Because(err)
	case errors.Is(err, context.Canceled):
		return errInterrupted.Because(err)
	}
	return ours[http.StatusInternalServerError].Because(err)
}

// refuse makes the answer of a failed call, and logs what only we may see.
func (s *server) refuse(ctx context.Context, err error) *problem {
	e, c := asFault(err), callOf(ctx)
	status := statuses[e.Kind]
	if e.Is(errChanged) { // only HTTP has preconditions
		status = http.StatusPreconditionFailed
	}
	if status >= http.StatusInternalServerError {
		level := slog.LevelError
		if e.Is(errInterrupted) { // the caller left: nobody's mistake
			level = slog.LevelInfo
		}
		s.Logger.Log(ctx, level, "call failed", "request_id", c.id, "code", e.Code, "error", err)
	}
	return newProblem(c.id, status, e)
}

// send writes a problem where huma is not at work.
func (p *problem) send(w http.ResponseWriter) {
	for name, values := range p.headers {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.Header().Del("Content-Length")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller is gone; nobody is left to tell
}
