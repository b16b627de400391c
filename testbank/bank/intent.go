package bank

import (
	"time"

	"github.com/tributary-dev/tributary/testbank/ledger"
)

// Intent is what a third party of UK Open Banking asks for. Unlike other consents it says what may be read, does not end by
// itself, and its customer may be asked again whether it still holds.
type Intent struct {
	// Version is the standard's under which it was asked for.
	Version     string   `json:"version"`
	Permissions []string `json:"permissions"`
	// Expires bounds the consent, From and To the rows; the zero time bounds nothing.
	Expires time.Time `json:"expires,omitzero"`
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
	// Created and Changed are when it was asked for and when its status changed last, Authenticated when its customer proved to
	// be there last, all by the bank's clock.
	Created       time.Time `json:"created"`
	Changed       time.Time `json:"changed"`
	Authenticated time.Time `json:"authenticated,omitzero"`

	withdrawn bool
}

// over reports whether its own end has come.
func (i *Intent) over(now time.Time) bool {
	return i != nil && !i.Expires.IsZero() && !now.Before(i.Expires)
}

// IntentStatus is how an intent stands.
type IntentStatus string

// All states of an intent.
const (
	IntentAwaiting   IntentStatus = "AWAITING"
	IntentAuthorised IntentStatus = "AUTHORISED"
	IntentRejected   IntentStatus = "REJECTED"
	IntentRevoked    IntentStatus = "REVOKED"
	IntentExpired    IntentStatus = "EXPIRED"
)

// Authorisation is an intent as it is now.
type Authorisation struct {
	Intent
	ID       string
	Status   IntentStatus
	Login    string
	Accounts []ledger.Account
}

const (
	// intentLife is how long a third party may wait, in real time, before it sends the customer.
	intentLife = 24 * time.Hour
	// lasting is how long an intent without an end is valid, in years.
	lasting = 100
)

// AskIntent begins an intent.
func (b *Bank) AskIntent(thirdParty string, i Intent) Authorisation {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep()
	i.Created, i.Changed = b.clock.now(), b.clock.now()
	c := &consent{
		id: b.id("aac_"), stage: StageLogIn, expires: b.clock.real().Add(intentLife),
		request: &Request{ThirdParty: thirdParty, Tokens: true, Intent: &i, acted: b.clock.today()},
	}
	b.consents[c.id] = c
	return b.authorisation(c)
}

// IntentParty tells whose intent it is. Refusal: NotFound.
func (b *Bank) IntentParty(id string) (thirdParty string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.consents[id]
	if c == nil || c.request == nil || c.request.Intent == nil || c.request.renews != nil || c.request.Intent.withdrawn {
		return "", refuse(NotFound, "There is no such consent.")
	}
	return c.request.ThirdParty, nil
}

// IntentOf tells how an intent of this third party stands. Refusal: NotFound.
func (b *Bank) IntentOf(id, thirdParty string) (Authorisation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.intended(id, thirdParty)
	if err != nil {
		return Authorisation{}, err
	}
	return b.authorisation(c), nil
}

// WithdrawIntent ends an intent and its tokens for its third party, for which it is no more. Refusal: NotFound.
func (b *Bank) WithdrawIntent(id, thirdParty string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.intended(id, thirdParty)
	if err != nil {
		return err
	}
	c.stage, c.request.acted = StageRevoked, b.clock.today()
	c.intend(func(i *Intent) { i.withdrawn = true })
	for token, access := range b.access {
		if access.consent == c {
			delete(b.access, token)
		}
	}
	for token, of := range b.refresh {
		if of == c {
			delete(b.refresh, token)
			b.spent[token] = true
		}
	}
	b.noted(c)
	return nil
}

func (b *Bank) intended(id, thirdParty string) (*consent, error) {
	c, err := b.asked(id, thirdParty)
	if err == nil && (c.request.Intent == nil || c.request.renews != nil || c.request.Intent.withdrawn) {
		err = refuse(NotFound, "There is no such consent.")
	}
	return c, err
}

// intend changes the intent of a consent. Whoever was given the one before keeps that.
func (c *consent) intend(change func(i *Intent)) {
	next := *c.request.Intent
	change(&next)
	c.request.Intent = &next
}

func (b *Bank) authorisation(c *consent) Authorisation {
	out := Authorisation{Intent: *c.request.Intent, ID: c.id, Login: c.login, Accounts: b.covered(c)}
	switch {
	case c.stage == StageRefused:
		out.Status = IntentRejected
	case c.stage == StageRevoked || c.stage == StageGranted && b.consentEnded(c.login, c.granted):
		out.Status = IntentRevoked
	case c.stage == StageGranted && b.valid(c) != nil:
		out.Status = IntentExpired
	case c.stage == StageGranted:
		out.Status = IntentAuthorised
	case b.clock.real().After(c.expires):
		out.Status = IntentRejected
	default:
		out.Status = IntentAwaiting
	}
	return out
}
