package bank

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Entry is a log-in at the web site. Somebody is always there: what a site cannot see, it cannot ask for.
type Entry struct{ Login, Password, DeviceToken string }

// Enter opens a session at the web site. Where a program is refused, a customer is shown what to do first: that is the
// session's status. A challenge is only announced, so that no code is sent before the customer wants one, unless the
// bank's codes come at once. Refusals: WrongPassword, AccountLocked, Unavailable.
func (b *Bank) Enter(e Entry) (found Session, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.visited(Visit{Login: e.Login, What: visitLogIn, Attended: true}, err) }()
	p, err := b.customer(e.Login, e.Password)
	if err == nil && b.locked(p) {
		err = b.stopped(p)
	}
	if err != nil {
		return Session{}, err
	}
	b.sweep()
	b.standings[p.Login].wrongInARow = 0
	asks := b.asks(p, e.DeviceToken)
	s := b.newSession(p)
	s.site, s.announced = true, asks
	switch {
	case !asks:
		b.loggedIn(p, true)
	case b.File.Bank.Site.Codes == config.CodesAtOnce:
		b.begin(s)
	}
	return b.view(s), nil
}

// Begin begins the challenge that was announced: here the code is sent. Refusals: NotFound, SessionExpired, InvalidRequest,
// Unavailable.
func (b *Bank) Begin(id string) (found Session, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.visited(Visit{Login: found.Login, What: visitBegin, Attended: true}, err) }()
	s, err := b.session(id)
	switch {
	case err != nil:
		return Session{}, err
	case !s.announced:
		return Session{}, refuse(InvalidRequest, "No challenge waits to be begun.")
	}
	b.begin(s)
	return b.view(s), nil
}

func (b *Bank) begin(s *session) {
	s.announced = false
	s.challenge = b.openChallenge(b.who(s.login), "log-in at the web site")
}

// ReturnTo says where the bank's confirmation page sends the browser of a session's challenge.
func (b *Bank) ReturnTo(id, address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.sessions[id]; s != nil && s.challenge != nil {
		s.challenge.returnURL = address
	}
}

// stage is how far a session is.
func (b *Bank) stage(s *session) Status {
	p := b.who(s.login)
	switch {
	case s.challenge != nil:
		return AwaitChallenge
	case s.announced:
		return Announced
	case s.site && b.mustChangePassword(p):
		return AwaitPassword
	case s.site && b.mustAcceptTerms(p):
		return AwaitTerms
	}
	return Authenticated
}

// unfinished refuses a session that may not read yet. Refusals: ChallengeOpen, PasswordChangeRequired, UserActionRequired.
func (b *Bank) unfinished(s *session) error {
	switch b.stage(s) {
	case AwaitChallenge, Announced:
		return refuse(ChallengeOpen, "The challenge has to be answered first.")
	case AwaitPassword, AwaitTerms:
		return b.stopped(b.who(s.login))
	}
	return nil
}

// Open refuses while the bank is down for everybody: Unavailable.
func (b *Bank) Open() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.upToday("")
}

// Behaviour gives what goes differently for a customer, and whether it does.
func (b *Bank) Behaviour(login string, kind config.BehaviourKind) (config.Behaviour, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.who(login).Behaviour(kind)
}

// Whose gives who has a login today, without what only they know.
func (b *Bank) Whose(login string) (config.Persona, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, known := b.personas[login]
	p.Password, p.Challenge = "", config.Challenge{}
	return p, known
}

// Real is the machine's time, that sessions run on.
func (b *Bank) Real() time.Time { return b.clock.real() }

// Pause lets time pass until the context ends, whose error it gives.
func (b *Bank) Pause(ctx context.Context, d time.Duration) error { return b.wait(ctx, d) }
