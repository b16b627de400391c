package bank

import (
	"cmp"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Resend is how a code can be sent again.
type Resend struct {
	AvailableAt time.Time
	Left        int
}

// code is the one that is right now.
func (c *challenge) code() string {
	if c.again > 0 {
		return cmp.Or(c.spec.ResendCode, c.spec.Code)
	}
	return c.spec.Code
}

// resendable is nil where no code was sent, or none is sent twice.
func (c *challenge) resendable() *Resend {
	if c.asks() != config.ChallengeSMSCode || c.spec.Resends == 0 {
		return nil
	}
	return &Resend{AvailableAt: c.sent.Add(time.Duration(c.spec.ResendAfter)), Left: c.spec.Resends - c.again}
}

// resend sends the code again. It is no answer and costs no try.
func (c *challenge) resend(now time.Time, stats *Stats) error {
	can := c.resendable()
	switch {
	case can == nil:
		return refuse(ResendNotSupported, "This is not sent again.")
	case c.verdict == refused:
		return refuse(TooManyCodes, tooMany)
	case now.After(c.expires):
		return refuse(CodeExpired, "The time to answer is over. Please log in again.")
	case can.Left < 1:
		return refuse(TooManyResends, "The code was sent often enough.")
	case now.Before(can.AvailableAt):
		return &Refusal{Code: ResendTooEarly, Message: "The code was sent a moment ago.", RetryAt: can.AvailableAt}
	}
	c.again++
	c.sent, c.expires = now, now.Add(time.Duration(c.spec.ExpiresAfter))
	stats.CodesSent++
	return nil
}

// Resend sends a session's code again. Refusals: NotFound, SessionExpired, InvalidRequest, ResendNotSupported,
// ResendTooEarly, TooManyResends, TooManyCodes, CodeExpired, Unavailable.
func (b *Bank) Resend(id string) (found Session, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.visited(Visit{Login: found.Login, What: visitResend}, err) }()
	s, err := b.session(id)
	if err != nil {
		return Session{}, err
	}
	if s.challenge == nil {
		return Session{}, refuse(InvalidRequest, "No challenge is open.")
	}
	if err := s.challenge.resend(b.clock.real(), b.stats[s.login]); err != nil {
		return Session{}, err
	}
	return b.view(s), nil
}
