package sdk

import (
	"errors"
	"time"
)

// Session names one conversation with a bank about one connection's channel.
type Session struct {
	// ID is opaque, the same through Begin, Continue, Fetch and End.
	ID         string
	ProviderID string
	ChannelID  string
	// Locale is the language for texts that only the plugin or bank can write.
	Locale string
}

// PSU is the user, really present now (PSD2 "payment service user"). A nil PSU
// in a request means unattended: then no challenge may be triggered, no code
// be sent, and the access counts against the bank's quota.
type PSU struct {
	IP        string
	UserAgent string
}

// Bundle is an opaque state of the plugin, which the server seals and stores,
// and gives back unread. A plugin that meets a Version it cannot read fails
// with [SecretUnreadable]; it never guesses.
type Bundle struct {
	Version int
	Data    []byte
}

// Empty reports whether nothing is in it.
func (b Bundle) Empty() bool { return len(b.Data) == 0 }

// String redacts: a bundle is a secret.
func (b Bundle) String() string { return redacted }

// GoString redacts.
func (b Bundle) GoString() string { return redacted }

const redacted = "[redacted]"

// Secrets are named secret values, such as credentials by field name. They
// print as [redacted].
type Secrets map[string]string

// String redacts.
func (s Secrets) String() string { return redacted }

// GoString redacts.
func (s Secrets) GoString() string { return redacted }

// BeginRequest opens a session.
type BeginRequest struct {
	Session Session
	// PSU is nil when nobody is there.
	PSU *PSU
	// Credentials by the names of the channel's credential fields.
	Credentials Secrets
	// Secrets is what the last Ready or Refresh left: tokens, device trust.
	Secrets Bundle
	// ReturnURL is where a bank may send the user back; ReturnState must be in
	// that return as the query parameter "state".
	ReturnURL   string
	ReturnState string
}

// ContinueRequest goes on after a challenge.
type ContinueRequest struct {
	Session Session
	PSU     *PSU
	// ChallengeID is that of the step answered.
	ChallengeID string
	// Answers by field name; for OPTIONS {"option": value}; for REDIRECT the
	// parameters of the return; empty for DECOUPLED and for a Poll.
	Answers Secrets
	// Poll is set when nobody answered and the server only asks whether the
	// bank has gone on by itself (DECOUPLED).
	Poll bool
	// Resend asks to send the challenge again instead of answering it; Answers
	// is empty. It comes only where the challenge has a Resend with some Left.
	// The next step is normally the same challenge, by the same id, with a new
	// expiry and Resend. One with another id takes its place: say so where the
	// code now goes to another place. A bank that does not want to is no failure:
	// the step is the challenge as it stands. See [ContinueRequest.Survives].
	Resend bool
	// State is the sealed state of the step answered.
	State Bundle
	// Secrets and Credentials as at Begin.
	Secrets     Bundle
	Credentials Secrets
	// ReturnURL and ReturnState as at Begin; the state is a new one each time.
	ReturnURL   string
	ReturnState string
}

// Survives reports whether the session goes on although the call failed: a
// challenge that could not be sent again for now is still the one asked. Every
// other failure ends the session.
func (r ContinueRequest) Survives(failed error) bool {
	failure, ok := errors.AsType[*Failure](failed)
	if !r.Resend || !ok {
		return false
	}
	return failure.Code == NotSupported || failure.Code == RateLimited || failure.Code == ProviderUnavailable
}

// RefreshRequest renews secrets.
type RefreshRequest struct {
	Session Session
	PSU     *PSU
	Secrets Bundle
}

// EndRequest closes a session; with Revoke, also the consent at the bank.
type EndRequest struct {
	Session Session
	State   Bundle
	Secrets Bundle
	Revoke  bool
}

// Step is where a session stands after Begin or Continue: exactly one of
// Challenge and Ready is set.
type Step struct {
	Challenge *Challenge
	Ready     *Ready
}

// Holding says who can continue a step.
type Holding string

// Holdings.
const (
	// Durable: the State is all there is; any node continues, also after a restart.
	Durable Holding = "DURABLE"
	// Live: the session lives in this process (a browser page, say) and is lost
	// with it, by [SessionLost].
	Live Holding = "LIVE"
)

// Ready means that Fetch may start.
type Ready struct {
	// State is the session's state for Fetch and End.
	State Bundle
	// Secrets are kept for later sessions; empty keeps what was there.
	Secrets Bundle
	// ExpiresAt is when the session's State ends; zero when not known.
	ExpiresAt time.Time
	// Consent is what the bank says was agreed; nil where there is none.
	Consent *Consent
}

// Consent is the bank's record of the user's agreement.
type Consent struct {
	ID         string
	ValidUntil time.Time
	// Accounts are the bank's references, empty for all.
	Accounts []string
	Scopes   []Scope
}
