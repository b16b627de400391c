package bank

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
)

// Authorise has a third party's consent authorised by OAuth 2: the browser will be sent to returnURL, which has to be on
// the page that the consent was asked for with, with a code for the challenge (RFC 7636, S256). Refusals: NotFound,
// InvalidRequest.
func (b *Bank) Authorise(id, thirdParty, returnURL, state, challenge string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.asked(id, thirdParty)
	if err != nil {
		return err
	}
	if _, err := b.consentAt(id, StageLogIn); err != nil {
		return err
	}
	given, err1 := url.Parse(returnURL)
	known, err2 := url.Parse(c.request.ReturnURL)
	if err1 != nil || err2 != nil || given.Scheme != known.Scheme || given.Host != known.Host || given.Path != known.Path || challenge == "" {
		return refuse(InvalidRequest, "The return is not that of the consent, or the challenge is missing.")
	}
	c.request.ReturnURL, c.request.state, c.request.challenge = returnURL, state, challenge
	return nil
}

// ExchangeRequest gives tokens for a code of this third party's consent. Refusals as for Exchange.
func (b *Bank) ExchangeRequest(code, thirdParty, returnURL, verifier string) (Tokens, error) {
	b.mu.Lock()
	c := b.codes[code]
	sum := sha256.Sum256([]byte(verifier))
	proof := base64.RawURLEncoding.EncodeToString(sum[:])
	good := c != nil && c.request != nil && c.request.ThirdParty == thirdParty && c.request.ReturnURL == returnURL &&
		subtle.ConstantTimeCompare([]byte(proof), []byte(c.request.challenge)) == 1
	b.mu.Unlock()
	if !good {
		return Tokens{}, refuse(InvalidGrant, "The code is unknown, was used before, or is of another.")
	}
	return b.Exchange(code)
}

// RenewRequest gives new tokens for a refresh token of this third party. Refusals as for Renew.
func (b *Bank) RenewRequest(token, thirdParty string) (Tokens, error) {
	b.mu.Lock()
	c := b.refresh[token]
	good := c != nil && c.request != nil && c.request.ThirdParty == thirdParty
	b.mu.Unlock()
	if !good {
		return Tokens{}, refuse(InvalidGrant, "The refresh token is unknown or was used before.")
	}
	return b.Renew(token)
}

// shown reports whether an access token is good for a consent.
func (b *Bank) shown(token string, c *consent) bool {
	access := b.access[token]
	return access != nil && access.consent == c && !b.clock.real().After(access.expires)
}
