package consent

import (
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// Operation is what was asked of a bank.
type Operation string

// Operations.
const (
	Begin    Operation = "BEGIN"
	Continue Operation = "CONTINUE"
	// Poll asks how a challenge stands, Resend has it sent again.
	Poll    Operation = "POLL"
	Resend  Operation = "RESEND"
	Refresh Operation = "REFRESH"
	Fetch   Operation = "FETCH"
	// End closes a session; Revoke ends the consent itself.
	End    Operation = "END"
	Revoke Operation = "REVOKE"
)

// Operations lists them.
func Operations() []Operation {
	return []Operation{Begin, Continue, Poll, Resend, Refresh, Fetch, End, Revoke}
}

// Access is one call of a bank under a consent. It is written down before the
// call is made, and again when it has ended.
type Access struct {
	ID                ident.Access
	ConsentID         ident.Consent
	ClientID          ident.Client
	UserID            ident.User
	ConnectionID      ident.Connection
	ChannelDefinition string
	// SynchronizationID is the run that called, empty where none did.
	SynchronizationID ident.Synchronization
	// Trigger is who asked for that run.
	Trigger   string
	Operation Operation
	// Attended says that the user was there, and the bank was told so.
	Attended bool
	At       time.Time
	// EndedAt is zero, and Outcome empty, while the call goes on, and until it is
	// found out that whoever called was lost.
	EndedAt time.Time
	// Outcome is Succeeded, Interrupted, Lost, or the code of what went wrong.
	Outcome string
}

// Outcomes besides the codes of failures.
const (
	Succeeded   = "SUCCESS"
	Interrupted = "INTERRUPTED"
	// Lost is that whoever called is gone: nobody knows what the bank did. The end
	// is when that was found out.
	Lost = "LOST"
)

// Ended is the access with its end.
func (a Access) Ended(outcome string, now time.Time) Access {
	a.EndedAt, a.Outcome = now, outcome
	return a
}

// Retention is how long accesses are kept.
const Retention = 400 * day
