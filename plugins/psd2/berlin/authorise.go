package berlin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// progress is what the bank answers on the way to a consent, whichever call it was.
type progress struct {
	ConsentID       string       `json:"consentId"`
	ConsentStatus   string       `json:"consentStatus"`
	AuthorisationID string       `json:"authorisationId"`
	ScaStatus       string       `json:"scaStatus"`
	Methods         []method     `json:"scaMethods"`
	Chosen          *method      `json:"chosenScaMethod"`
	Challenge       *challenge   `json:"challengeData"`
	Message         string       `json:"psuMessage"`
	Links           record.Links `json:"_links"`
}

type method struct {
	ID   string `json:"authenticationMethodId"`
	Type string `json:"authenticationType"`
	Name string `json:"name"`
}

type challenge struct {
	Image     []byte   `json:"image"`
	Data      []string `json:"data"`
	MaxLength int      `json:"otpMaxLength"`
	Format    string   `json:"otpFormat"`
	More      string   `json:"additionalInformation"`
}

// maxCalls bounds the calls between two questions to the user.
const maxCalls = 6

// next follows the links of an answer until the user is asked something, or the bank has decided.
func (v *visit) next(ctx context.Context, p progress, from *url.URL) (sdk.Step, error) {
	for range maxCalls {
		if err := v.note(p, from); err != nil {
			return sdk.Step{}, err
		}
		switch {
		case lower(p.ScaStatus) == "failed", lower(p.ConsentStatus) == "rejected":
			return sdk.Step{}, refusal.Say(sdk.Refused, errors.New("the authorisation has failed"))
		case slices.Contains([]string{"finalised", "exempted"}, lower(p.ScaStatus)), lower(p.ConsentStatus) == "valid":
			return v.settle(ctx)
		}
		name, href := p.Links.First(v.ways(p)...)
		if name == "" {
			return sdk.Step{}, sdk.Fail(sdk.NotSupported, errors.New("no link leads on"))
		}
		if step, err := v.question(ctx, p, name, href, from); step != nil || err != nil {
			return deref(step), err
		}
		to, err := v.Line.Resolve(from, href)
		if err != nil {
			return sdk.Step{}, err
		}
		if p, err = v.start(ctx, name, to); err != nil {
			return sdk.Step{}, err
		}
		from = to
	}
	return sdk.Step{}, sdk.Fail(sdk.BadData, errors.New("an authorisation that goes round"))
}

func deref(step *sdk.Step) sdk.Step {
	if step == nil {
		return sdk.Step{}
	}
	return *step
}

// note keeps what later calls need.
func (v *visit) note(p progress, from *url.URL) error {
	if p.AuthorisationID != "" {
		v.at.Authorisation = p.AuthorisationID
	}
	if href := p.Links["scaStatus"]; href != "" {
		to, err := v.Line.Resolve(from, href)
		if err != nil {
			return err
		}
		v.at.Status = to.String()
	}
	return nil
}

// ways are the links that lead on, the best first. A password is asked for only where the catalogue says that the bank
// wants it from us.
func (v *visit) ways(p progress) (names []string) {
	for _, approach := range v.Bank.SCA.Approaches {
		switch approach {
		case catalogue.Redirect:
			names = append(names, "scaRedirect", "scaOAuth")
		case catalogue.Embedded:
			names = append(names, v.embedded(p)...)
		}
	}
	return append(names, "startAuthorisation", "startAuthorisationWithPsuIdentification", "updatePsuIdentification", "scaStatus", "status")
}

func (v *visit) embedded(p progress) []string {
	code := []string{"authoriseTransaction", "startAuthorisationWithTransactionAuthorisation"}
	choose := []string{"selectAuthenticationMethod", "startAuthorisationWithAuthenticationMethodSelection"}
	if p.Chosen == nil && len(p.Methods) > 0 {
		code, choose = choose, code
	}
	return append(append(code, choose...), "startAuthorisationWithPsuAuthentication", "updatePsuAuthentication")
}

// start makes a call that needs nothing from the user: to begin the authorisation, or to tell who the user is.
func (v *visit) start(ctx context.Context, name string, to *url.URL) (p progress, err error) {
	ask := call{method: http.MethodPost, to: to, psu: v.psu, bearer: v.at.Tokens.Access, header: v.redirection(), body: struct{}{}}
	if !strings.HasPrefix(name, "start") {
		ask.method, ask.header = http.MethodPut, map[string]string{}
	}
	v.name(ask.header)
	return p, failed(v.do(ctx, ask, &p), ask.bearer != "", false)
}

func lower(text string) string { return strings.ToLower(text) }
