package bank

import (
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// standing is how the bank stands with one persona: what came of the behaviours so far.
type standing struct {
	wrongInARow     int
	passwordChanged bool
	termsAccepted   bool
	// authenticated is when the customer last proved to be there, by the bank's clock; generation is how often with a
	// challenge or a consent.
	authenticated time.Time
	generation    int
	spent         map[access][]time.Time
}

// Standing is how the bank stands with one persona, for whoever watches the play.
type Standing struct {
	Locked                 bool `json:"locked"`
	PasswordChangeRequired bool `json:"password_change_required"`
	TermsToAccept          bool `json:"terms_to_accept"`
	Down                   bool `json:"down"`
}

// Standing gives how the bank stands with a persona, and whether there is such a persona.
func (b *Bank) Standing(login string) (Standing, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, known := b.personas[login]
	if !known {
		return Standing{}, false
	}
	return Standing{
		Locked: b.locked(p), PasswordChangeRequired: b.mustChangePassword(p), TermsToAccept: b.mustAcceptTerms(p),
		Down: b.up(login) != nil,
	}, true
}

// Forgive makes the bank forget what a persona did: locked log-ins open again, unless locked from the beginning, terms
// and password changes are asked for again, and the quota is full. It says whether there is such a persona.
func (b *Bank) Forgive(login string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.File.Personas {
		if p.Login == login {
			b.personas[login], b.standings[login] = p, &standing{}
			return true
		}
	}
	return false
}

// authenticated notes that the customer passed a challenge or gave a consent.
func (b *Bank) authenticated(login string) {
	s := b.standings[login]
	s.authenticated = b.clock.now()
	s.generation++
}

func (b *Bank) locked(p config.Persona) bool {
	if len(b.happened(p.Login, config.DoLock)) > 0 {
		return true
	}
	lock, ok := p.Behaviour(config.BehaviourLocked)
	return ok && b.standings[p.Login].wrongInARow >= lock.AfterWrongPasswords
}

func (b *Bank) mustChangePassword(p config.Persona) bool {
	_, ok := p.Behaviour(config.BehaviourPasswordChange)
	return ok && !b.standings[p.Login].passwordChanged
}

func (b *Bank) mustAcceptTerms(p config.Persona) bool {
	_, ok := p.Behaviour(config.BehaviourTerms)
	return (ok || len(b.happened(p.Login, config.DoTerms)) > 0) && !b.standings[p.Login].termsAccepted
}

// stopped refuses a customer who is known by now but has to do something at the bank first. Refusals: AccountLocked,
// PasswordChangeRequired, UserActionRequired; the last two say on which page.
func (b *Bank) stopped(p config.Persona) error {
	switch {
	case b.locked(p):
		return refuse(AccountLocked, "Your access is locked. Please call your branch.")
	case b.mustChangePassword(p):
		return &Refusal{Code: PasswordChangeRequired, Message: "Choose a new password first.", Path: "/password/" + p.Login}
	case b.mustAcceptTerms(p):
		return &Refusal{Code: UserActionRequired, Message: "Accept the new terms of use first.", Path: "/terms/" + p.Login}
	}
	return nil
}

// AcceptTerms is the customer's yes to the new terms. Refusals: NotFound where nothing is to be accepted.
func (b *Bank) AcceptTerms(login string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, known := b.personas[login]
	if !known || !b.mustAcceptTerms(p) {
		return refuse(NotFound, "There are no terms to accept.")
	}
	b.standings[login].termsAccepted = true
	return nil
}

// ChangePassword gives a persona who has to change it another password, until the bank is restarted. Refusals:
// NotFound where none has to be changed, WrongPassword, InvalidRequest, AccountLocked, Unavailable.
func (b *Bank) ChangePassword(login, old, chosen string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p, known := b.personas[login]; !known || !b.mustChangePassword(p) {
		return refuse(NotFound, "There is no password to change.")
	}
	p, err := b.customer(login, old)
	switch {
	case err != nil:
		return err
	case b.locked(p):
		return b.stopped(p)
	case p.LogIn == config.LogInKeypad && !config.Digits(chosen):
		return refuse(InvalidRequest, "The new password is 4 to 10 digits, because it is typed on keys.")
	case p.LogIn == config.LogInKeypad && chosen != old: // long enough
	case len(chosen) < 6 || len(chosen) > 200 || chosen == old:
		return refuse(InvalidRequest, "The new password needs 6 characters or more, and must not be the old one.")
	}
	p.Password = chosen
	b.personas[login], b.standings[login].passwordChanged = p, true
	return nil
}
