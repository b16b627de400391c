package connection

import (
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// Resend says how a challenge can be sent again.
type Resend struct {
	// AvailableAt is the earliest time, Left how many times more.
	AvailableAt time.Time
	Left        int
	// AskedAt is when the user last asked; Pending says that the bank was not
	// told yet.
	AskedAt time.Time
	Pending bool
}

// Errors of asking for a challenge again.
var (
	ErrResend      = fault.New(fault.Conflict, "resend_not_supported", "This bank does not send this again. Start a new synchronization.")
	ErrResendEarly = fault.New(fault.Conflict, "resend_too_early", "It is too early to have this sent again.")
	ErrResendSpent = fault.New(fault.Conflict, "resend_exhausted", "The bank does not send this again once more. Start a new synchronization.")
)

// sameClick is how long asking again is the same wish as the one before.
const sameClick = 3 * time.Second

// AskAgain takes the wish to have it sent again: it is no answer, and the
// challenge stays as it is. It is not news where the same is wanted already, or
// was a moment ago: a double click sends one code.
func (c *Challenge) AskAgain(now time.Time) (news bool, err error) {
	if err := c.asking(now); err != nil {
		return false, err
	}
	if c.Resend == nil {
		return false, ErrResend.About(string(c.ID))
	}
	r := *c.Resend
	switch {
	case r.Pending || (!now.Before(r.AskedAt) && now.Before(r.AskedAt.Add(sameClick))):
		return false, nil
	case r.Left < 1:
		return false, ErrResendSpent.About(string(c.ID))
	case now.Before(r.AvailableAt):
		return false, ErrResendEarly.About(string(c.ID)).After(r.AvailableAt.Sub(now))
	}
	r.Pending, r.AskedAt = true, now
	c.Resend = &r
	return true, nil
}

// Wanted reports whether the bank has to be told to send it again.
func (c *Challenge) Wanted() bool {
	return c.State == Open && c.Resend != nil && c.Resend.Pending
}

// SentAgain takes over what the bank says of the same challenge after sending
// it: texts, times and state. It keeps its id, so that a form which is open in a
// browser stays good; an answer that came meanwhile stays and meets the new state.
func (c *Challenge) SentAgain(sent Challenge) {
	if c.State != Open && c.State != Answered {
		return
	}
	c.Message, c.Fields, c.Options, c.Image = sent.Message, sent.Fields, sent.Options, sent.Image
	c.ExpiresAt, c.PollAfter, c.SealedState = sent.ExpiresAt, sent.PollAfter, sent.SealedState
	var next Resend // nothing said is not again
	if sent.Resend != nil {
		next.AvailableAt, next.Left = sent.Resend.AvailableAt, sent.Resend.Left
	}
	c.resent(next)
}

// NotSent settles a wish that the bank did not fulfil: the challenge stays as it
// is, and can be asked for again left times from a time on.
func (c *Challenge) NotSent(left int, from time.Time) {
	if c.Resend != nil {
		c.resent(Resend{Left: left, AvailableAt: from})
	}
}

func (c *Challenge) resent(next Resend) {
	if c.Resend != nil {
		next.AskedAt = c.Resend.AskedAt
	}
	c.Resend = &next
}
