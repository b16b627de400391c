package bank

import (
	"crypto/subtle"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Status says how far a session or a consent's log-in is.
type Status string

// The states of a session.
const (
	Authenticated  Status = "AUTHENTICATED"
	AwaitChallenge Status = "CHALLENGE"
)

// The further states of a session at the web site, see Enter.
const (
	Announced     Status = "ANNOUNCED"
	AwaitPassword Status = "PASSWORD_CHANGE"
	AwaitTerms    Status = "TERMS"
)

// session is one log-in at the customer portal, or at the web site.
type session struct {
	id          string
	login       string
	expires     time.Time
	challenge   *challenge
	deviceToken string
	// site says that it is of the web site, announced that a challenge waits to be begun there.
	site, announced bool
}

// LogIn is a log-in at the customer portal.
type LogIn struct {
	Login, Password, DeviceToken string
	// Attended says that a person is there to answer; otherwise no code is ever sent.
	Attended bool
	// ReturnURL and State are for a challenge on the bank's page: where the browser goes on to.
	ReturnURL, State string
}

// Challenge is what the customer is asked now: once an option is chosen, that is the code sent there.
type Challenge struct {
	ID        string
	Kind      config.ChallengeKind
	Medium    string
	TriesLeft int
	ExpiresAt time.Time
	// Question and Options are what to choose from, of a challenge of kind options; Question alone what to answer, of kind
	// question.
	Question string
	Options  []config.Option
	// Image is the PNG of a challenge of kind image.
	Image []byte
	// Keypad asks for a secret on keys, QR shows where to approve.
	Keypad, QR bool
	// Resend is nil where nothing is sent again.
	Resend *Resend
}

// Session is how a log-in stands.
type Session struct {
	ID, Login   string
	Status      Status
	DeviceToken string
	Challenge   *Challenge
	ExpiresAt   time.Time
}

// customer checks login and password. The answer does not tell which of them was wrong. Refusals: Unavailable,
// WrongPassword, AccountLocked.
func (b *Bank) customer(login, password string) (config.Persona, error) {
	_, known := b.personas[login]
	p := b.who(login)
	if err := b.up(login); err != nil {
		return config.Persona{}, err
	}
	right := subtle.ConstantTimeCompare([]byte(p.Password), []byte(password)) == 1
	_, always := p.Behaviour(config.BehaviourWrongPassword)
	if known && right && !always {
		return p, nil
	}
	if known {
		b.stats[login].WrongPasswords++
		b.standings[login].wrongInARow++
		if lock, _ := p.Behaviour(config.BehaviourLocked); lock.AfterWrongPasswords > 0 && b.locked(p) {
			return config.Persona{}, b.stopped(p)
		}
	}
	return config.Persona{}, refuse(WrongPassword, "The login or the password is wrong.")
}

// persona checks login and password, and that nothing has to be done at the bank first. Refusals: those of customer
// and of stopped.
func (b *Bank) persona(login, password string) (config.Persona, error) {
	p, err := b.customer(login, password)
	if err == nil {
		err = b.stopped(p)
	}
	if err == nil {
		b.standings[login].wrongInARow = 0
	}
	return p, err
}

// LogIn opens a session, or begins its challenge. Refusals: WrongPassword, ChallengeRequired, AccountLocked,
// PasswordChangeRequired, UserActionRequired, Unavailable.
func (b *Bank) LogIn(request LogIn) (found Session, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.visited(Visit{Login: request.Login, What: visitLogIn, Attended: request.Attended}, err) }()
	p, err := b.persona(request.Login, request.Password)
	if err != nil {
		return Session{}, err
	}
	b.sweep()
	asks := b.asks(p, request.DeviceToken)
	if asks && !request.Attended {
		b.stats[p.Login].ChallengesRefused++
		return Session{}, refuse(ChallengeRequired, "Log in yourself to confirm that it is you.")
	}
	s := b.newSession(p)
	if asks {
		s.challenge = b.openChallenge(p, "log-in at the customer portal")
		s.challenge.returnURL, s.challenge.state = request.ReturnURL, request.State
	} else {
		b.loggedIn(p, request.Attended)
	}
	return b.view(s), nil
}

