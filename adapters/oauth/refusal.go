package oauth

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/fault"
)

// refusal is an error answer (RFC 6749, section 5.2). Its words are fixed: the
// library's own descriptions quote requests and causes.
type refusal struct {
	status            int
	code, description string
	retryAfter        time.Duration
	// limit is for the log.
	limit string
}

func (r *refusal) Error() string { return r.code }

func malformed(description string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: "invalid_request", description: description}
}

var (
	errMediaType   = malformed("The content type must be application/x-www-form-urlencoded.")
	errQuery       = malformed("Parameters belong into the body, not into the query.")
	errForm        = malformed("The body is not a well-formed form.")
	errRepeated    = malformed("A parameter is given more than once.")
	errNoGrantType = malformed("The parameter grant_type is missing.")
	errNoPassword  = malformed("The password grant needs username and password.")
	errNoRefresh   = malformed("The parameter refresh_token is missing.")
	errNoToken     = malformed("The parameter token is missing.")
	errUserAddress = malformed("The header PSU-IP-Address is not an IP address.")
	errTwoMethods  = malformed("The client authenticates in the header or in the body, not in both.")
	errTooLarge    = &refusal{status: http.StatusRequestEntityTooLarge, code: "invalid_request", description: "The body is too large."}
	// errWrongPassword has the same words for all who cannot log in.
	errWrongPassword = &refusal{status: http.StatusBadRequest, code: "invalid_grant", description: "The user name or password is wrong."}
	errRefresh       = &refusal{status: http.StatusBadRequest, code: "invalid_grant", description: "The refresh token is unknown, expired, revoked or was used before."}
	errGrantType     = &refusal{status: http.StatusBadRequest, code: "unsupported_grant_type", description: "This grant type is not offered."}
)

// refusals are the library's errors that callers may see, in our words.
var refusals = map[string]*refusal{
	fosite.ErrInvalidRequest.ErrorField:     malformed("The request is malformed."),
	fosite.ErrInvalidClient.ErrorField:      {status: http.StatusUnauthorized, code: "invalid_client", description: "The client is unknown, or its secret is wrong or missing."},
	fosite.ErrInvalidGrant.ErrorField:       {status: http.StatusBadRequest, code: "invalid_grant", description: "The grant is no longer valid."},
	fosite.ErrUnauthorizedClient.ErrorField: {status: http.StatusBadRequest, code: "unauthorized_client", description: "This client may not use this grant type."},
	fosite.ErrInvalidScope.ErrorField:       {status: http.StatusBadRequest, code: "invalid_scope", description: "A scope is unknown, or more than this client may have with this grant type."},
}

var (
	unavailable = refusal{status: http.StatusServiceUnavailable, code: "temporarily_unavailable", description: "The server is busy. Try again in a moment."}
	failure     = refusal{status: http.StatusInternalServerError, code: "server_error", description: "Something went wrong on the server."}
)

// tooManyAttempts answers those who guess passwords. The specifications name no
// code for it: 429 tells machines, and temporarily_unavailable (RFC 6749, section
// 4.1.2.1) does not claim that the password was looked at, as invalid_grant would.
func tooManyAttempts(limit string, wait time.Duration) *refusal {
	return &refusal{
		status: http.StatusTooManyRequests, code: "temporarily_unavailable", limit: limit, retryAfter: wait,
		description: "There were too many attempts to log in. Try again later.",
	}
}

// refusalOf finds the answer to an error. A fault of ours comes first: the
// library wraps it in a server error.
func refusalOf(err error) *refusal {
	if own, ok := errors.AsType[*refusal](err); ok {
		return own
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		if f.Kind != fault.Unavailable && f.Kind != fault.RateLimited {
			return &failure
		}
		busy := unavailable
		busy.retryAfter = max(f.RetryAfter, time.Second)
		return &busy
	}
	if theirs, ok := errors.AsType[*fosite.RFC6749Error](err); ok {
		if known, ok := refusals[theirs.ErrorField]; ok {
			return known
		}
	}
	return &failure
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	answer := refusalOf(err)
	if answer.status >= http.StatusInternalServerError {
		s.logger.ErrorContext(r.Context(), "token request failed", slog.String("code", answer.code), slog.String("cause", cause(err)))
	} else {
		s.logger.InfoContext(r.Context(), "token request refused", slog.String("code", answer.code), slog.String("limit", answer.limit))
	}
	header := w.Header()
	header.Set("Content-Type", "application/json;charset=UTF-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Pragma", "no-cache")
	header.Set("X-Content-Type-Options", "nosniff")
	if answer.status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", `Basic realm="tributary", charset="UTF-8"`)
	}
	if answer.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int((answer.retryAfter+time.Second-1)/time.Second)))
	}
	w.WriteHeader(answer.status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": answer.code, "error_description": answer.description})
}

// cause is what a log may know: the library's errors print their code only.
func cause(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Error()
	}
	return err.Error()
}
