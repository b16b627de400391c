package berlin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// visit is one Begin or Continue under way.
type visit struct {
	*Dialect
	psu         *sdk.PSU
	credentials sdk.Secrets
	returnURL   string
	returnState string
	at          state
}

// Begin goes on with an earlier consent, or asks for a new one: where there is none yet, or where the user is there to
// give another because it is over.
func (d *Dialect) Begin(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return sdk.Step{}, err
	}
	if kept.Consent != "" && (req.PSU == nil || !d.over(ctx, req.PSU, kept)) {
		ready := kept.ready()
		ready.Secrets = sdk.Bundle{} // what is kept stays
		return sdk.Step{Ready: &ready}, nil
	}
	if req.PSU == nil {
		return sdk.Step{}, sdk.Fail(sdk.ChallengeRequired, errors.New("there is no consent"))
	}
	v := &visit{Dialect: d, psu: req.PSU, credentials: req.Credentials, returnURL: req.ReturnURL, returnState: req.ReturnState}
	if d.Bank.OAuth != nil && d.Bank.OAuth.Kind == catalogue.PreStep {
		return v.authorise(ctx, atPreStep, server{d.Bank.OAuth.Authorization, d.Bank.OAuth.Token})
	}
	return v.agree(ctx)
}

// over asks the bank whether a consent has ended. Where it does not say so, the first call for data will.
func (d *Dialect) over(ctx context.Context, psu *sdk.PSU, kept secrets) bool {
	var said struct {
		Status string `json:"consentStatus"`
	}
	ask := call{method: http.MethodGet, to: d.Line.Path("v1", "consents", kept.Consent, "status"), psu: psu, bearer: kept.Tokens.Access}
	err := d.do(ctx, ask, &said)
	var r *refused
	if errors.As(err, &r) {
		return r.code != "" && r.means(ask.bearer != "") == refusal.ConsentOver || r.status == http.StatusNotFound
	}
	return err == nil && slices.Contains([]string{"rejected", "revokedbypsu", "expired", "terminatedbytpp"}, lower(said.Status))
}

// agree creates a consent and begins its authorisation.
func (v *visit) agree(ctx context.Context) (sdk.Step, error) {
	where := v.Line.Path("v1", "consents")
	var p progress
	ask := call{
		method: http.MethodPost, to: where, psu: v.psu, bearer: v.at.Tokens.Access, header: v.redirection(), body: v.request(),
	}
	if !v.Bank.Has(nameAtLoginOnly) {
		v.name(ask.header)
	}
	if err := v.do(ctx, ask, &p); err != nil {
		return sdk.Step{}, failed(err, ask.bearer != "", false)
	}
	if p.ConsentID == "" {
		return sdk.Step{}, sdk.Fail(sdk.BadData, errors.New("a consent without id"))
	}
	v.at.Consent = p.ConsentID
	return v.next(ctx, p, where)
}

// redirection says where the bank may send the browser back to. What the browser then brings proves nothing.
func (v *visit) redirection() map[string]string {
	yes, no := v.returning()
	header := map[string]string{"TPP-Redirect-URI": yes, "TPP-Nok-Redirect-URI": no, "TPP-Redirect-Preferred": "false"}
	switch {
	case v.Bank.Prefers(catalogue.Redirect):
		header["TPP-Redirect-Preferred"] = "true"
	case v.Bank.Prefers(catalogue.Decoupled) && v.Bank.Version >= "1.3.11":
		header["TPP-Decoupled-Preferred"] = "true"
	}
	if v.Bank.SCA.ExplicitStart {
		header["TPP-Explicit-Authorisation-Preferred"] = "true"
	}
	return header
}

// refusedAtBank is the query parameter by which a return tells that the user did not agree.
const refusedAtBank = "tpp_nok"

func (v *visit) returning() (yes, no string) {
	address, err := url.Parse(v.returnURL)
	if err != nil {
		return "", ""
	}
	query := address.Query()
	query.Set("state", v.returnState)
	address.RawQuery = query.Encode()
	yes = address.String()
	query.Set(refusedAtBank, "1")
	address.RawQuery = query.Encode()
	return yes, address.String()
}

// name tells the bank who the user is, where the user said it.
func (v *visit) name(header map[string]string) {
	header["PSU-ID"] = v.credentials[nameField]
	if v.at.Name != "" {
		header["PSU-ID"] = v.at.Name
	}
	if header["PSU-ID"] != "" && len(v.Bank.SCA.PSUIDTypes) > 0 {
		header["PSU-ID-Type"] = v.Bank.SCA.PSUIDTypes[0]
		if chosen := v.credentials[nameTypeField]; chosen != "" {
			header["PSU-ID-Type"] = chosen
		}
	}
	header["PSU-Corporate-ID"] = v.credentials[corporateField]
}
