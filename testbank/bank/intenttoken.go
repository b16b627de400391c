package bank

import "github.com/tributary-dev/tributary/testbank/ledger"

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
