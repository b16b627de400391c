package berlin

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// question is what the user is asked where a link needs that; nil where it does not.
func (v *visit) question(ctx context.Context, p progress, name, href string, from *url.URL) (*sdk.Step, error) {
	switch name {
	case "scaRedirect":
		page, err := v.Line.Page(from, href)
		if err != nil {
			return nil, err
		}
		v.at.Stage, v.at.Page = atPage, page
		return v.page(), nil
	case "scaOAuth":
		return v.integrated(ctx, href, from)
	case "scaStatus", "status":
		return v.wait(p.Message), nil
	case "startAuthorisation":
		return nil, nil
	case "startAuthorisationWithPsuIdentification", "updatePsuIdentification":
		if v.credentials[nameField] != "" || v.at.Name != "" {
			return nil, nil
		}
		return v.form(name, href, from, atName, psuField(true), nil)
	}
	return v.proof(p, name, href, from)
}

// page sends the user to the bank's page.
func (v *visit) page() *sdk.Step {
	return v.ask(sdk.Challenge{Type: sdk.ChallengeRedirect, URL: v.at.Page, Message: sdk.Text{
		"en": "Give your consent on the bank’s page.", "fr": "Donnez votre consentement sur la page de la banque.",
	}})
}

// proof asks for what the embedded approach needs: the password, the way to send a code, the code.
func (v *visit) proof(p progress, name, href string, from *url.URL) (*sdk.Step, error) {
	switch name {
	case "selectAuthenticationMethod", "startAuthorisationWithAuthenticationMethodSelection":
		return v.choice(p, name, href, from)
	case "authoriseTransaction", "startAuthorisationWithTransactionAuthorisation":
		return v.code(p, name, href, from)
	}
	field := sdk.Field{Name: passwordField, Type: sdk.FieldPassword, Required: true, Label: sdk.Text{"en": "Password at the bank", "fr": "Mot de passe auprès de la banque"}}
	return v.form(name, href, from, atPassword, field, sdk.Text{
		"en": "The bank asks for your password.", "fr": "La banque demande votre mot de passe.",
	})
}

func (v *visit) choice(p progress, name, href string, from *url.URL) (*sdk.Step, error) {
	if err := v.goesTo(name, href, from); err != nil {
		return nil, err
	}
	v.at.Stage = atMethod
	asked := sdk.Challenge{Type: sdk.ChallengeOptions, Message: sdk.Text{"en": "How should the bank confirm that it is you?", "fr": "Comment la banque doit-elle vérifier que c’est bien vous ?"}}
	for _, m := range p.Methods {
		if m.ID != "" {
			asked.Options = append(asked.Options, sdk.Choice{Value: m.ID, Label: sdk.Text{"en": record.Cut(cmp.Or(m.Name, m.Type, m.ID), maxSentence)}})
		}
	}
	return v.ask(asked), nil
}

func (v *visit) code(p progress, name, href string, from *url.URL) (*sdk.Step, error) {
	field := sdk.Field{Name: codeField, Type: sdk.FieldText, Required: true, Label: sdk.Text{"en": "Code", "fr": "Code"}}
	message := sdk.Text{"en": "Type the code that the bank sent you.", "fr": "Saisissez le code que la banque vous a envoyé."}
	if p.Chosen != nil && p.Chosen.Name != "" {
		sentTo := record.Cut(p.Chosen.Name, maxSentence)
		message = sdk.Text{"en": "Type the code from: " + sentTo, "fr": "Saisissez le code reçu par : " + sentTo}
	}
	if said := v.spoken(p); said != "" {
		message = sdk.Text{"en": said}
	}
	if p.Challenge == nil {
		return v.form(name, href, from, atCode, field, message)
	}
	if lower(p.Challenge.Format) == "integer" {
		field.Regex = `\s*[0-9]+\s*`
	}
	step, err := v.form(name, href, from, atCode, field, message)
	if media := pictureType(p.Challenge.Image); err == nil && media != "" {
		step.Challenge.Type, step.Challenge.Image = sdk.ChallengeImage, &sdk.Image{MediaType: media, Data: p.Challenge.Image}
	}
	return step, err
}

// spoken is what the standard has the bank tell the user; it must be shown.
func (v *visit) spoken(p progress) string {
	parts := []string{p.Message}
	if p.Challenge != nil {
		parts = append(append(parts, p.Challenge.More), p.Challenge.Data...)
	}
	return record.Cut(strings.TrimSpace(strings.Join(parts, " ")), maxSentence)
}

func pictureType(data []byte) string {
	const maxImage = 1 << 20
	switch kind := http.DetectContentType(data); {
	case len(data) == 0 || len(data) > maxImage:
		return ""
	case kind == "image/png" || kind == "image/jpeg":
		return kind
	}
	return ""
}

// goesTo keeps where an answer will be sent.
func (v *visit) goesTo(name, href string, from *url.URL) error {
	to, err := v.Line.Resolve(from, href)
	if err != nil {
		return err
	}
	v.at.To, v.at.Method = to.String(), http.MethodPut
	if strings.HasPrefix(name, "start") {
		v.at.Method = http.MethodPost
	}
	return nil
}

func (v *visit) form(name, href string, from *url.URL, at stage, field sdk.Field, message sdk.Text) (*sdk.Step, error) {
	if err := v.goesTo(name, href, from); err != nil {
		return nil, err
	}
	v.at.Stage, v.at.Text = at, message
	return v.ask(sdk.Challenge{Type: sdk.ChallengeForm, Fields: []sdk.Field{field}, Message: message}), nil
}

// pollAfter keeps below the two polls a second that the strictest bank allows by far.
const pollAfter = 3 * time.Second

// wait has the server ask the bank now and then.
func (v *visit) wait(said string) *sdk.Step {
	v.at.Stage = atWait
	message := sdk.Text{"en": "Approve the request in the bank’s app.", "fr": "Validez la demande dans l’application de la banque."}
	if said = record.Cut(strings.TrimSpace(said), maxSentence); said != "" {
		message = sdk.Text{"en": said}
	}
	v.at.Text = message
	return v.ask(sdk.Challenge{Type: sdk.ChallengeDecoupled, PollAfter: pollAfter, Message: message})
}

// ask completes a challenge: every one is durable.
func (v *visit) ask(asked sdk.Challenge) *sdk.Step {
	asked.ID, asked.Holding, asked.State = challengeID(v.at), sdk.Durable, sdk.Pack(bundleVersion, v.at)
	return &sdk.Step{Challenge: &asked}
}

// maxSentence bounds what a bank tells the user.
const maxSentence = 500
