package berlin

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// refusal is the bank's no. Only its code is kept: what a bank writes may hold anything.
type refusal struct {
	status  int
	code    string
	retryAt time.Time
	links   links
}

func (r *refusal) Error() string { return "the bank refused: " + strconv.Itoa(r.status) + " " + r.code }

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
	Links links `json:"_links"`
}

// refused reads a refusal. A body that cannot be read leaves the status to speak.
func (d *Dialect) refused(answer bankhttp.Answer) *refusal {
	r := &refusal{status: answer.Status, retryAt: d.retryAfter(answer.Header.Get("Retry-After"))}
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
	if answer.Status == http.StatusTooManyRequests || d.exhaustedIn(texts) {
		r.code = accessExceeded
	}
	return r
}

// exhaustedIn looks for the words by which this bank says that nothing is left.
func (d *Dialect) exhaustedIn(texts []string) bool {
	for _, text := range texts {
		for _, phrase := range d.Bank.Quota.Phrases {
			if strings.Contains(strings.ToLower(text), strings.ToLower(phrase)) {
				return true
			}
		}
	}
	return false
}

// retryAfter reads RFC 9110, section 10.2.3: seconds or a date.
func (d *Dialect) retryAfter(text string) time.Time {
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 && seconds < 31*24*3600 {
		return d.Now().Add(time.Duration(seconds) * time.Second)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return time.Time{}
	}
	return at
}

const (
	accessExceeded = "ACCESS_EXCEEDED"
	consentUnknown = "CONSENT_UNKNOWN"
	periodInvalid  = "PERIOD_INVALID"
)

// meaning is what a code says in the contract's words.
type meaning int

const (
	exhausted      meaning = iota + 1
	consentOver            // the user has to agree again
	tokenOver              // a token has to be renewed
	ours                   // the operator's certificate, registration or role
	wrongUser              // the user's name or password at the bank
	wrongCode              // what proves the user to be the user
	blocked                // the bank will not serve this user or us
	unreadable             // we asked in a way that this bank does not take
	gone                   // what was asked for is not there
	notNow                 // trouble at the bank
	notPossible            // it has no such thing
	wrongStateOfIt         // the authorisation is elsewhere already
)

// meanings are the codes of the Implementation Guidelines, section 14.11, for account information.
var meanings = map[string]meaning{
	accessExceeded: exhausted,
	consentUnknown: consentOver, "CONSENT_INVALID": consentOver, "CONSENT_EXPIRED": consentOver, "RESOURCE_EXPIRED": consentOver,
	"TOKEN_UNKNOWN": tokenOver, "TOKEN_INVALID": tokenOver, "TOKEN_EXPIRED": tokenOver,
	"CERTIFICATE_INVALID": ours, "CERTIFICATE_EXPIRED": ours, "CERTIFICATE_BLOCKED": ours, "CERTIFICATE_REVOKED": ours, "CERTIFICATE_MISSING": ours,
	"SIGNATURE_INVALID": ours, "SIGNATURE_MISSING": ours, "ROLE_INVALID": ours,
	"PSU_CREDENTIALS_INVALID": wrongUser, "CORPORATE_ID_INVALID": wrongUser,
	"SCA_INVALID": wrongCode, "SCA_METHOD_UNKNOWN": wrongCode,
	"SERVICE_BLOCKED": blocked,
	"FORMAT_ERROR":    unreadable, "PARAMETER_NOT_SUPPORTED": unreadable, "PARAMETER_NOT_CONSISTENT": unreadable, periodInvalid: unreadable,
	"TIMESTAMP_INVALID": unreadable, "SESSIONS_NOT_SUPPORTED": unreadable, "SERVICE_INVALID": unreadable,
	"RESOURCE_UNKNOWN":      gone,
	"INTERNAL_SERVER_ERROR": notNow, "SERVICE_UNAVAILABLE": notNow, "REQUEST_TIMEOUT": notNow,
	"REQUESTED_FORMATS_INVALID": notPossible, "REQUESTED_FORMATS_UNKNOWN": notPossible, "UNSUPPORTED_MEDIA_TYPE": notPossible,
	"STATUS_INVALID": wrongStateOfIt,
}

// means is what a refusal says. A status without a known code speaks for itself.
func (r *refusal) means(bearer bool) meaning {
	if m, known := meanings[r.code]; known && (r.status < 500 || m == notNow || m == exhausted) {
		return m
	}
	switch {
	case r.status >= 500, r.status == http.StatusRequestTimeout:
		return notNow
	case r.status == http.StatusUnauthorized && bearer:
		return tokenOver
	case r.status == http.StatusUnauthorized:
		return consentOver
	case r.status == http.StatusForbidden:
		return blocked
	case r.status == http.StatusNotFound, r.status == http.StatusGone:
		return gone
	case r.status == http.StatusNotAcceptable, r.status == http.StatusMethodNotAllowed, r.status == http.StatusUnsupportedMediaType:
		return notPossible
	}
	return unreadable
}

// failed translates a refusal. renewable says that Refresh can renew the token that was shown; bearer, that one was.
func failed(err error, bearer, renewable bool) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	failure := sdk.Fail(codeOf(r.means(bearer), renewable), r)
	failure.RetryAt, failure.Message = r.retryAt, messages[failure.Code]
	if r.means(bearer) == ours {
		failure.Whose = sdk.Host
	}
	return failure
}

func codeOf(m meaning, renewable bool) sdk.Code {
	switch m {
	case exhausted:
		return sdk.RateLimited
	case tokenOver:
		if renewable {
			return sdk.SecretStale
		}
		return sdk.TokenExpired
	case consentOver:
		return sdk.TokenExpired
	case wrongUser:
		return sdk.AuthFailed
	case wrongCode, wrongStateOfIt:
		return sdk.ChallengeExpired
	case blocked:
		return sdk.Blocked
	case gone:
		return sdk.BadData
	case notNow:
		return sdk.ProviderUnavailable
	case notPossible:
		return sdk.NotSupported
	}
	return sdk.Technical
}

// messages are what the user reads.
var messages = map[sdk.Code]sdk.Text{
	sdk.RateLimited:      {"en": "The bank allows no further access for now.", "fr": "La banque n’autorise pas d’autre accès pour l’instant."},
	sdk.TokenExpired:     {"en": "The consent has ended. Please give it again.", "fr": "Le consentement a expiré. Veuillez le renouveler."},
	sdk.AuthFailed:       {"en": "The bank does not know this name or password.", "fr": "La banque ne reconnaît pas cet identifiant ou ce mot de passe."},
	sdk.ChallengeExpired: {"en": "The bank did not accept the code. Please start again.", "fr": "La banque n’a pas accepté le code. Veuillez recommencer."},
	sdk.Refused:          {"en": "You refused the request at the bank.", "fr": "Vous avez refusé la demande auprès de la banque."},
	sdk.Blocked:          {"en": "The bank refuses access to this account information.", "fr": "La banque refuse l’accès à ces informations de compte."},
}

// say makes a failure with the usual sentence for the user.
func say(code sdk.Code, cause error) *sdk.Failure {
	failure := sdk.Fail(code, cause)
	failure.Message = messages[code]
	return failure
}
