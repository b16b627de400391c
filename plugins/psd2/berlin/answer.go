package berlin

import (
	"context"
	"errors"
	"net/url"

	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// maxTries bounds how often a wrong code is asked for again; the bank usually stops earlier.
const maxTries = 5

// Continue takes what the user answered, what the browser brought back, or asks the bank how it stands.
func (d *Dialect) Continue(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	v := &visit{Dialect: d, psu: req.PSU, credentials: req.Credentials, returnURL: req.ReturnURL, returnState: req.ReturnState}
	if err := req.State.Unpack(bundleVersion, &v.at); err != nil {
		return sdk.Step{}, err
	}
	if req.Resend {
		return sdk.Step{}, sdk.Fail(sdk.NotSupported, errors.New("the standard has no such call"))
	}
	switch v.at.Stage {
	case atPreStep, atOAuth:
		return v.authorised(ctx, req)
	case atPage:
		return v.returned(ctx, req)
	case atWait:
		return v.look(ctx)
	case atName:
		v.at.Name = req.Answers[nameField]
		return v.tell(ctx, struct{}{})
	case atPassword:
		return v.tell(ctx, map[string]any{"psuData": map[string]string{"password": req.Answers[passwordField]}})
	case atMethod:
		return v.tell(ctx, map[string]string{"authenticationMethodId": req.Answers["option"]})
	case atCode:
		return v.tell(ctx, map[string]string{"scaAuthenticationData": req.Answers[codeField]})
	case atConfirmation:
		return v.tell(ctx, map[string]string{"confirmationCode": req.Answers[confirmField]})
	}
	return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, errors.New("a session at no known stage"))
}

// tell gives the bank what it asked for.
func (v *visit) tell(ctx context.Context, body any) (sdk.Step, error) {
	to, err := url.Parse(v.at.To)
	if err != nil || !v.Line.Allows(to) {
		return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, errors.New("a session that leads nowhere"))
	}
	ask := call{method: v.at.Method, to: to, psu: v.psu, bearer: v.at.Tokens.Access, header: map[string]string{}, body: body}
	if v.at.Method == "POST" {
		ask.header = v.redirection()
	}
	v.name(ask.header)
	var p progress
	if err := v.do(ctx, ask, &p); err != nil {
		return v.wrong(err)
	}
	v.at.Tries = 0
	return v.next(ctx, p, to)
}

// wrong asks for a code again that the bank did not take. A password is not asked for twice: banks lock after few.
func (v *visit) wrong(err error) (sdk.Step, error) {
	var r *refused
	if v.at.Stage != atCode || !errors.As(err, &r) || r.means(v.at.Tokens.Access != "") != refusal.WrongUser || v.at.Tries >= maxTries {
		failure := failed(err, v.at.Tokens.Access != "", false)
		var typed *sdk.Failure
		if v.at.Stage == atPassword && errors.As(failure, &typed) && typed.Code == sdk.AuthFailed {
			typed.Fields = []string{nameField}
		}
		return sdk.Step{}, failure
	}
	v.at.Tries++
	field := sdk.Field{Name: codeField, Type: sdk.FieldText, Required: true, Label: sdk.Text{"en": "Code", "fr": "Code"}}
	return *v.ask(sdk.Challenge{Type: sdk.ChallengeForm, Fields: []sdk.Field{field}, Message: sdk.Text{
		"en": "The code is wrong. Please try again.", "fr": "Le code est erroné. Veuillez réessayer.",
	}}), nil
}

// returned is the browser's return from the bank's page. It only says that it is time to ask the bank.
func (v *visit) returned(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	if req.Poll {
		return *v.page(), nil
	}
	step, err := v.settle(ctx)
	if err != nil || step.Ready != nil || v.at.Status == "" {
		return v.unless(req, step, err)
	}
	p, to, err := v.status(ctx)
	switch {
	case err != nil:
		return sdk.Step{}, err
	case lower(p.ScaStatus) == "failed":
		return sdk.Step{}, refusal.Say(sdk.Refused, errors.New("the authorisation has failed"))
	case lower(p.ScaStatus) == "unconfirmed":
		return v.confirm(ctx, req, p, to)
	}
	return v.unless(req, step, nil)
}

// unless ends it where the browser came back by the address for a no, and the bank has no yes.
func (v *visit) unless(req sdk.ContinueRequest, step sdk.Step, err error) (sdk.Step, error) {
	_, refused := req.Answers[refusedAtBank]
	_, denied := req.Answers["error"]
	if err == nil && step.Ready == nil && (refused || denied) {
		return sdk.Step{}, refusal.Say(sdk.Refused, errors.New("the user came back without a consent"))
	}
	return step, err
}

// confirm gives back the code that the bank's page handed over, by the browser or by the user.
func (v *visit) confirm(ctx context.Context, req sdk.ContinueRequest, p progress, to *url.URL) (sdk.Step, error) {
	href := p.Links["confirmation"]
	if href == "" {
		href = v.at.Status
	}
	if err := v.goesTo("confirmation", href, to); err != nil {
		return sdk.Step{}, err
	}
	v.at.Stage = atConfirmation
	if code := req.Answers["confirmationCode"]; code != "" {
		return v.tell(ctx, map[string]string{"confirmationCode": code})
	}
	field := sdk.Field{Name: confirmField, Type: sdk.FieldText, Required: true, Label: sdk.Text{"en": "Confirmation code", "fr": "Code de confirmation"}}
	return *v.ask(sdk.Challenge{Type: sdk.ChallengeForm, Fields: []sdk.Field{field}, Message: sdk.Text{
		"en": "Type the code that the bank’s page showed you.", "fr": "Saisissez le code affiché sur la page de la banque.",
	}}), nil
}
