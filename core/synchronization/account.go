package synchronization

import (
	"slices"

	"github.com/tributary-dev/tributary/core/ident"
)

// Outcome finds what the run did for an account, or nil.
func (s *Synchronization) Outcome(id ident.Account) *AccountOutcome {
	at := slices.IndexFunc(s.Accounts, func(o AccountOutcome) bool { return o.AccountID == id })
	if at < 0 {
		return nil
	}
	return &s.Accounts[at]
}

// FallShort notes that of an account only what is recent was read.
func (s *Synchronization) FallShort(id ident.Account, problem *Problem) {
	if o := s.Outcome(id); o != nil && o.Outcome == OutcomeSuccess {
		o.Outcome, o.Problem = OutcomePartial, problem
	}
}

// FellShort reports whether an account was not read as it should have been.
func (s *Synchronization) FellShort(id ident.Account) bool {
	o := s.Outcome(id)
	return o != nil && (o.Outcome == OutcomeFailed || o.Outcome == OutcomeWaiting || o.Outcome == OutcomePartial)
}

// Unread is the outcome of an account that could not be read.
func Unread(problem *Problem) (outcome string) {
	if problem.Code == rateLimited {
		return OutcomeWaiting
	}
	return OutcomeFailed
}
