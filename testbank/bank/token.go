package bank

import (
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// accessToken reads what its consent covers until it expires, in real time.
type accessToken struct {
	consent *consent
	expires time.Time
}

// Tokens are what a code or a refresh token is exchanged for. Both tokens are secrets.
type Tokens struct {
	Access, Refresh string
	ExpiresIn       time.Duration
	ConsentID       string
	Login           string // the customer's
	Accounts        []string
	ValidUntil      time.Time
}

// Exchange gives tokens for the code of a return; a code works once. Refusals: InvalidGrant, Unavailable.
func (b *Bank) Exchange(code string) (tokens Tokens, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.codes[code]
	if c == nil {
		return Tokens{}, refuse(InvalidGrant, "The code is unknown or was used before.")
	}
	defer func() { b.visited(Visit{Login: c.login, What: visitToken, Consent: c.id}, err) }()
	if err := b.up(c.login); err != nil {
		return Tokens{}, err // before the code is spent
	}
	delete(b.codes, code)
	return b.issue(c)
}

// Renew gives new tokens for a refresh token, which works once, or as long as the consent where that was asked for: then there
// is no other one. Refusals: InvalidGrant, ConsentExpired, Unavailable.
func (b *Bank) Renew(token string) (tokens Tokens, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.refresh[token]
	if c == nil {
		c = b.restore(token)
	}
	if c == nil {
		return Tokens{}, refuse(InvalidGrant, "The refresh token is unknown or was used before.")
	}
	defer func() { b.visited(Visit{Login: c.login, What: visitRenew, Consent: c.id}, err) }()
	b.refresh[token] = c // a restored one too, so that it is still good when the bank is back
	if err := b.up(c.login); err != nil {
		return Tokens{}, err
	}
	delete(b.refresh, token)
	tokens, err = b.issue(c)
	if err == nil && c.request != nil && c.request.Lasting {
		delete(b.refresh, tokens.Refresh)
		b.refresh[token], tokens.Refresh = c, ""
	}
	if err == nil {
		b.stats[c.login].TokensRefreshed++
	}
	return tokens, err
}

func (b *Bank) issue(c *consent) (Tokens, error) {
	if err := b.valid(c); err != nil {
		return Tokens{}, err
	}
	refresh, err := b.refreshToken(c)
	if err != nil {
		return Tokens{}, err
	}
	life := time.Duration(b.File.Bank.TokenLife)
	tokens := Tokens{
		Access: b.id("acc_"), Refresh: refresh, ExpiresIn: life, ConsentID: c.id, Login: c.login, Accounts: b.idsOf(c),
		ValidUntil: c.validUntil,
	}
	b.access[tokens.Access] = &accessToken{consent: c, expires: b.clock.real().Add(life)}
	b.refresh[tokens.Refresh] = c
	return tokens, nil
}

// EndTokens ends the access tokens of a customer before their time; consents and refresh tokens live on. It reports whether
// there is such a customer.
func (b *Bank) EndTokens(login string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, access := range b.access {
		if access.consent.login == login {
			access.expires = time.Time{}
		}
	}
	_, known := b.personas[login]
	return known
}

func (b *Bank) valid(c *consent) error {
	if c.stage != StageGranted || b.clock.today().After(c.validUntil) || b.consentEnded(c.login, c.granted) || c.request != nil && c.request.Intent.over(b.clock.now()) {
		return refuse(ConsentExpired, "The consent has ended. Please give it again.")
	}
	return nil
}

// Revoke ends the consent that an access or refresh token belongs to. Refusal: NotFound.
func (b *Bank) Revoke(id, token string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.refresh[token]
	if access := b.access[token]; access != nil {
		c = access.consent
	}
	if c == nil {
		c = b.restore(token)
	}
	if c == nil || c.id != id {
		return refuse(NotFound, "There is no such consent.")
	}
	c.stage = StageRevoked
	return nil
}

// Grant is what one session or access token may read.
type Grant struct {
	Login    string
	Accounts []ledger.Account
	// Leave is what the third party said that it may read of them, where it has to say so; nil where it said nothing. Recent is
	// how many days of rows may be read; 0 for all.
	Leave  *Leave
	Recent int

	view    ledger.View
	consent string
}

// Authorize gives what a session id or an access token may read, and counts the call. Refusals: SessionExpired,
// ChallengeOpen, TokenExpired, ConsentExpired, NotFound, AccountClosed, AccountUnavailable, Unavailable, QuotaExceeded.
func (b *Bank) Authorize(credential string, use Use) (found Grant, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	grant, err := b.grant(credential)
	return b.admit(grant, use, err)
}

// admit lets a call for data in, and counts it.
func (b *Bank) admit(grant Grant, use Use, err error) (found Grant, failed error) {
	defer func() {
		b.visited(Visit{
			Login: grant.Login, What: visitRead, Scope: use.Scope, Account: use.Account, Consent: grant.consent,
			Attended: use.Attended, Continued: use.Continued,
		}, failed)
	}()
	if err == nil {
		err = b.up(grant.Login)
	}
	if err == nil && use.Account != "" {
		err = b.reads(grant, use)
	}
	if err == nil {
		err = b.spend(grant.Login, use)
	}
	if err != nil {
		return Grant{}, err
	}
	b.stats[grant.Login].DataCalls++
	return grant, nil
}

// reach gives the account that the grant's holder knows by an id.
func (g Grant) reach(id string) (ledger.Account, bool) {
	for _, a := range g.Accounts {
		if a.ID == id {
			return a, true
		}
	}
	return ledger.Account{}, false
}

// reads refuses what cannot be read of an account. Refusals: NotFound, AccountClosed, AccountUnavailable.
func (b *Bank) reads(g Grant, use Use) error {
	account, found := g.reach(use.Account)
	if !found {
		return refuse(NotFound, "There is no such account.")
	}
	failing := b.Book.Failing(account.Ref, b.clock.today())
	switch {
	case account.Status == ledger.Closed:
		return refuse(AccountClosed, "The account is closed.")
	case failing == config.ScopeAll, failing == config.ScopeBalances && use.Scope == ScopeBalances,
		failing == config.ScopeTransactions && use.Scope == ScopeTransactions:
		return refuse(AccountUnavailable, "This account cannot be shown for now.")
	}
	return nil
}

func (b *Bank) grant(credential string) (Grant, error) {
	if token := b.access[credential]; token != nil {
		return b.tokenGrant(credential, token)
	}
	s := b.sessions[credential]
	if s == nil || b.clock.real().After(s.expires) {
		return Grant{}, refuse(SessionExpired, "Please log in again.")
	}
	if err := b.unfinished(s); err != nil {
		return Grant{}, err
	}
	view := ledger.View{Session: credential, Consent: credential, Generation: b.standings[s.login].generation}
	return Grant{Login: s.login, Accounts: b.Book.Accounts(s.login, b.clock.today(), view), view: view}, nil
}

func (b *Bank) tokenGrant(credential string, token *accessToken) (Grant, error) {
	c := token.consent
	if err := b.valid(c); err != nil {
		return Grant{}, err
	}
	if b.clock.real().After(token.expires) {
		return Grant{}, refuse(TokenExpired, "The access token has expired.")
	}
	view := ledger.View{Session: credential, Consent: c.id, Generation: b.standings[c.login].generation}
	return Grant{Login: c.login, Accounts: b.covered(c), view: view, consent: c.id}, nil
}

// Statement gives an account of the grant as of the bank's day. Refusal: NotFound.
func (b *Bank) Statement(g Grant, id string) (ledger.Statement, error) {
	account, found := g.reach(id)
	if !found {
		return ledger.Statement{}, refuse(NotFound, "There is no such account.")
	}
	statement, _ := b.Book.Statement(account.Ref, b.Today())
	view := g.view
	view.Oldest = b.oldest(g.Login, account.Ref)
	return statement.Seen(view), nil
}

// oldest is the first day that is shown of an account, where the bank shows all of it only for a while after the
// customer's authentication.
func (b *Bank) oldest(login, ref string) time.Time {
	feed := b.Book.Feed(ref)
	if feed.RecentDays == 0 {
		return time.Time{}
	}
	b.mu.Lock()
	since := b.standings[login].authenticated
	b.mu.Unlock()
	if b.clock.now().Sub(since) <= time.Duration(feed.FullHistory) {
		return time.Time{}
	}
	return b.clock.today().AddDate(0, 0, -feed.RecentDays)
}
