// Package provider is the port to the banks: the catalogue, and sessions with
// one of its providers. It speaks the domain's words and knows nothing of
// processes or protocols. Its contract suite is providertest.Run.
package provider

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
)

// Catalogue lists what is served.
type Catalogue interface {
	// Providers are all, in the order of their names.
	Providers(ctx context.Context) ([]provider.Provider, error)
	// Provider fails with provider.ErrNotFound.
	Provider(ctx context.Context, id string) (provider.Provider, error)
}

// Gateway opens sessions. Every call needs a context with a deadline; a call
// fails with a *Failure, or with the context's error.
type Gateway interface {
	Begin(ctx context.Context, req Begin) (Step, error)
	Continue(ctx context.Context, req Continue) (Step, error)
	// Refresh is the only call that rotates secrets: commit its result before
	// fetching. Plugins that have nothing to refresh answer Failure NOT_SUPPORTED.
	Refresh(ctx context.Context, req Refresh) (Ready, error)
	Fetch(ctx context.Context, req Fetch, sink Sink) error
	// End closes the session, or revokes the consent; doing it twice, or where
	// the plugin cannot, is no failure. Secrets that are over are SECRET_STALE.
	End(ctx context.Context, req End) error
}

// Session names one conversation.
type Session struct {
	ID         string
	ProviderID string
	ChannelID  string
	Locale     string
}

// State is a plugin's opaque state, with the version that made it.
type State struct {
	Version int
	Data    secret.Bytes
}

// Empty reports whether nothing is in it.
func (s State) Empty() bool { return s.Data.Empty() }

// Begin opens a session. A nil PSU means unattended: nothing may be asked.
type Begin struct {
	Session     Session
	PSU         *synchronization.PSU
	Credentials secret.Values
	Secrets     State
	ReturnURL   string
	ReturnState secret.String
}

// Continue answers or polls a challenge, or has it sent again.
type Continue struct {
	Session   Session
	PSU       *synchronization.PSU
	Challenge string
	Answers   secret.Values
	Poll      bool
	// Resend is set only where the challenge said that it can be sent again. The
	// step is then the challenge as it stands, by its ref.
	Resend      bool
	State       State
	Secrets     State
	Credentials secret.Values
	ReturnURL   string
	ReturnState secret.String
}

// Survives reports whether the session goes on although the call failed: what
// could not be sent again for now is still asked. Every other failure ends it.
func (c Continue) Survives(failed error) bool {
	failure, ok := errors.AsType[*Failure](failed)
	if !c.Resend || !ok {
		return false
	}
	return failure.Code == NotSupported || failure.Code == RateLimited || failure.Code == ProviderUnavailable
}

// Refresh renews secrets.
type Refresh struct {
	Session Session
	PSU     *synchronization.PSU
	Secrets State
}

// End closes a session; with Revoke, also the consent.
type End struct {
	Session Session
	State   State
	Secrets State
	Revoke  bool
}

// Step is where a session stands: exactly one of the two is set.
type Step struct {
	Challenge *Challenge
	Ready     *Ready
}

// Challenge is what the plugin asks of the user. Of Asked, the fields Ref,
// Type, Message, Fields, Options, Image, URL, ExpiresAt, PollAfter, Live and
// Resend are set.
type Challenge struct {
	Asked connection.Challenge
	State State
}

// Ready means that Fetch may start. Empty Secrets keep what was there.
type Ready struct {
	State     State
	Secrets   State
	ExpiresAt time.Time
	Consent   *Consent
}

// Consent is the bank's record of the agreement.
type Consent struct {
	ID         string
	ValidUntil time.Time
	Accounts   []string
	Scopes     []Scope
}

// Scope is a kind of data a bank counts on its own.
type Scope string

// Scopes.
const (
	ScopeAccounts     Scope = "ACCOUNTS"
	ScopeBalances     Scope = "BALANCES"
	ScopeTransactions Scope = "TRANSACTIONS"
)

// Fetch says what to read; see the SDK's FetchRequest.
type Fetch struct {
	Session    Session
	PSU        *synchronization.PSU
	Mode       synchronization.Type
	Window     Window
	Skip       []string
	Allowances []Allowance
	State      State
	Secrets    State
	Deadline   time.Time
}

// Window is the range of banking days asked for; From is by the bank's id of
// an account, Default for accounts not named. To is included.
type Window struct {
	Default bank.Day
	From    map[string]bank.Day
	To      bank.Day
}

// Allowance is what may still be spent in the bank's rolling 24 hours.
type Allowance struct {
	Account string
	Scope   Scope
	Left    int
}

// Sink receives what a fetch reads, call by call and never two at once. An
// error stops the fetch, which then fails with it.
type Sink interface {
	// Account comes before anything else about ref. The report holds no rows yet.
	Account(ref string, report ledger.Report) error
	Balances(ref string, balances []ledger.Balance) error
	Rows(ref string, rows []ledger.Row) error
	// Done tells that everything asked of an account was read, from and to which day.
	Done(ref string, from, to bank.Day) error
	// Failed tells that one account could not be read; the others go on.
	Failed(ref string, scope Scope, failure *Failure) error
	Progress(stage synchronization.Stage, done, total int) error
	Used(usage Usage) error
}

// Usage tells that the bank was asked.
type Usage struct {
	Account string
	Scope   Scope
	Count   int
	RetryAt time.Time
}

// Code says what went wrong at the bank or in the plugin; see the SDK.
type Code string

// Codes.
const (
	AuthFailed             Code = "AUTH_FAILED"
	AccountLocked          Code = "ACCOUNT_LOCKED"
	TokenExpired           Code = "TOKEN_EXPIRED"
	PasswordChangeRequired Code = "PASSWORD_CHANGE_REQUIRED"
	ChallengeRequired      Code = "CHALLENGE_REQUIRED"
	UserActionRequired     Code = "USER_ACTION_REQUIRED"
	RateLimited            Code = "RATE_LIMITED"
	ProviderUnavailable    Code = "PROVIDER_UNAVAILABLE"
	Blocked                Code = "BLOCKED"
	SecretStale            Code = "SECRET_STALE"
	SecretUnreadable       Code = "SECRET_UNREADABLE"
	SessionLost            Code = "SESSION_LOST"
	ChallengeExpired       Code = "CHALLENGE_EXPIRED"
	Refused                Code = "REFUSED"
	NotSupported           Code = "NOT_SUPPORTED"
	BadData                Code = "BAD_DATA"
	Technical              Code = "TECHNICAL_ERROR"
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

// Failure is a typed error of a bank, a plugin or the host.
type Failure struct {
	Code Code
	// Whose fault it is.
	Whose   Whose
	Message bank.Text
	Fields  []string
	URL     string
	RetryAt time.Time
	// Err is for logs only.
	Err error
}

// Error names the code and, for logs, the cause.
func (f *Failure) Error() string {
	if f.Err != nil {
		return string(f.Code) + ": " + f.Err.Error()
	}
	return string(f.Code)
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Err }

// FailureOf finds the failure in err; anything else is a technical one of the host.
func FailureOf(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Code: Technical, Whose: Host, Err: err}
}
