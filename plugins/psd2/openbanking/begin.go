package openbanking

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tributary-dev/tributary/plugins/psd2/oidc"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/psd2/token"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// consentRequest is the body of POST /account-access-consents.
type consentRequest struct {
	Data struct {
		Permissions []string `json:"Permissions"`
		Expires     string   `json:"ExpirationDateTime,omitempty"`
	} `json:"Data"`
	Risk struct{} `json:"Risk"`
}

// consent is what the bank says of one.
type consent struct {
	Data struct {
		ID          string   `json:"ConsentId"`
		Status      string   `json:"Status"`
		Expires     string   `json:"ExpirationDateTime"`
		Permissions []string `json:"Permissions"`
	} `json:"Data"`
}

// Begin goes on with an earlier consent, or asks for a new one: where there is none yet, or where the user is there to
// give another because the bank's is over. The bank's consent lives on when ours ends after 90 days: a user who confirms
// it to us has nothing to do at the bank.
func (d *Dialect) Begin(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return sdk.Step{}, err
	}
	if req.PSU == nil {
		if kept.Consent == "" {
			return sdk.Step{}, sdk.Fail(sdk.ChallengeRequired, errors.New("there is no consent"))
		}
		return d.goesOn(kept, there{}), nil
	}
	us := there{req.PSU, d.Now().UTC()}
	bearer, err := d.ourselves(ctx)
	if kept.Consent != "" && (bearer == "" || !d.over(ctx, us, kept, bearer)) {
		return d.goesOn(kept, us), nil // whether it is good the first call for data will tell
	}
	if err != nil {
		return sdk.Step{}, err
	}
	return d.agree(ctx, us, bearer, req)
}

func (d *Dialect) goesOn(kept secrets, us there) sdk.Step {
	ready := kept.ready(us)
	ready.Secrets = sdk.Bundle{} // what is kept stays
	return sdk.Step{Ready: &ready}
}

// over asks the bank whether a consent has ended.
func (d *Dialect) over(ctx context.Context, us there, kept secrets, bearer string) bool {
	if end := record.Instant(kept.Expires, ""); !end.IsZero() && !d.Now().Before(end) {
		return true // 3.1.11 has no word for that
	}
	var said consent
	err := d.read(ctx, call{to: d.path("account-access-consents", kept.Consent), bearer: bearer, there: us}, &said)
	if n, refused := errors.AsType[*refusal.No](err); refused {
		return n.Means == refusal.Gone || n.Means == refusal.ConsentOver
	}
	return err == nil && slices.Contains([]string{"Rejected", "Revoked", "Expired", "RJCT", "CANC", "EXPD"}, said.Data.Status)
}

// behind is how much a bank's clock may be: one that allows so many days counts them by its own.
const behind = time.Minute

// agree creates a consent and sends the user to the bank's page.
func (d *Dialect) agree(ctx context.Context, us there, bearer string, req sdk.BeginRequest) (sdk.Step, error) {
	var body consentRequest
	body.Data.Permissions = d.Bank.Consent.Permissions
	if d.Bank.Has(consentExpires) {
		body.Data.Expires = d.Now().UTC().Add(-behind).AddDate(0, 0, d.Bank.Consent.Days).Format(time.RFC3339)
	}
	var said consent
	if err := d.read(ctx, call{method: http.MethodPost, to: d.path("account-access-consents"), bearer: bearer, body: body, there: us}, &said); err != nil {
		return sdk.Step{}, judged(err)
	}
	switch {
	case said.Data.ID == "":
		return sdk.Step{}, sdk.Fail(sdk.BadData, errors.New("a consent without id"))
	case !slices.Contains([]string{"", "AwaitingAuthorisation", "AWAU"}, said.Data.Status):
		return sdk.Step{}, sdk.Fail(sdk.BadData, errors.New("a consent that does not wait to be given"))
	}
	at := state{
		Consent: said.Data.ID, Expires: said.Data.Expires, Permissions: said.Data.Permissions, Seen: us.since,
		Verifier: token.Verifier(), ReturnURL: req.ReturnURL, ReturnState: req.ReturnState, Nonce: token.Verifier(),
	}
	if len(at.Permissions) == 0 {
		at.Permissions = body.Data.Permissions
	}
	var err error
	if at.Page, err = d.page(ctx, at); err != nil {
		return sdk.Step{}, err
	}
	return asked(at), nil
}

// page is where the user authorises: everything that it is asked is in a signed request.
func (d *Dialect) page(ctx context.Context, at state) (string, error) {
	server, said, err := d.tokens(ctx)
	if err != nil {
		return "", err
	}
	page, err := url.Parse(server.Page(at.ReturnState, at.Verifier, at.ReturnURL, d.Bank.OAuth.Scope))
	if err != nil {
		return "", sdk.Fail(sdk.BadData, errors.New("a page that is no address"))
	}
	query := page.Query()
	query.Set("nonce", at.Nonce)
	page.RawQuery = query.Encode()
	id, err := uuid.NewRandomFromReader(d.Random)
	if err != nil {
		return "", sdk.Fail(sdk.Technical, err)
	}
	intent := map[string]any{"value": at.Consent, "essential": true}
	signed, err := d.signer.Request(page.String(), said.Issuer, id.String(), d.Now(), map[string]any{
		"userinfo": map[string]any{"openbanking_intent_id": intent},
		"id_token": map[string]any{"openbanking_intent_id": intent, "acr": map[string]any{"essential": true, "values": []string{"urn:openbanking:psd2:sca", "urn:openbanking:psd2:ca"}}},
	})
	if err != nil {
		return "", sdk.Fail(sdk.Technical, err)
	}
	return signed, nil
}

// asked sends the user to the bank's page.
func asked(at state) sdk.Step {
	sum := sha256.Sum256([]byte("challenge\x00" + at.Verifier)) // tells nothing that the bank knows
	return sdk.Step{Challenge: &sdk.Challenge{
		ID: hex.EncodeToString(sum[:12]), Type: sdk.ChallengeRedirect, URL: at.Page, Holding: sdk.Durable, State: sdk.Pack(bundleVersion, at), ExpiresAt: at.Seen.Add(oidc.RequestLife),
		Message: sdk.Text{"en": "Give your consent on the bank’s page.", "fr": "Donnez votre consentement sur la page de la banque."},
	}}
}
