package bank

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
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

// AuthoriseIntent gives the id of the page where the customer agrees to an intent, or once more to one that was agreed to. back
// gives the address that the browser goes to in the end, with a code or with why there is none; it may not call the bank.
// Refusals: NotFound, InvalidRequest where nothing is to be agreed to.
func (b *Bank) AuthoriseIntent(id, thirdParty string, back func(code, refused string) string) (page string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.intended(id, thirdParty)
	if err != nil {
		return "", err
	}
	switch b.authorisation(c).Status {
	case IntentAwaiting: // a browser that comes again begins again
		if c.challenge != nil {
			delete(b.challenges, c.challenge.id)
		}
		c.stage, c.login, c.challenge = StageLogIn, "", nil
		c.request.back = back
		return c.id, nil
	case IntentAuthorised:
		again := &consent{
			id: b.id("rea_"), stage: StageLogIn, expires: b.clock.real().Add(requestLife),
			request: &Request{ThirdParty: thirdParty, Tokens: true, Intent: c.request.Intent, renews: c, back: back, acted: b.clock.today()},
		}
		b.consents[again.id] = again
		return again.id, nil
	}
	return "", refuse(InvalidRequest, "There is nothing to agree to.")
}

// ExchangeIntent gives tokens for a code of this third party. Refusals as for Exchange.
func (b *Bank) ExchangeIntent(code, thirdParty string) (Tokens, error) {
	b.mu.Lock()
	c := b.codes[code]
	good := c != nil && c.request != nil && c.request.Intent != nil && c.request.ThirdParty == thirdParty
	b.mu.Unlock()
	if !good {
		return Tokens{}, refuse(InvalidGrant, "The code is unknown, was used before, or is of another.")
	}
	return b.Exchange(code)
}

// TokenIntent gives the intent that an access token of this third party is for. Refusals: TokenExpired, ConsentRevoked,
// ConsentExpired.
func (b *Bank) TokenIntent(token, thirdParty string) (Authorisation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.intentToken(token, thirdParty)
	if err != nil {
		return Authorisation{}, err
	}
	return b.authorisation(c), nil
}

// ReadIntent gives what an access token of this third party may read, and counts the call. Refusals as for TokenIntent and
// Authorize.
func (b *Bank) ReadIntent(token, thirdParty string, use Use) (Grant, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.intentToken(token, thirdParty)
	if err != nil {
		return Grant{}, err
	}
	view := ledger.View{Session: token, Consent: c.id, Generation: b.standings[c.login].generation}
	return b.admit(Grant{Login: c.login, Accounts: b.covered(c), view: view, consent: c.id}, use, nil)
}

// HasAccount reports whether anybody has a payment account of this id, shared or not.
func (b *Bank) HasAccount(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for login := range b.personas {
		for _, a := range b.Book.Accounts(login, b.clock.today(), ledger.View{}) {
			if a.Type.Payment() && a.ID == id {
				return true
			}
		}
	}
	return false
}

func (b *Bank) intended(id, thirdParty string) (*consent, error) {
	c, err := b.asked(id, thirdParty)
	if err == nil && (c.request.Intent == nil || c.request.renews != nil || c.request.Intent.withdrawn) {
		err = refuse(NotFound, "There is no such consent.")
	}
	return c, err
}

func (b *Bank) intentToken(token, thirdParty string) (*consent, error) {
	access := b.access[token]
	if access == nil || b.clock.real().After(access.expires) {
		return nil, errToken
	}
	c := access.consent
	if c.request == nil || c.request.Intent == nil || c.request.ThirdParty != thirdParty {
		return nil, errToken
	}
	switch b.authorisation(c).Status {
	case IntentAuthorised:
		return c, nil
	case IntentExpired:
		return nil, refuse(ConsentExpired, "The consent has expired. Please give it again.")
	default:
		return nil, refuse(ConsentRevoked, "The consent was revoked.")
	}
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

// grantIntent ends the authorisation of an intent, or the one by which its customer agrees once more. It gives where the
// browser goes.
func (b *Bank) grantIntent(c *consent) string {
	of, now := c, b.clock.now()
	if c.request.renews != nil {
		of = c.request.renews
		delete(b.consents, c.id)
	} else {
		c.validUntil = c.granted.AddDate(lasting, 0, 0)
		if lifetime, ok := b.who(c.login).Behaviour(config.BehaviourConsentLifetime); ok {
			c.validUntil = c.granted.AddDate(0, 0, lifetime.Days)
		}
		c.intend(func(i *Intent) { i.Changed = now })
	}
	of.intend(func(i *Intent) { i.Authenticated = now })
	of.request.acted = b.clock.today()
	b.noted(of)
	code := b.id("cod_")
	b.codes[code] = of
	return c.request.back(code, "")
}

// refuseIntent gives where the browser goes after a no. A no to agreeing once more changes nothing.
func (b *Bank) refuseIntent(c *consent) string {
	c.intend(func(i *Intent) { i.Changed = b.clock.now() })
	return c.request.back("", "access_denied")
}

// renewedBy reports whether a customer may agree once more: nobody else may.
func (r *Request) renewedBy(login string) bool {
	return r == nil || r.renews == nil || r.renews.login == login
}

// kept reports whether an account is among those of the consent that is agreed to once more.
func (r *Request) kept(a ledger.Account) bool {
	return r == nil || r.renews == nil || slices.Contains(r.renews.accounts, a.Ref)
}