func (b *Bank) newSession(p config.Persona) *session {
	s := &session{id: b.id("ses_"), login: p.Login, expires: b.clock.real().Add(time.Duration(b.File.Bank.TokenLife))}
	b.sessions[s.id] = s
	return s
}

// asks says whether a log-in needs a challenge, and counts one that a trusted device saves.
func (b *Bank) asks(p config.Persona, device string) bool {
	switch {
	case p.Challenge.Kind == config.ChallengeNone:
		return false
	case p.Challenge.Always || !b.trusts(p, device):
		return true
	}
	b.stats[p.Login].ChallengesAvoided++
	return false
}

// loggedIn notes a log-in that needed no challenge.
func (b *Bank) loggedIn(p config.Persona, attended bool) {
	b.stats[p.Login].Logins++
	if b.standings[p.Login].authenticated.IsZero() || attended && p.Challenge.Kind == config.ChallengeNone {
		b.standings[p.Login].authenticated = b.clock.now()
	}
}

// Session tells how a log-in stands; an approval goes on by being asked for. Refusals: NotFound, SessionExpired,
// ApprovalRefused, CodeExpired, TooManyCodes.
func (b *Bank) Session(id string) (found Session, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.visited(Visit{Login: found.Login, What: visitLook}, err) }()
	s, err := b.session(id)
	if err != nil {
		return Session{}, err
	}
	if s.challenge != nil {
		if err := s.challenge.poll(b.clock.real()); err != nil {
			return Session{}, err
		}
		b.settle(s)
	}
	return b.view(s), nil
}

// Answer answers a session's challenge. Refusals: NotFound, SessionExpired, InvalidRequest, WrongCode, WrongOption,
// TooManyCodes, CodeExpired, Unavailable.
func (b *Bank) Answer(id string, answer Answer) (found Session, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, err := b.session(id)
	if err != nil {
		return Session{}, err
	}
	defer func() { b.visited(Visit{Login: s.login, What: visitAnswer}, err) }()
	if s.challenge == nil {
		return Session{}, refuse(InvalidRequest, "No challenge is open.")
	}
	if err := s.challenge.try(answer, b.clock.real(), b.stats[s.login]); err != nil {
		return Session{}, err
	}
	b.settle(s)
	return b.view(s), nil
}

// LogOut ends a session; one that is gone already is fine.
func (b *Bank) LogOut(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.sessions[id]; s != nil && s.challenge != nil {
		delete(b.challenges, s.challenge.id)
	}
	delete(b.sessions, id)
}

func (b *Bank) session(id string) (*session, error) {
	s := b.sessions[id]
	if s == nil {
		return nil, refuse(NotFound, "There is no such session.")
	}
	if b.clock.real().After(s.expires) {
		return nil, refuse(SessionExpired, "The session has ended. Please log in again.")
	}
	return s, b.up(s.login)
}

// settle turns a passed challenge into an open session on a device that is trusted from now on.
func (b *Bank) settle(s *session) {
	if s.challenge.verdict != passed {
		return
	}
	delete(b.challenges, s.challenge.id)
	s.challenge, s.deviceToken = nil, b.trust(b.who(s.login))
	s.expires = b.clock.real().Add(time.Duration(b.File.Bank.TokenLife))
	b.authenticated(s.login)
	b.stats[s.login].Logins++
}

func (b *Bank) view(s *session) Session {
	view := Session{ID: s.id, Login: s.login, Status: b.stage(s), DeviceToken: s.deviceToken, ExpiresAt: s.expires}
	switch view.Status {
	case AwaitChallenge:
		view.Challenge = s.challenge.view()
	case Announced:
		view.Challenge = (&challenge{spec: b.who(s.login).Challenge}).view()
	}
	return view
}

// sweep forgets what has been over for an hour, so that a bank that runs for weeks does not grow.
func (b *Bank) sweep() {
	past := b.clock.real().Add(-time.Hour)
	for id, s := range b.sessions {
		if s.expires.Before(past) {
			delete(b.sessions, id)
		}
	}
	for id, c := range b.challenges {
		if c.expires.Before(past) {
			delete(b.challenges, id)
		}
	}
	for token, a := range b.access {
		if a.expires.Before(past) {
			delete(b.access, token)
		}
	}
	for id, c := range b.consents {
		if c.stage != StageGranted && c.expires.Before(past) {
			delete(b.consents, id)
		}
	}
}
