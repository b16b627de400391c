package bank

import (
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// Request is what a third party asks for over the PSD2 interface.
type Request struct {
	// ThirdParty is the authorisation number in its certificate: a consent is nobody else's.
	ThirdParty string
	// ReturnURL and RefuseURL are where the page sends the browser; they get nothing added.
	ReturnURL, RefuseURL string
	// ValidUntil is the day asked for; the bank shortens it to what it allows.
	ValidUntil time.Time
	Recurring  bool
	// IBANs are the accounts asked for; without any the customer chooses among all.
	IBANs []string
	// List says that a list of the accounts is asked for and nothing else, Balances that balances are in it.
	List, Balances bool
	// Confirm says whether the third party has to bring a code that the customer gets.
	Confirm config.Confirmation
	// Customer proved to be the customer before, and gave the third party a token for it.
	Customer string

	// Whole says that the customer lets all payment accounts be seen and chooses none: STET. Recent is how many days of rows may
	// be read then; 0 for all.
	Whole  bool
	Recent int
	// Lasting says that the refresh token is good as long as the consent, and not for one time.
	Lasting bool
	// Tokens says that every call has to show a token that the consent was exchanged for.
	Tokens bool

	// Intent is what UK Open Banking asks for; nil in the other standards.
	Intent *Intent

	// back gives where the browser goes in the end of an intent; renews is the intent that is agreed to once more.
	back   func(code, refused string) string
	renews *consent

	// access says that it is asked for such a token, code what confirms a consent.
	access bool
	code   string
	// oauth says that it is authorised by OAuth, whose return gets a code; state and challenge are its own, the latter empty
	// without PKCE.
	oauth                bool
	state, challenge     string
	replaced, identified bool
	acted                time.Time
}

// about reports whether an account is among those that were asked for.
func (r *Request) about(a ledger.Account) bool {
	return r == nil || len(r.IBANs) == 0 || slices.ContainsFunc(r.IBANs, func(iban string) bool { return a.IBAN != "" && compact(iban) == compact(a.IBAN) })
}

func compact(iban string) string { return strings.ToUpper(strings.ReplaceAll(iban, " ", "")) }

var errToken = refuse(TokenExpired, "The access token is unknown or has expired.")

// Agreement is how a consent of a third party stands.
type Agreement struct {
	Consent
	Request
	// Over says that it was good once: replaced, ended by time, or ended by the bank.
	Over bool
	// OnPage says that the customer logged in on the bank's page, and chooses the accounts there.
	OnPage bool
	// Acted is the bank's day of what last happened to it.
	Acted    time.Time
	Accounts []ledger.Account
}

// Ask begins a consent of a third party. Refusal: InvalidRequest.
func (b *Bank) Ask(r Request) (Agreement, error) {
	for _, address := range []string{r.ReturnURL, r.RefuseURL} {
		if err := CheckReturnURL(address); address != "" && err != nil {
			return Agreement{}, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep()
	r.acted = b.clock.today()
	c := &consent{id: b.id("cst_"), stage: StageLogIn, expires: b.clock.real().Add(requestLife), returnURL: r.ReturnURL, request: &r}
	if r.Customer != "" {
		c.login, c.stage = r.Customer, StageAccounts
	}
	b.consents[c.id] = c
	return b.agreement(c), nil
}

// Agreement tells how a consent of this third party stands. Refusal: NotFound, also for a consent of another.
func (b *Bank) Agreement(id, thirdParty string) (Agreement, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.asked(id, thirdParty)
	if err != nil {
		return Agreement{}, err
	}
	return b.agreement(c), nil
}

func (b *Bank) asked(id, thirdParty string) (*consent, error) {
	c := b.consents[id]
	if c == nil || c.request == nil || c.request.access || c.request.ThirdParty != thirdParty {
		return nil, refuse(NotFound, "There is no such consent.")
	}
	return c, nil
}

func (b *Bank) agreement(c *consent) Agreement {
	undecided := c.stage == StageLogIn || c.stage == StageChallenge || c.stage == StageAccounts
	late := undecided && b.clock.real().After(c.expires)
	return Agreement{
		Consent: b.consentView(c), Request: *c.request, Acted: c.request.acted, Accounts: b.covered(c), OnPage: !c.request.identified,
		Over: c.request.replaced || late || c.stage == StageGranted && b.valid(c) != nil,
	}
}

// grantRequest ends the authorisation of a third party's consent. A new recurring one takes the place of the one before,
// as the standard has it. It gives where the browser goes.
func (b *Bank) grantRequest(c *consent) string {
	if c.request.Intent != nil {
		return b.grantIntent(c)
	}
	if until := c.request.ValidUntil; until.Before(c.validUntil) {
		c.validUntil = until
	}
	c.request.acted = b.clock.today()
	for _, other := range b.consents {
		if c.request.access || other.request != nil && other.request.access {
			continue
		}
		same := other != c && other.request != nil && other.login == c.login && other.request.ThirdParty == c.request.ThirdParty
		if same && other.stage == StageGranted && other.request.Recurring && c.request.Recurring {
			other.stage, other.request.replaced, other.request.acted = StageRevoked, true, c.request.acted
			b.noted(other)
		}
	}
	b.noted(c)
	if !c.request.oauth {
		return c.request.ReturnURL
	}
	code := b.id("cod_")
	b.codes[code] = c
	return returnTo(c.request.ReturnURL, c.request.state, [2]string{"code", code})
}

// refuseRequest gives where the browser goes after a no.
func (c *consent) refuseRequest() string {
	if !c.request.oauth {
		return c.request.RefuseURL
	}
	return returnTo(c.request.ReturnURL, c.request.state, [2]string{"error", "access_denied"})
}

// Identify names the customer of a consent whose third party asks the bank to go on by the customer's phone. Refusals:
// NotFound, CodeExpired, InvalidRequest, WrongPassword.
func (b *Bank) Identify(id, login string) (Consent, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.consentAt(id, StageLogIn)
	if err != nil {
		return Consent{}, err
	}
	p, known := b.personas[login]
	if !known {
		return Consent{}, refuse(WrongPassword, "There is no such customer.")
	}
	c.request.identified = true
	c.login, c.stage, c.challenge = p.Login, StageChallenge, b.openChallenge(p, "sharing your accounts")
	return b.consentView(c), nil
}

// Prove is the customer's log-in where the third party asked for the password. Refusals as for ConsentLogIn.
func (b *Bank) Prove(id, login, password string) (Consent, error) {
	view, err := b.ConsentLogIn(id, login, password)
	if err != nil {
		return view, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.consents[id]; c != nil && c.request != nil {
		c.request.identified = true
	}
	return view, nil
}

// GrantAll is the customer's yes to every account, where the proof of being the customer was the yes: without the bank's
// page there is nothing to choose on. Refusals: NotFound, CodeExpired, InvalidRequest.
func (b *Bank) GrantAll(id string) error {
	consent, err := b.Consent(id)
	if err != nil {
		return err
	}
	var all []string
	for _, account := range consent.Accounts {
		all = append(all, account.ID)
	}
	_, err = b.Grant(id, all)
	return err
}

// Terminate ends a consent for its third party, which shows its access token where the consent has one. Refusals: NotFound,
// TokenExpired.
func (b *Bank) Terminate(id, thirdParty, token string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.asked(id, thirdParty)
	switch {
	case err != nil:
		return err
	case c.stage == StageGranted && c.request.Tokens && !b.shown(token, c):
		return errToken
	}
	c.stage, c.request.acted = StageRevoked, b.clock.today()
	b.noted(c)
	return nil
}

// AuthorizeRequest gives what a consent of this third party may read, and counts the call. token is the access token that
// was shown, where the bank wants one. Refusals as for Authorize, and
// InvalidRequest for a consent that was not given yet.
func (b *Bank) AuthorizeRequest(id, thirdParty, token string, use Use) (Grant, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.asked(id, thirdParty)
	switch {
	case err != nil:
		return Grant{}, err
	case c.stage == StageGranted && c.request.Tokens && !b.shown(token, c):
		return Grant{}, errToken
	case !slices.Contains([]Stage{StageGranted, StageRevoked}, c.stage):
		return Grant{}, refuse(InvalidRequest, "The consent was not given yet.")
	case c.request.List && use.Scope != ScopeAccounts:
		return Grant{}, refuse(InvalidRequest, "The consent is for a list of accounts.")
	}
	err = b.valid(c)
	view := ledger.View{Session: c.id, Consent: c.id, Generation: b.standings[c.login].generation}
	return b.admit(Grant{Login: c.login, Accounts: b.covered(c), view: view, consent: c.id}, use, err)
}
