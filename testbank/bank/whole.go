package bank

import (
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// Leave is what a third party says that the customer lets it read, of all the accounts that the bank lists for it: their
// refs. It is the third party's word for the customer: each one takes the place of the one before, whichever token it came
// with.
type Leave struct {
	Balances     []string `json:"balances"`
	Transactions []string `json:"transactions"`
	Identity     bool     `json:"identity,omitempty"`
}

// pair is a customer and a third party.
type pair struct{ login, thirdParty string }

func (c *consent) pair() pair { return pair{c.login, c.request.ThirdParty} }

func (c *consent) whole() bool { return c.request != nil && c.request.Whole }

func (b *Bank) refsOf(c *consent) []string {
	refs := []string{}
	for _, account := range b.shareable(c) {
		refs = append(refs, account.Ref)
	}
	return refs
}

// AuthorizeToken gives what a token lets its third party read of all payment accounts, and counts the call. Refusals as for
// Authorize.
func (b *Bank) AuthorizeToken(token, thirdParty string, use Use) (Grant, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.wholeOf(token, thirdParty)
	if c == nil {
		return Grant{}, err
	}
	grant := Grant{Login: c.login, Accounts: b.covered(c), Recent: c.request.Recent, view: ledger.View{Session: c.id, Consent: c.id, Generation: b.standings[c.login].generation}, consent: c.id}
	if leave, told := b.leaves[c.pair()]; told {
		grant.Leave = &leave
	}
	return b.admit(grant, use, err)
}

// wholeOf gives the consent of a token, also of one that is over: then with a refusal.
func (b *Bank) wholeOf(token, thirdParty string) (*consent, error) {
	access := b.access[token]
	if access == nil || !access.consent.whole() || access.consent.request.ThirdParty != thirdParty {
		return nil, errToken
	}
	err := b.valid(access.consent)
	if err == nil && b.clock.real().After(access.expires) {
		err = errToken
	}
	return access.consent, err
}

// Seen gives the accounts that a token is about, without reading any. Refusals: TokenExpired, ConsentExpired, Unavailable.
func (b *Bank) Seen(token, thirdParty string) ([]ledger.Account, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.wholeOf(token, thirdParty)
	if err == nil {
		err = b.up(c.login)
	}
	if err != nil {
		return nil, err
	}
	return b.covered(c), nil
}

// Tell takes a third party's word for what the customer lets it read. Refusals: TokenExpired, ConsentExpired, Unavailable.
func (b *Bank) Tell(token, thirdParty string, leave Leave) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.wholeOf(token, thirdParty)
	if err == nil {
		err = b.up(c.login)
	}
	if err != nil {
		return err
	}
	b.leaves[c.pair()] = leave
	for _, other := range b.consents {
		if other.whole() && other.stage == StageGranted && other.pair() == c.pair() {
			other.request.acted = b.clock.today()
			b.noted(other)
		}
	}
	return nil
}
