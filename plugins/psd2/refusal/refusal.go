// Package refusal owns what a bank's no means in the contract's words, whatever standard it is written in: the meanings
// there are, the failure that each becomes, and the sentence that the user reads.
//
// It knows no standard's codes: a dialect finds the meaning. Invariant: no word of a bank reaches a failure.
package refusal

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Meaning is what a refusal says.
type Meaning int

// Meanings.
const (
	Exhausted   Meaning = iota + 1
	ConsentOver         // the user has to agree again
	TokenOver           // a token has to be renewed
	Ours                // the operator's certificate, registration or role
	WrongUser           // the user's name or password at the bank
	WrongCode           // what proves the user to be the user
	Blocked             // the bank will not serve this user or us
	Unreadable          // we asked in a way that this bank does not take
	Gone                // what was asked for is not there
	NotNow              // trouble at the bank
	NotPossible         // it has no such thing
	Elsewhere           // the authorisation is at another point already
)

// OfStatus is what a status says that comes without a word. bearer says that a token was shown.
func OfStatus(status int, bearer bool) Meaning {
	switch {
	case status >= 500, status == http.StatusRequestTimeout:
		return NotNow
	case status == http.StatusTooManyRequests:
		return Exhausted
	case status == http.StatusUnauthorized && bearer:
		return TokenOver
	case status == http.StatusUnauthorized:
		return ConsentOver
	case status == http.StatusForbidden:
		return Blocked
	case status == http.StatusNotFound, status == http.StatusGone:
		return Gone
	case status == http.StatusNotAcceptable, status == http.StatusMethodNotAllowed, status == http.StatusUnsupportedMediaType:
		return NotPossible
	}
	return Unreadable
}

// Fail makes the failure of a meaning. renewable says that Refresh can renew the token that was shown.
func Fail(m Meaning, renewable bool, retryAt time.Time, cause error) *sdk.Failure {
	failure := Say(codeOf(m, renewable), cause)
	failure.RetryAt = retryAt
	if m == Ours {
		failure.Whose = sdk.Host
	}
	return failure
}

func codeOf(m Meaning, renewable bool) sdk.Code {
	switch m {
	case Exhausted:
		return sdk.RateLimited
	case TokenOver:
		if renewable {
			return sdk.SecretStale
		}
		return sdk.TokenExpired
	case ConsentOver:
		return sdk.TokenExpired
	case WrongUser:
		return sdk.AuthFailed
	case WrongCode, Elsewhere:
		return sdk.ChallengeExpired
	case Blocked:
		return sdk.Blocked
	case Gone:
		return sdk.BadData
	case NotNow:
		return sdk.ProviderUnavailable
	case NotPossible:
		return sdk.NotSupported
	}
	return sdk.Technical
}

// Another is the failure of who shows a bank what it gave to another client: nil for the same one, and where nothing is known of
// the one before. Nothing is to be sent then. Banks have the same word for it as for a consent that is over, which would be
// the end of one that is good.
func Another(given, now string) error {
	if given == "" || given == now {
		return nil
	}
	return Fail(Ours, false, time.Time{}, errAnother)
}

var errAnother = errors.New("the operator's identity is another than the one that the bank gave this to")

// messages are what the user reads.
var messages = map[sdk.Code]sdk.Text{
	sdk.RateLimited:      {"en": "The bank allows no further access for now.", "fr": "La banque n’autorise pas d’autre accès pour l’instant."},
	sdk.TokenExpired:     {"en": "The consent has ended. Please give it again.", "fr": "Le consentement a expiré. Veuillez le renouveler."},
	sdk.AuthFailed:       {"en": "The bank does not know this name or password.", "fr": "La banque ne reconnaît pas cet identifiant ou ce mot de passe."},
	sdk.ChallengeExpired: {"en": "The bank did not accept the code. Please start again.", "fr": "La banque n’a pas accepté le code. Veuillez recommencer."},
	sdk.Refused:          {"en": "You refused the request at the bank.", "fr": "Vous avez refusé la demande auprès de la banque."},
	sdk.Blocked:          {"en": "The bank refuses access to this account information.", "fr": "La banque refuse l’accès à ces informations de compte."},
}

// Message is the sentence for the user; empty where there is none.
func Message(code sdk.Code) sdk.Text { return messages[code] }

// Say makes a failure with the usual sentence for the user.
func Say(code sdk.Code, cause error) *sdk.Failure {
	failure := sdk.Fail(code, cause)
	failure.Message = messages[code]
	return failure
}

// RetryAt reads Retry-After (RFC 9110, section 10.2.3): seconds or a date. Zero is none.
func RetryAt(header string, now time.Time) time.Time {
	if seconds, err := strconv.Atoi(header); err == nil && seconds >= 0 && seconds < 31*24*3600 {
		return now.Add(time.Duration(seconds) * time.Second)
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return time.Time{}
	}
	return at
}
