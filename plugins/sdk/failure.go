package sdk

import (
	"errors"
	"time"
)

// Code says what went wrong, closed and stable.
type Code string

// Codes. Those up to Blocked become the channel's status.
const (
	AuthFailed             Code = "AUTH_FAILED"
	AccountLocked          Code = "ACCOUNT_LOCKED"
	TokenExpired           Code = "TOKEN_EXPIRED"
	PasswordChangeRequired Code = "PASSWORD_CHANGE_REQUIRED"
	// ChallengeRequired: the bank wants the user, and nobody is there.
	ChallengeRequired   Code = "CHALLENGE_REQUIRED"
	UserActionRequired  Code = "USER_ACTION_REQUIRED"
	RateLimited         Code = "RATE_LIMITED"
	ProviderUnavailable Code = "PROVIDER_UNAVAILABLE"
	Blocked             Code = "BLOCKED"

	// SecretStale: refresh first, then fetch again.
	SecretStale Code = "SECRET_STALE"
	// SecretUnreadable: a state or secret of a version that cannot be read.
	SecretUnreadable Code = "SECRET_UNREADABLE"
	// SessionLost: a live session is gone; begin anew.
	SessionLost Code = "SESSION_LOST"
	// ChallengeExpired: the bank no longer takes this answer.
	ChallengeExpired Code = "CHALLENGE_EXPIRED"
	// Refused: the user said no at the bank.
	Refused Code = "REFUSED"
	// NotSupported: the bank or plugin cannot do this.
	NotSupported Code = "NOT_SUPPORTED"
	// BadData: the bank's answer could not be understood.
	BadData Code = "BAD_DATA"
	// Technical: anything else.
	Technical Code = "TECHNICAL_ERROR"
)

// Whose says at whose door a failure lies.
type Whose string

// Whose fault it is.
const (
	User   Whose = "USER"
	Bank   Whose = "BANK"
	Plugin Whose = "PLUGIN"
	Host   Whose = "HOST"
)

// Failure is a typed error. Message may be shown to the user and must hold no
// secret; Cause stays in the plugin's process.
type Failure struct {
	Code    Code
	Whose   Whose
	Message Text
	// Fields are the credential fields that were wrong.
	Fields []string
	// URL is where the user can mend it.
	URL string
	// RetryAt is when another try makes sense; zero when not known.
	RetryAt time.Time
	Cause   error
}

// Referenced is a cause that the bank can look up: it knows the number of the
// call. The number goes into the log of the plugin, for whoever asks the bank;
// a number of more than 64 letters, digits and dashes does not.
type Referenced interface {
	error
	Reference() string
}

// Error names the code only: a cause may hold what nobody should read.
func (f *Failure) Error() string { return string(f.Code) }

// Unwrap gives the cause, inside the plugin's process only.
func (f *Failure) Unwrap() error { return f.Cause }

// Is makes errors.Is compare codes.
func (f *Failure) Is(target error) bool {
	var t *Failure
	return errors.As(target, &t) && t.Code == f.Code
}

// Fail makes a failure with a code and its usual culprit.
func Fail(code Code, cause error) *Failure {
	return &Failure{Code: code, Whose: usually(code), Cause: cause}
}

func usually(code Code) Whose {
	switch code {
	case AuthFailed, AccountLocked, PasswordChangeRequired, ChallengeRequired, UserActionRequired, Refused, ChallengeExpired, TokenExpired:
		return User
	case RateLimited, ProviderUnavailable, Blocked, BadData:
		return Bank
	}
	return Plugin
}
