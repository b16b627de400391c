package bank

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
	TokenExpired      Code = "token_expired"
	InvalidGrant      Code = "invalid_grant"
)

// Refusal is the bank's answer when it does not do what was asked. The message is for the customer and repeats
// nothing of the request.
type Refusal struct {
	Code    Code
	Message string
	// TriesLeft is set with WrongCode.
	TriesLeft int
}

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Message }

func refuse(code Code, message string) error { return &Refusal{Code: code, Message: message} }
