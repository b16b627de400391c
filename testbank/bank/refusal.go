package bank

import "time"

// Code names why the bank refused something. Programs decide by it.
type Code string

// All reasons for which the bank refuses.
const (
	InvalidRequest    Code = "invalid_request"
	NotFound          Code = "not_found"
	WrongPassword     Code = "wrong_password"
	ChallengeRequired Code = "challenge_required"
	WrongCode         Code = "wrong_code"
	CodeExpired       Code = "code_expired"
	TooManyCodes      Code = "too_many_codes"
	ApprovalRefused   Code = "approval_refused"
	ChallengeOpen     Code = "challenge_open"
	SessionExpired    Code = "session_expired"
	ConsentExpired    Code = "consent_expired"
	ConsentRevoked    Code = "consent_revoked"
	TokenExpired      Code = "token_expired"
	InvalidGrant      Code = "invalid_grant"
	WrongOption       Code = "wrong_option"
	TooManyResends    Code = "too_many_resends"
	ResendTooEarly    Code = "resend_too_early"
	Unavailable       Code = "unavailable"
	QuotaExceeded     Code = "quota_exceeded"
	AccountLocked     Code = "account_locked"
	AccountClosed     Code = "account_closed"

	AccountUnavailable Code = "account_unavailable"

	ResendNotSupported     Code = "resend_not_supported"
	PasswordChangeRequired Code = "password_change_required"
	UserActionRequired     Code = "user_action_required"

	ConfigurationNotFound Code = "configuration_not_found"
	ConfigurationTooLarge Code = "configuration_too_large"
	TooManyConfigurations Code = "too_many_configurations"
)

// Refusal is the bank's answer when it does not do what was asked. The message is for the customer and repeats
// nothing of the request.
type Refusal struct {
	Code    Code
	Message string
	// TriesLeft is set with WrongCode and WrongOption.
	TriesLeft int
	// Path is the page of the bank where the customer can mend it, if there is one.
	Path string
	// RetryAt is when another try makes sense, by the bank's clock (with ResendTooEarly by the real one); zero when not
	// known.
	RetryAt time.Time
}

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Message }

func refuse(code Code, message string) error { return &Refusal{Code: code, Message: message} }
