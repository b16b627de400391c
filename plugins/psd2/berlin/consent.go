package berlin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// consentRequest is the body of POST /v1/consents.
type consentRequest struct {
	Access     map[string]any `json:"access"`
	Recurring  bool           `json:"recurringIndicator"`
	ValidUntil string         `json:"validUntil"`
	Frequency  int            `json:"frequencyPerDay"`
	Combined   bool           `json:"combinedServiceIndicator"`
}

func (v *visit) request() consentRequest {
	// A day less than the bank allows: its day may have begun later than ours.
	until := v.Now().UTC().AddDate(0, 0, max(0, v.Bank.Consent.Days-1)).Format(time.DateOnly)
	if v.Bank.Has(untilLatest) {
		until = "9999-12-31"
	}
	return consentRequest{Access: v.access(), Recurring: true, ValidUntil: until, Frequency: v.Bank.Consent.FrequencyPerDay}
}

func (v *visit) access() map[string]any {
	everything := "allAccounts"
	if v.Bank.Consent.OwnerNames {
		everything = "allAccountsWithOwnerName"
	}
	chosen := []map[string]string{} // empty: the user chooses at the bank
	switch v.Bank.Consent.Model {
	case catalogue.Global:
		return map[string]any{"allPsd2": everything}
	case catalogue.AvailableAccounts:
		if v.Bank.Accounts.WithBalance {
			return map[string]any{"availableAccountsWithBalance": everything}
		}
		return map[string]any{"availableAccounts": everything}
	case catalogue.Detailed:
		for _, iban := range ibansOf(v.credentials[ibansField]) {
			chosen = append(chosen, map[string]string{"iban": iban})
		}
	}
	return map[string]any{"accounts": chosen, "balances": chosen, "transactions": chosen}
}

// standing is what the bank says of a consent.
type standing struct {
	Access     access `json:"access"`
	ValidUntil string `json:"validUntil"`
	Status     string `json:"consentStatus"`
}

type access struct {
	Accounts     []reference `json:"accounts"`
	Balances     []reference `json:"balances"`
	Transactions []reference `json:"transactions"`
	AllPsd2      string      `json:"allPsd2"`
	Available    string      `json:"availableAccounts"`
	WithBalance  string      `json:"availableAccountsWithBalance"`
}

// reference names an account in one of several ways.
type reference struct {
	IBAN      string `json:"iban"`
	BBAN      string `json:"bban"`
	PAN       string `json:"pan"`
	MaskedPAN string `json:"maskedPan"`
	Msisdn    string `json:"msisdn"`
	Currency  string `json:"currency"`
}

func (r reference) name() string {
	return record.Cut(cmp.Or(r.IBAN, r.BBAN, r.MaskedPAN, record.Masked(r.PAN), r.Msisdn), record.MaxID)
}

// settle asks the bank for the consent itself. Its validity is the bank's word, not what was asked for.
func (v *visit) settle(ctx context.Context) (sdk.Step, error) {
	var said standing
	ask := call{method: http.MethodGet, to: v.Line.Path("v1", "consents", v.at.Consent), psu: v.psu, bearer: v.at.Tokens.Access}
	if err := v.do(ctx, ask, &said); err != nil {
		return sdk.Step{}, failed(err, ask.bearer != "", false)
	}
	switch lower(said.Status) {
	case "valid":
		return v.ready(said), nil
	case "received":
		return *v.wait(""), nil
	case "partiallyauthorised":
		step := *v.wait("")
		step.Challenge.Message = sdk.Text{"en": "Another owner of the account has to agree at the bank.", "fr": "Un autre titulaire du compte doit donner son accord auprès de la banque."}
		return step, nil
	case "expired":
		return sdk.Step{}, refusal.Say(sdk.ChallengeExpired, errors.New("the consent expired before it was given"))
	case "rejected", "revokedbypsu", "terminatedbytpp":
		return sdk.Step{}, refusal.Say(sdk.Refused, errors.New("the consent was not given"))
	}
	return sdk.Step{}, sdk.Fail(sdk.BadData, errors.New("a consent in no known state"))
}

