package httpapi

import (
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// statuses is the one place where a kind of fault becomes an HTTP status.
var statuses = map[fault.Kind]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Gone:            http.StatusGone,
	fault.Conflict:        http.StatusConflict,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.RateLimited:     http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// patience is what Retry-After says where the fault itself does not.
var patience = map[fault.Kind]time.Duration{
	fault.RateLimited: 30 * time.Second,
	fault.Unavailable: 5 * time.Second,
}

// ours are refusals that come from HTTP itself, by status.
var ours = map[int]*fault.Error{
	http.StatusBadRequest:           fault.New(fault.Invalid, "malformed_body", "The body is not well-formed JSON."),
	http.StatusNotFound:             fault.New(fault.NotFound, "route_not_found", "There is nothing at this address."),
	http.StatusMethodNotAllowed:     fault.New(fault.Invalid, "method_not_allowed", "This address does not take this method; Allow names those that it does."),
	http.StatusRequestTimeout:       fault.New(fault.Invalid, "request_timeout", "The body did not arrive in time."),
	http.StatusUnsupportedMediaType: fault.New(fault.Invalid, "unsupported_media_type", "The body has to be application/json."),
	http.StatusUnprocessableEntity:  fault.New(fault.Invalid, "invalid_request", "The request is not acceptable; errors says where."),
	http.StatusRequestEntityTooLarge: fault.New(fault.TooLarge, "body_too_large",
		"The body is larger than is allowed."),
	http.StatusInternalServerError: fault.New(fault.Internal, "internal_error", "Something went wrong on our side; the request id helps us to find it."),
}

// refusalFor gives the words for a bare status.
func refusalFor(status int) *fault.Error {
	if e, ok := ours[status]; ok {
		return e
	}
	if status >= http.StatusInternalServerError {
		return ours[http.StatusInternalServerError]
	}
	return fault.New(fault.Invalid, "bad_request", "The request is not acceptable.")
}
