package bank

import (
	"slices"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

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
