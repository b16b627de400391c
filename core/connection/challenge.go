package connection

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

// ChallengeType says what the user has to do.
type ChallengeType string

// Challenge types.
const (
	Form      ChallengeType = "FORM"
	Options   ChallengeType = "OPTIONS"
	Image     ChallengeType = "IMAGE"
	Decoupled ChallengeType = "DECOUPLED"
	Redirect  ChallengeType = "REDIRECT"
)

// ChallengeTypes lists them.
func ChallengeTypes() []ChallengeType {
	return []ChallengeType{Form, Options, Image, Decoupled, Redirect}
}

// ChallengeState is where a challenge stands.
type ChallengeState string

// Challenge states. Answered, Expired and Withdrawn are final.
const (
	Open      ChallengeState = "OPEN"
	Answered  ChallengeState = "ANSWERED"
	Expired   ChallengeState = "EXPIRED"
	Withdrawn ChallengeState = "WITHDRAWN"
)

// ChallengeStates lists them.
func ChallengeStates() []ChallengeState {
	return []ChallengeState{Open, Answered, Expired, Withdrawn}
}

// Picture is an image for the user to look at.
type Picture struct {
	MediaType string
	Data      []byte
}

// Challenge is something only the user can do now.
type Challenge struct {
	ID                ident.Challenge
	ClientID          ident.Client
	UserID            ident.User
	ConnectionID      ident.Connection
	SynchronizationID ident.Synchronization
	ChannelDefinition string
	// Ref is the plugin's own name of it.
	Ref     string
	Type    ChallengeType
	Message bank.Text
	Fields  []form.Field
	Options []form.Choice
	Image   *Picture
	URL     string
	// ReturnHash finds the challenge of a bank's return; empty when not REDIRECT.
	ReturnHash string
	State      ChallengeState
	CreatedAt  time.Time
	ExpiresAt  time.Time
	// PollAfter is the pause between polls of a DECOUPLED challenge.
	PollAfter time.Duration
	// Live challenges can only be continued where they began.
	Live bool
	// SealedState continues it, SealedAnswer is what the user said.
	SealedState  []byte
	SealedAnswer []byte
	// Resend is nil where it cannot be sent again.
	Resend *Resend
}

// Errors.
var (
	ErrNoChallenge      = fault.New(fault.NotFound, "no_challenge", "Nothing is asked of the user now.")
	ErrChallengeOver    = fault.New(fault.Conflict, "challenge_over", "This challenge was answered already, or is no longer the one asked.")
	ErrChallengeExpired = fault.New(fault.Conflict, "challenge_expired", "The time to answer this challenge is over.")
	ErrAnswer           = fault.New(fault.Invalid, "invalid_answer", "The answer does not fit what is asked.")
	ErrReturn           = fault.New(fault.NotFound, "unknown_return", "This return from a bank is unknown, or was used already.")
)

// Check says whether an answer fits, and whether it comes in time.
func (c *Challenge) Check(answers secret.Values, now time.Time) error {
	if err := c.asking(now); err != nil {
		return err
	}
	if c.Type == Redirect {
		return ErrAnswer.With(fault.At("body.answers", "comes by the return from the bank"))
	}
	if wrong := form.Check(c.asked(), answers, "body.answers"); len(wrong) > 0 {
		return ErrAnswer.With(wrong...)
	}
	return nil
}

// asking says why it is not asked any more.
func (c *Challenge) asking(now time.Time) error {
	switch {
	case c.State == Expired || (c.State == Open && !now.Before(c.ExpiresAt)):
		return ErrChallengeExpired
	case c.State != Open:
		return ErrChallengeOver
	}
	return nil
}

func (c *Challenge) asked() []form.Field {
	switch c.Type {
	case Options:
		return []form.Field{{Name: "option", Type: form.List, Required: true, Values: c.Options}}
	case Decoupled:
		return nil
	}
	return c.Fields
}

// Answer takes a sealed answer that Check let through; a challenge that is no
// longer open stays as it is.
func (c *Challenge) Answer(sealed []byte) {
	if c.State == Open {
		c.State, c.SealedAnswer = Answered, sealed
	}
}

// Return takes a sealed return from the bank; once only.
func (c *Challenge) Return(sealed []byte, now time.Time) error {
	if c.Type != Redirect || c.State != Open || !now.Before(c.ExpiresAt) {
		return ErrReturn
	}
	c.Answer(sealed)
	return nil
}

// Close ends an open challenge without an answer, as Expired or Withdrawn; a
// final one stays as it is.
func (c *Challenge) Close(state ChallengeState) {
	if c.State == Open && (state == Expired || state == Withdrawn) {
		c.State = state
	}
}

// HashReturn is how a return state is stored: by hash, so that the database
// gives nobody a way to forge a return.
func HashReturn(state secret.String) string {
	sum := sha256.Sum256([]byte(state.Reveal()))
	return hex.EncodeToString(sum[:])
}