func (v *visit) ready(said standing) sdk.Step {
	kept := secrets{Consent: v.at.Consent, ValidUntil: said.ValidUntil, Given: v.Now().UTC(), Tokens: v.at.Tokens, Server: v.at.Server, Client: v.Identity.ClientID}
	ready := kept.ready()
	ready.Consent = said.agreed(kept.Consent)
	return sdk.Step{Ready: &ready}
}

// ready goes on under a consent of which nothing new is known.
func (s secrets) ready() sdk.Ready {
	consent := &sdk.Consent{ID: record.Cut(s.Consent, record.MaxID), ValidUntil: lastDay(s.ValidUntil)}
	return sdk.Ready{State: sdk.Pack(bundleVersion, state{Consent: s.Consent}), Secrets: sdk.Pack(bundleVersion, s), Consent: consent}
}

// lastDay reads the end of a consent; "as long as possible" is no day.
func lastDay(text string) time.Time { return record.Instant("", text) }

// agreed is the consent in the contract's words.
func (r standing) agreed(id string) *sdk.Consent {
	out := &sdk.Consent{ID: record.Cut(id, record.MaxID), ValidUntil: lastDay(r.ValidUntil)}
	a := r.Access
	all := a.AllPsd2 != ""
	for scope, has := range map[sdk.Scope]bool{
		sdk.ScopeAccounts:     true,
		sdk.ScopeBalances:     all || len(a.Balances) > 0 || a.WithBalance != "",
		sdk.ScopeTransactions: all || len(a.Transactions) > 0,
	} {
		if has {
			out.Scopes = append(out.Scopes, scope)
		}
	}
	slices.Sort(out.Scopes)
	for _, ref := range slices.Concat(a.Accounts, a.Balances, a.Transactions) {
		if name := ref.name(); name != "" && !slices.Contains(out.Accounts, name) && len(out.Accounts) < record.MaxAccounts {
			out.Accounts = append(out.Accounts, name)
		}
	}
	return out
}

// status asks how the authorisation stands.
func (v *visit) status(ctx context.Context) (p progress, to *url.URL, err error) {
	to, err = url.Parse(v.at.Status)
	if err != nil || !v.Line.Allows(to) {
		return p, nil, sdk.Fail(sdk.SecretUnreadable, errors.New("a session that leads nowhere"))
	}
	ask := call{method: http.MethodGet, to: to, psu: v.psu, bearer: v.at.Tokens.Access}
	return p, to, failed(v.do(ctx, ask, &p), ask.bearer != "", false)
}

// look asks whether the bank has gone on by itself.
func (v *visit) look(ctx context.Context) (sdk.Step, error) {
	if v.at.Status == "" {
		return v.settle(ctx)
	}
	p, _, err := v.status(ctx)
	switch {
	case err != nil:
		return sdk.Step{}, err
	case slices.Contains([]string{"finalised", "exempted"}, lower(p.ScaStatus)):
		return v.settle(ctx)
	case lower(p.ScaStatus) == "failed":
		return sdk.Step{}, refusal.Say(sdk.Refused, errors.New("the authorisation has failed"))
	}
	return *v.ask(sdk.Challenge{Type: sdk.ChallengeDecoupled, PollAfter: pollAfter, Message: v.at.Text}), nil
}

// End revokes the consent where that is asked; without that there is nothing to close.
func (d *Dialect) End(ctx context.Context, req sdk.EndRequest) error {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return err
	}
	if !req.Revoke || kept.Consent == "" {
		return nil
	}
	return d.revoke(ctx, kept)
}

func (d *Dialect) revoke(ctx context.Context, kept secrets) error {
	bearer := kept.Tokens.Access
	if kept.Tokens.Refresh != "" && kept.Tokens.Over(d.Now()) {
		return sdk.Fail(sdk.SecretStale, errors.New("the token is over"))
	}
	_, err := d.send(ctx, call{method: http.MethodDelete, to: d.Line.Path("v1", "consents", kept.Consent), bearer: bearer})
	var r *refused
	if errors.As(err, &r) && (r.means(bearer != "") == refusal.ConsentOver || r.means(bearer != "") == refusal.Gone) {
		return nil // as good as revoked
	}
	return failed(err, bearer != "", kept.Tokens.Refresh != "")
}
