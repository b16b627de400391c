// Package reply owns how the bank's HTTP answers and requests are written: JSON bodies, error bodies and the status
// of each refusal. It knows no route. Its invariant: what a request held is never repeated in an answer.
package reply

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
)

// maxBody is the largest request that is read.
const maxBody = 64 << 10

// statuses gives the HTTP status of each refusal.
var statuses = map[bank.Code]int{
	bank.InvalidRequest: http.StatusBadRequest, bank.NotFound: http.StatusNotFound,
	bank.WrongPassword: http.StatusUnauthorized, bank.ChallengeRequired: http.StatusForbidden,
	bank.WrongCode: http.StatusUnprocessableEntity, bank.CodeExpired: http.StatusGone,
	bank.TooManyCodes: http.StatusForbidden, bank.ApprovalRefused: http.StatusForbidden,
	bank.ChallengeOpen: http.StatusForbidden, bank.SessionExpired: http.StatusUnauthorized,
	bank.ConsentExpired: http.StatusUnauthorized, bank.ConsentRevoked: http.StatusUnauthorized, bank.TokenExpired: http.StatusUnauthorized,
	bank.InvalidGrant: http.StatusBadRequest, bank.WrongOption: http.StatusUnprocessableEntity,
	bank.AccountLocked: http.StatusForbidden, bank.PasswordChangeRequired: http.StatusForbidden,
	bank.UserActionRequired: http.StatusForbidden, bank.QuotaExceeded: http.StatusTooManyRequests,
	bank.ResendNotSupported: http.StatusConflict, bank.TooManyResends: http.StatusConflict,
	bank.ResendTooEarly: http.StatusTooManyRequests,
	bank.AccountClosed:  http.StatusForbidden, bank.AccountUnavailable: http.StatusServiceUnavailable,
	bank.Unavailable: http.StatusServiceUnavailable, bank.ConfigurationNotFound: http.StatusNotFound,
	bank.ConfigurationTooLarge: http.StatusRequestEntityTooLarge, bank.TooManyConfigurations: http.StatusConflict,
}

// JSON answers with a JSON body.
func JSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that is gone is told nothing
}

type errorBody struct {
	Code      bank.Code `json:"code"`
	Message   string    `json:"message"`
	TriesLeft int       `json:"tries_left,omitempty"`
	URL       string    `json:"url,omitempty"`
	RetryAt   time.Time `json:"retry_at,omitzero"`
}

// Error answers with a refusal's code and message; any other error is the bank's own fault and is not shown.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *bank.Refusal
	if !errors.As(err, &refusal) {
		JSON(w, http.StatusInternalServerError, errorBody{Code: "internal", Message: "The bank made a mistake."})
		return
	}
	body := errorBody{Code: refusal.Code, Message: refusal.Message, TriesLeft: refusal.TriesLeft, RetryAt: refusal.RetryAt.UTC()}
	if refusal.Path != "" {
		body.URL = Base(r) + refusal.Path
	}
	JSON(w, statuses[refusal.Code], body)
}

// Status gives the HTTP status of an error.
func Status(err error) int {
	var refusal *bank.Refusal
	if errors.As(err, &refusal) {
		return statuses[refusal.Code]
	}
	return http.StatusInternalServerError
}

// Read reads a JSON body, which must be one object with known keys only. The error is a Refusal.
func Read(w http.ResponseWriter, r *http.Request, into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return &bank.Refusal{Code: bank.InvalidRequest, Message: "The body must be a JSON object of the documented shape."}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return &bank.Refusal{Code: bank.InvalidRequest, Message: "The body must be one JSON object."}
	}
	return nil
}

// Bearer gives the credential of the Authorization header, or nothing.
func Bearer(r *http.Request) string {
	scheme, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return credential
}

type prefixKey struct{}

// WithPrefix notes the part of the path that was taken off before the request reached the bank.
func WithPrefix(r *http.Request, prefix string) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), prefixKey{}, prefix))
}

// Prefix is the part of the path that was taken off, for links within the bank; mostly nothing.
func Prefix(r *http.Request) string {
	prefix, _ := r.Context().Value(prefixKey{}).(string)
	return prefix
}

// Base is the address under which the request reached the bank, for links to its pages.
func Base(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + Prefix(r)
}

// NotFound answers every address that does not exist.
func NotFound(w http.ResponseWriter, r *http.Request) {
	Error(w, r, &bank.Refusal{Code: bank.NotFound, Message: "There is nothing here."})
}
