package bank

import (
	"net/url"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// Stage is how far a consent is on the bank's page.
type Stage string

// The stages of a consent. The page asks for the log-in, then perhaps a challenge, then the accounts.
const (
	StageLogIn     Stage = "LOG_IN"
	StageChallenge Stage = "CHALLENGE"
	StageAccounts  Stage = "ACCOUNTS"
	StageGranted   Stage = "GRANTED"
	// StageUnconfirmed waits for the third party to bring the code that the customer got.
	StageUnconfirmed Stage = "UNCONFIRMED"
	StageRefused     Stage = "REFUSED"
	StageRevoked     Stage = "REVOKED"
)

// requestLife is how long a customer has to decide on the bank's page.
const requestLife = 15 * time.Minute

// consent is a customer's leave to read accounts. Its request expires in real time, the consent in the bank's.
type consent struct {
	id               string
	returnURL, state string
	expires          time.Time
	stage            Stage
	login            string
	challenge        *challenge
	accounts         []string // their refs
	validUntil       time.Time
	granted          time.Time // the bank's day
	request          *Request  // of a third party, nil in the small API
	old              bool      // from before a restart
}

// Consent is how a consent stands.
type Consent struct {
	ID         string
	Stage      Stage
	Holder     string
	Challenge  *Challenge
	Accounts   []ledger.Account // those the customer may choose from, from StageAccounts on
	Granted    []string
	ExpiresAt  time.Time // of the request
	ValidUntil time.Time // of the consent, zero before it is granted
	// Access says that the customer lets a third party ask for consents, and shares nothing yet.
	Access bool
	// Whole says that all accounts are shared, and none is chosen.
	Whole bool
	// Permissions are what UK Open Banking asks for by name, and Again says that the customer agrees to it once more.
	Permissions []string
	Again       bool
	// Code is what the page shows for the third party, where the bank does it so.
	Code string
}

// OpenConsent begins a consent that will send the browser back to returnURL. Refusal: InvalidRequest.
func (b *Bank) OpenConsent(returnURL, state string) (Consent, error) {
	if err := CheckReturnURL(returnURL); err != nil {
		return Consent{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep()
	c := &consent{id: b.id("cst_"), returnURL: returnURL, state: state, stage: StageLogIn, expires: b.clock.real().Add(requestLife)}
	b.consents[c.id] = c
	return b.consentView(c), nil
}

// CheckReturnURL refuses addresses that a browser must not be sent to.
func CheckReturnURL(text string) error {
	address, err := url.Parse(text)
	web := err == nil && (address.Scheme == "https" || address.Scheme == "http")
	if !web || address.Host == "" || address.User != nil || len(text) > 2000 {
		return refuse(InvalidRequest, "The return_url must be an absolute http or https address.")
	}
	return nil
}

// Consent tells how a consent stands; an approval on the phone goes on by being asked for. Refusals: NotFound,
// CodeExpired, ApprovalRefused, TooManyCodes.
func (b *Bank) Consent(id string) (Consent, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.consent(id)
	if err != nil {
		return Consent{}, err
	}
	if c.stage == StageChallenge {
		if err := c.challenge.poll(b.clock.real()); err != nil {
			return Consent{}, err
		}
		b.advance(c)
	}
	return b.consentView(c), nil
}

// ConsentLogIn is the first step on the bank's page. Refusals: NotFound, CodeExpired, InvalidRequest, and those of LogIn.
func (b *Bank) ConsentLogIn(id, login, password string) (Consent, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.consentAt(id, StageLogIn)
	if err != nil {
		return Consent{}, err
	}
	p, err := b.persona(login, password)
	if err != nil {
		return Consent{}, err
	}
	if !c.request.renewedBy(p.Login) {
		return Consent{}, refuse(WrongPassword, "Another customer gave this consent.")
	}
	c.login, c.stage = p.Login, StageAccounts
	switch p.Challenge.Kind {
	case config.ChallengeSMSCode, config.ChallengeApproval, config.ChallengeOptions, config.ChallengeImage, config.ChallengeQuestion:
		c.stage, c.challenge = StageChallenge, b.openChallenge(p, "sharing your accounts")
	default: // the customer is on the bank's page already
		b.stats[p.Login].Logins++
	}
	return b.consentView(c), nil
}

// ConsentAnswer answers the challenge. Refusals as for Answer.
func (b *Bank) ConsentAnswer(id string, answer Answer) (Consent, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.consentAt(id, StageChallenge)
	if err != nil {
		return Consent{}, err
	}
	if err := c.challenge.try(answer, b.clock.real(), b.stats[c.login]); err != nil {
		return Consent{}, err
	}
	b.advance(c)
	return b.consentView(c), nil
}

// advance goes on to the accounts when the challenge is passed.
func (b *Bank) advance(c *consent) {
	if c.challenge.verdict != passed {
		return
	}
	delete(b.challenges, c.challenge.id)
	c.challenge, c.stage = nil, StageAccounts
	b.stats[c.login].Logins++
}

// Grant is the customer's yes to the chosen accounts. It gives the address that the browser goes back to. Refusals:
// NotFound, CodeExpired, InvalidRequest.
func (b *Bank) Grant(id string, accounts []string) (returnURL string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.consentAt(id, StageAccounts)
	if err != nil {
		return "", err
	}
	chosen := []string{}
	for _, account := range b.shareable(c) {
		if slices.Contains(accounts, account.ID) {
			chosen = append(chosen, account.Ref)
		}
	}
	access := c.request != nil && c.request.access
	if c.whole() {
		chosen = b.refsOf(c)
	}
	if len(chosen) == 0 && !access && !c.whole() {
		return "", refuse(InvalidRequest, "Choose at least one account.")
	}
	c.stage, c.accounts = StageGranted, chosen
	c.granted = b.clock.today()
	c.validUntil = c.granted.AddDate(0, 0, b.consentDays(c.login))
	b.authenticated(c.login)
	if !access {
		b.stats[c.login].ConsentsGranted++
	}
	switch {
	case c.request != nil && c.request.Confirm != config.ConfirmationNone && c.request.Confirm != "":
		return b.unconfirmed(c), nil
	case c.request != nil:
		return b.grantRequest(c), nil
	}
	code := b.id("cod_")
	b.codes[code] = c
	return returnTo(c.returnURL, c.state, [2]string{"code", code}), nil
}

// consentDays is how long a consent of the persona is valid.
func (b *Bank) consentDays(login string) int {
	if lifetime, ok := b.who(login).Behaviour(config.BehaviourConsentLifetime); ok {
		return lifetime.Days
	}
	return b.File.Bank.ConsentDays
}

// Refuse is the customer's no, at any step before the yes. Refusals: NotFound, CodeExpired, InvalidRequest.
func (b *Bank) Refuse(id string) (returnURL string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.consentAt(id, StageLogIn, StageChallenge, StageAccounts)
	if err != nil {
		return "", err
	}
	if c.challenge != nil {
		delete(b.challenges, c.challenge.id)
	}
	c.stage = StageRefused
	switch {
	case c.request != nil && c.request.Intent != nil:
		return b.refuseIntent(c), nil
	case c.request != nil:
		return c.refuseRequest(), nil
	}
	return returnTo(c.returnURL, c.state, [2]string{"error", "access_denied"}), nil
}

// shareable gives the accounts that a consent can be about: PSD2 reaches payment accounts only.
func (b *Bank) shareable(c *consent) []ledger.Account {
	accounts := b.Book.Accounts(c.login, b.clock.today(), ledger.View{Consent: c.id})
	return slices.DeleteFunc(accounts, func(a ledger.Account) bool { return !a.Type.Payment() || !c.request.about(a) || !c.request.kept(a) })
}

// covered gives the accounts that a consent is about, as they are now.
func (b *Bank) covered(c *consent) []ledger.Account {
	return slices.DeleteFunc(b.shareable(c), func(a ledger.Account) bool { return !c.whole() && !slices.Contains(c.accounts, a.Ref) })
}

func (b *Bank) idsOf(c *consent) []string {
	ids := []string{}
	for _, account := range b.covered(c) {
		ids = append(ids, account.ID)
	}
	return ids
}

func (b *Bank) consent(id string) (*consent, error) {
	c := b.consents[id]
	if c == nil || c.request != nil && c.request.Intent != nil && c.request.back == nil { // nobody was sent to agree to it
		return nil, refuse(NotFound, "There is no such consent.")
	}
	undecided := c.stage == StageLogIn || c.stage == StageChallenge || c.stage == StageAccounts
	if undecided && b.clock.real().After(c.expires) {
		return nil, refuse(CodeExpired, "The request has expired. Please start again.")
	}
	return c, nil
}

func (b *Bank) consentAt(id string, stages ...Stage) (*consent, error) {
	c, err := b.consent(id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(stages, c.stage) {
		return nil, refuse(InvalidRequest, "This step is over, or its turn has not come.")
	}
	return c, nil
}

func (b *Bank) consentView(c *consent) Consent {
	view := Consent{
		ID: c.id, Stage: c.stage, Holder: b.personas[c.login].Holder, Granted: b.idsOf(c),
		ExpiresAt: c.expires, ValidUntil: c.validUntil,
	}
	if c.challenge != nil {
		view.Challenge = c.challenge.view()
	}
	if c.stage == StageAccounts {
		view.Accounts = b.shareable(c)
	}
	if c.request != nil {
		view.Access, view.Whole, view.Again = c.request.access, c.request.Whole, c.request.renews != nil
		if c.request.Intent != nil {
			view.Permissions = c.request.Intent.Permissions
		}
		if c.stage == StageUnconfirmed && c.request.Confirm == config.ConfirmationShown {
			view.Code = c.request.code
		}
	}
	return view
}

// returnTo adds state and answer to an address, whatever it carries already.
func returnTo(address, state string, answer [2]string) string {
	target, err := url.Parse(address)
	if err != nil {
		return address // cannot happen: it was parsed when it was accepted
	}
	query := target.Query()
	if state != "" {
		query.Set("state", state)
	}
	query.Set(answer[0], answer[1])
	target.RawQuery = query.Encode()
	return target.String()
}
