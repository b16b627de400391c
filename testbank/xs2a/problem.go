package xs2a

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// problem is a refusal in the standard's words.
type problem struct {
	status     int
	code, text string
}

func fail(w http.ResponseWriter, p problem) {
	reply.JSON(w, p.status, map[string]any{"tppMessages": []map[string]string{{"category": "ERROR", "code": p.code, "text": p.text}}})
}

var (
	formatError    = func(text string) problem { return problem{http.StatusBadRequest, "FORMAT_ERROR", text} }
	consentUnknown = problem{http.StatusForbidden, "CONSENT_UNKNOWN", "There is no such consent."}
)

// problems are the bank's reasons in the standard's words.
var problems = map[bank.Code]problem{
	bank.NotFound: {http.StatusNotFound, "RESOURCE_UNKNOWN", ""}, bank.ConsentExpired: {http.StatusUnauthorized, "CONSENT_EXPIRED", ""},
	bank.QuotaExceeded: {http.StatusTooManyRequests, "ACCESS_EXCEEDED", ""}, bank.WrongPassword: {http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID", ""},
	bank.WrongCode: {http.StatusUnauthorized, "PSU_CREDENTIALS_INVALID", ""}, bank.WrongOption: {http.StatusBadRequest, "SCA_METHOD_UNKNOWN", ""},
	bank.TooManyCodes: {http.StatusBadRequest, "SCA_INVALID", ""}, bank.CodeExpired: {http.StatusBadRequest, "SCA_INVALID", ""},
	bank.AccountLocked: {http.StatusForbidden, "SERVICE_BLOCKED", ""}, bank.AccountClosed: {http.StatusForbidden, "RESOURCE_UNKNOWN", ""},
	bank.PasswordChangeRequired: {http.StatusForbidden, "SERVICE_BLOCKED", ""}, bank.UserActionRequired: {http.StatusForbidden, "SERVICE_BLOCKED", ""},
	bank.AccountUnavailable: {http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", ""}, bank.Unavailable: {http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", ""},
	bank.TokenExpired: {http.StatusUnauthorized, "TOKEN_EXPIRED", ""}, bank.InvalidRequest: {http.StatusConflict, "STATUS_INVALID", ""},
}

// failWith answers with what the bank refused, in its own wording and with the time it names.
func (x *Interface) failWith(w http.ResponseWriter, err error) {
	var refusal *bank.Refusal
	if !errors.As(err, &refusal) {
		fail(w, problem{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "The bank made a mistake."})
		return
	}
	p, known := problems[refusal.Code]
	if !known {
		p = problem{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", ""}
	}
	p.text = refusal.Message
	if !refusal.RetryAt.IsZero() {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(refusal.RetryAt.Sub(x.bank.Now())/time.Second))))
	}
	fail(w, p)
}
