package berlin

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
)

// refused is the bank's no. Only its code is kept: what a bank writes may hold anything.
type refused struct {
	status  int
	code    string
	retryAt time.Time
	links   record.Links
}

func (r *refused) Error() string { return "the bank refused: " + strconv.Itoa(r.status) + " " + r.code }

// problem is both of the standard's error bodies: its own, and that of RFC 7807.
type problem struct {
	Messages []struct {
		Code string `json:"code"`
		Text string `json:"text"`
	} `json:"tppMessages"`
	Code       string `json:"code"`
	Title      string `json:"title"`
	Detail     string `json:"detail"`
	Additional []struct {
		Code string `json:"code"`
	} `json:"additionalErrors"`
	Links record.Links `json:"_links"`
}

// no reads a refusal. A body that cannot be read leaves the status to speak.
func (d *Dialect) no(answer bankhttp.Answer) *refused {
	r := &refused{status: answer.Status, retryAt: refusal.RetryAt(answer.Header.Get("Retry-After"), d.Now())}
	var said problem
	_ = json.Unmarshal(answer.Body, &said)
	texts, codes := []string{said.Title, said.Detail}, []string{said.Code}
	for _, m := range said.Messages {
		texts, codes = append(texts, m.Text), append(codes, m.Code)
	}
	for _, m := range said.Additional {
		codes = append(codes, m.Code)
	}
	r.links = said.Links
	for _, code := range codes {
		if code = strings.ToUpper(code); r.code == "" || code == accessExceeded {
			if _, known := meanings[code]; known {
				r.code = code
			}
		}
	}
	if answer.Status == http.StatusTooManyRequests || d.Bank.Quota.Says(texts...) {
		r.code = accessExceeded
	}
	return r
}

const (
	accessExceeded = "ACCESS_EXCEEDED"
	consentUnknown = "CONSENT_UNKNOWN"
	periodInvalid  = "PERIOD_INVALID"
)

// meanings are the codes of the Implementation Guidelines, section 14.11, for account information.
var meanings = map[string]refusal.Meaning{
	accessExceeded: refusal.Exhausted,
	consentUnknown: refusal.ConsentOver, "CONSENT_INVALID": refusal.ConsentOver, "CONSENT_EXPIRED": refusal.ConsentOver, "RESOURCE_EXPIRED": refusal.ConsentOver,
	"TOKEN_UNKNOWN": refusal.TokenOver, "TOKEN_INVALID": refusal.TokenOver, "TOKEN_EXPIRED": refusal.TokenOver,
	"CERTIFICATE_INVALID": refusal.Ours, "CERTIFICATE_EXPIRED": refusal.Ours, "CERTIFICATE_BLOCKED": refusal.Ours, "CERTIFICATE_REVOKED": refusal.Ours, "CERTIFICATE_MISSING": refusal.Ours,
	"SIGNATURE_INVALID": refusal.Ours, "SIGNATURE_MISSING": refusal.Ours, "ROLE_INVALID": refusal.Ours,
	"PSU_CREDENTIALS_INVALID": refusal.WrongUser, "CORPORATE_ID_INVALID": refusal.WrongUser,
	"SCA_INVALID": refusal.WrongCode, "SCA_METHOD_UNKNOWN": refusal.WrongCode,
	"SERVICE_BLOCKED": refusal.Blocked,
	"FORMAT_ERROR":    refusal.Unreadable, "PARAMETER_NOT_SUPPORTED": refusal.Unreadable, "PARAMETER_NOT_CONSISTENT": refusal.Unreadable, periodInvalid: refusal.Unreadable,
	"TIMESTAMP_INVALID": refusal.Unreadable, "SESSIONS_NOT_SUPPORTED": refusal.Unreadable, "SERVICE_INVALID": refusal.Unreadable,
	"RESOURCE_UNKNOWN":      refusal.Gone,
	"INTERNAL_SERVER_ERROR": refusal.NotNow, "SERVICE_UNAVAILABLE": refusal.NotNow, "REQUEST_TIMEOUT": refusal.NotNow,
	"REQUESTED_FORMATS_INVALID": refusal.NotPossible, "REQUESTED_FORMATS_UNKNOWN": refusal.NotPossible, "UNSUPPORTED_MEDIA_TYPE": refusal.NotPossible,
	"STATUS_INVALID": refusal.Elsewhere,
}

// means is what a refusal says. A status without a known code speaks for itself.
func (r *refused) means(bearer bool) refusal.Meaning {
	if m, known := meanings[r.code]; known && (r.status < 500 || m == refusal.NotNow || m == refusal.Exhausted) {
		return m
	}
	return refusal.OfStatus(r.status, bearer)
}

// failed translates a refusal. renewable says that Refresh can renew the token that was shown; bearer, that one was.
func failed(err error, bearer, renewable bool) error {
	var r *refused
	if !errors.As(err, &r) {
		return err
	}
	return refusal.Fail(r.means(bearer), renewable, r.retryAt, r)
}
