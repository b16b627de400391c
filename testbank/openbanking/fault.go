package openbanking

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// code names a fault, in the words of 3.1.
type code string

const (
	fieldInvalid    code = "UK.OBIE.Field.Invalid"
	fieldDate       code = "UK.OBIE.Field.InvalidDate"
	fieldMissing    code = "UK.OBIE.Field.Missing"
	fieldUnexpected code = "UK.OBIE.Field.Unexpected"
	headerInvalid   code = "UK.OBIE.Header.Invalid"
	consentMismatch code = "UK.OBIE.Resource.ConsentMismatch"
	consentStatus   code = "UK.OBIE.Resource.InvalidConsentStatus"
	format          code = "UK.OBIE.Resource.InvalidFormat"
	notFound        code = "UK.OBIE.Resource.NotFound"
	reauthenticate  code = "UK.OBIE.Reauthenticate"
	unexpected      code = "UK.OBIE.UnexpectedError"
)

// fault is a refusal. path names the field or header that it is about.
type fault struct {
	status     int
	code       code
	text, path string
}

func bad(code code, text, path string) *fault {
	return &fault{http.StatusBadRequest, code, text, path}
}

var (
	noToken  = &fault{http.StatusUnauthorized, headerInvalid, "The access token is missing, unknown or over, or is of another kind.", "Authorization"}
	noPath   = &fault{http.StatusNotFound, notFound, "The bank has no such endpoint.", ""}
	tooOld   = &fault{http.StatusForbidden, reauthenticate, "The customer has to be there for this.", ""}
	noLeave  = &fault{http.StatusForbidden, consentMismatch, "The consent does not allow this.", "Data.Permissions"}
	notYours = &fault{http.StatusForbidden, consentMismatch, "The consent is not about this account.", "AccountId"}
)

// refusals are the bank's reasons in the standard's words.
var refusals = map[bank.Code]fault{
	bank.TokenExpired: *noToken, bank.ConsentExpired: {status: http.StatusForbidden, code: consentStatus}, bank.ConsentRevoked: {status: http.StatusBadRequest, code: consentStatus},
	bank.NotFound: {status: http.StatusBadRequest, code: notFound}, bank.AccountClosed: {status: http.StatusBadRequest, code: notFound},
	bank.QuotaExceeded:      {status: http.StatusTooManyRequests, code: unexpected},
	bank.AccountUnavailable: {status: http.StatusServiceUnavailable, code: unexpected}, bank.Unavailable: {status: http.StatusServiceUnavailable, code: unexpected},
}

// refused is what the bank refused, with the time it names.
func (c *call) refused(err error) {
	var refusal *bank.Refusal
	if !errors.As(err, &refusal) {
		c.fail(&fault{http.StatusInternalServerError, unexpected, "The bank made a mistake.", ""})
		return
	}
	f, known := refusals[refusal.Code]
	if !known {
		f = fault{status: http.StatusInternalServerError, code: unexpected}
	}
	f.text = refusal.Message
	if !refusal.RetryAt.IsZero() {
		c.w.Header().Set("Retry-After", strconv.Itoa(max(1, int(refusal.RetryAt.Sub(c.x.bank.Now())/time.Second))))
	}
	c.fail(&f)
}

// fail answers with a fault.
func (c *call) fail(f *fault) {
	if f.status == http.StatusUnauthorized {
		c.w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	if c.x.switches().Errors == config.OBErrorsBare {
		c.w.WriteHeader(f.status)
		return
	}
	name := string(f.code)
	if c.v.codes != nil {
		name = c.v.codes[f.code]
	}
	one := map[string]string{"ErrorCode": name, "Message": f.text}
	if f.path != "" {
		one["Path"] = f.path
	}
	say(c.w, f.status, map[string]any{
		"Code": strconv.Itoa(f.status) + " " + http.StatusText(f.status), "Id": uuid.NewString(), "Message": http.StatusText(f.status), "Errors": []any{one},
	})
}

// say answers with JSON. The standard wants the charset named.
func say(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that is gone is told nothing
}
