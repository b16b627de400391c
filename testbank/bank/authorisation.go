package bank

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Authorise has a third party's consent authorised by OAuth 2: the browser will be sent to returnURL, which has to be on
// the page that the consent was asked for with, with a code for the challenge, where there is one (RFC 7636, S256). Refusals: NotFound,
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
	if err1 != nil || err2 != nil || given.Scheme != known.Scheme || given.Host != known.Host || given.Path != known.Path {
		return refuse(InvalidRequest, "The return is not that of the consent.")
	}
	c.request.ReturnURL, c.request.state, c.request.challenge, c.request.oauth = returnURL, state, challenge, true
	return nil
}

// ExchangeRequest gives tokens for a code of this third party's consent. Refusals as for Exchange.
func (b *Bank) ExchangeRequest(code, thirdParty, returnURL, verifier string) (Tokens, error) {
	b.mu.Lock()
	c := b.codes[code]
	good := c != nil && c.request != nil && c.request.ThirdParty == thirdParty && c.request.ReturnURL == returnURL && c.request.proven(verifier)
	b.mu.Unlock()
	if !good {
		return Tokens{}, refuse(InvalidGrant, "The code is unknown, was used before, or is of another.")
	}
	return b.Exchange(code)
}

// proven checks the verifier of whoever began with a challenge (RFC 7636, S256).
func (r *Request) proven(verifier string) bool {
	if r.challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	proof := base64.RawURLEncoding.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(proof), []byte(r.challenge)) == 1
}

// RenewRequest gives new tokens for a refresh token of this third party. Refusals as for Renew.
func (b *Bank) RenewRequest(token, thirdParty string) (Tokens, error) {
	b.mu.Lock()
	c := b.renewable(token)
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
	if access == nil || b.clock.real().After(access.expires) {
		return false
	}
	of := access.consent
	leave := of.request != nil && of.request.access && of.request.ThirdParty == c.request.ThirdParty && of.login == c.login
	return of == c || leave && b.valid(of) == nil
}

// AskAccess begins what gives a third party a token before any consent. The customer logs in on the page of its id.
// Refusal: InvalidRequest.
func (b *Bank) AskAccess(thirdParty, returnURL, state, challenge string) (id string, err error) {
	if err := CheckReturnURL(returnURL); err != nil {
		return "", err
	}
	if thirdParty == "" {
		return "", refuse(InvalidRequest, "The third party is missing.")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep()
	request := Request{ThirdParty: thirdParty, ReturnURL: returnURL, RefuseURL: returnURL, ValidUntil: b.clock.today().AddDate(0, 0, 180), access: true, oauth: true, state: state, challenge: challenge, acted: b.clock.today()}
	c := &consent{id: b.id("acs_"), stage: StageLogIn, expires: b.clock.real().Add(requestLife), returnURL: returnURL, request: &request}
	b.consents[c.id] = c
	return c.id, nil
}

// Customer is who gave a third party this token before any consent; empty where nobody did.
func (b *Bank) Customer(token, thirdParty string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	access := b.access[token]
	if access == nil || access.consent.request == nil || !access.consent.request.access || access.consent.request.ThirdParty != thirdParty ||
		b.clock.real().After(access.expires) || b.valid(access.consent) != nil {
		return ""
	}
	return access.consent.login
}

// unconfirmed has the third party bring a code before the consent is good. It gives where the browser goes.
func (b *Bank) unconfirmed(c *consent) string {
	c.stage, c.request.code = StageUnconfirmed, b.id("")[:8]
	if c.request.Confirm == config.ConfirmationShown {
		return c.request.ReturnURL
	}
	return returnTo(c.request.ReturnURL, "", [2]string{"confirmationCode", c.request.code})
}

// Confirm takes the code of a consent; a wrong one ends it. Refusals: NotFound, InvalidRequest, WrongCode.
func (b *Bank) Confirm(id, thirdParty, code string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.asked(id, thirdParty)
	switch {
	case err != nil:
		return err
	case c.stage != StageUnconfirmed:
		return refuse(InvalidRequest, "There is nothing to confirm.")
	case subtle.ConstantTimeCompare([]byte(code), []byte(c.request.code)) != 1:
		c.stage = StageRefused
		return refuse(WrongCode, "This is another code. The consent was not given.")
	}
	c.stage = StageGranted
	b.grantRequest(c)
	return nil
}
