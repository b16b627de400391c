package contract

import (
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Step checks what Begin or Continue answered.
func Step(s sdk.Step) error {
	c := &checker{}
	c.require((s.Challenge == nil) != (s.Ready == nil), "step", "wants exactly one of challenge and ready")
	if s.Challenge != nil {
		c.challenge("challenge", *s.Challenge)
	}
	if s.Ready != nil {
		c.ready("ready", *s.Ready)
	}
	return c.err()
}

// Ready checks what Refresh answered.
func Ready(r sdk.Ready) error {
	c := &checker{}
	c.ready("ready", r)
	return c.err()
}

// Unattended checks a step that was made with nobody there.
func Unattended(s sdk.Step) error {
	c := &checker{}
	c.require(s.Challenge == nil, "challenge", "nobody is there to answer it: fail with CHALLENGE_REQUIRED")
	return c.err()
}

func (c *checker) challenge(place string, ch sdk.Challenge) {
	c.id(place+".id", ch.ID)
	c.words(place+".message", ch.Message)
	c.fields(place+".fields", ch.Fields)
	c.choices(place+".options", ch.Options)
	c.link(place+".url", ch.URL)
	oneOf(c, place+".holding", ch.Holding, sdk.Durable, sdk.Live)
	c.require(ch.PollAfter >= 0 && ch.PollAfter <= time.Hour, place+".poll_after", "is negative or more than an hour")
	c.instant(place+".expires_at", ch.ExpiresAt)
	c.bundle(place+".state", ch.State)
	c.resend(place+".resend", ch)
	if ch.Image != nil {
		oneOf(c, place+".image.media_type", ch.Image.MediaType, "image/png", "image/jpeg")
		c.bytes(place+".image.data", ch.Image.Data, maxImage)
	}
	switch ch.Type {
	case sdk.ChallengeForm:
		c.require(len(ch.Fields) > 0, place+".fields", "a FORM needs some")
	case sdk.ChallengeOptions:
		c.require(len(ch.Options) > 0, place+".options", "OPTIONS needs some")
	case sdk.ChallengeImage:
		c.require(ch.Image != nil && len(ch.Image.Data) > 0, place+".image", "an IMAGE needs one")
		c.require(len(ch.Fields) > 0, place+".fields", "an IMAGE needs some")
	case sdk.ChallengeRedirect:
		c.require(ch.URL != "", place+".url", "a REDIRECT needs one")
	case sdk.ChallengeDecoupled:
	default:
		c.complain(place+".type", "is not a word of the vocabulary")
	}
}

func (c *checker) resend(place string, ch sdk.Challenge) {
	if ch.Resend == nil {
		return
	}
	c.require(ch.Type != sdk.ChallengeRedirect, place, "a REDIRECT is not sent")
	c.require(ch.Resend.Left >= 0 && ch.Resend.Left <= maxLimit, place+".left", "wants a small number")
	c.instant(place+".available_at", ch.Resend.AvailableAt)
}

func (c *checker) ready(place string, r sdk.Ready) {
	c.bundle(place+".state", r.State)
	c.bundle(place+".secrets", r.Secrets)
	c.instant(place+".expires_at", r.ExpiresAt)
	if r.Consent == nil {
		return
	}
	c.text(place+".consent.id", r.Consent.ID, maxID)
	c.instant(place+".consent.valid_until", r.Consent.ValidUntil)
	c.count(place+".consent.accounts", len(r.Consent.Accounts), maxAccounts)
	for _, account := range r.Consent.Accounts {
		c.text(place+".consent.accounts", account, maxID)
	}
	for _, scope := range r.Consent.Scopes {
		oneOf(c, place+".consent.scopes", scope, sdk.ScopeAccounts, sdk.ScopeBalances, sdk.ScopeTransactions)
	}
}

func (c *checker) bundle(place string, b sdk.Bundle) {
	c.bytes(place, b.Data, maxBundle)
	c.require(b.Version >= 0 && b.Version <= maxLimit, place+".version", "wants a small number")
	c.require(b.Empty() || b.Version > 0, place+".version", "is missing: a state that is kept needs one")
}
