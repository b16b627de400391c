package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// session is how the bank says that a log-in stands.
type session struct {
	Session     string `json:"session"`
	Status      string `json:"status"`
	DeviceToken string `json:"device_token"`
	Challenge   *struct {
		Kind      string    `json:"kind"`
		Medium    string    `json:"medium"`
		URL       string    `json:"url"`
		TriesLeft int       `json:"tries_left"`
		ExpiresAt time.Time `json:"expires_at"`
		Question  string    `json:"question"`
		Options   []option  `json:"options"`
		Image     []byte    `json:"image"`
		MediaType string    `json:"media_type"`
		Keypad    bool      `json:"keypad"`
		Resend    *struct {
			AvailableAt time.Time `json:"available_at"`
			Left        int       `json:"left"`
		} `json:"resend"`
	} `json:"challenge"`
	ExpiresAt time.Time `json:"expires_at"`
}

// option is one thing to choose.
type option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// pollAfter is how often a phone's approval is asked for.
const pollAfter = time.Second

// logIn opens a session at the portal. With nobody there the bank is told so, and sends no code.
func (p *provider) logIn(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	var kept secrets
	if err := req.Secrets.Unpack(bundleVersion, &kept); err != nil {
		return sdk.Step{}, err
	}
	body := map[string]any{
		"login": req.Credentials["login"], "password": req.Credentials["password"], "attended": req.PSU != nil,
		"device_token": kept.DeviceToken, "return_url": req.ReturnURL, "state": req.ReturnState,
	}
	at := state{Configuration: req.Credentials["configuration"]}
	bank, err := p.bank.of(at.Configuration)
	if err != nil {
		return sdk.Step{}, err
	}
	var s session
	if err := bank.do(ctx, call{method: http.MethodPost, path: []string{"api", "sessions"}, body: body}, &s); err != nil {
		return sdk.Step{}, failed(err, sdk.BadData)
	}
	return portalStep(at, s, nil)
}

// answer sends a code, or asks how the challenge stands; a wrong code brings the same challenge again.
func (p *provider) answer(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return sdk.Step{}, err
	}
	answers := map[string]any{}
	for _, name := range []string{"code", "option"} {
		if value, given := req.Answers[name]; given {
			answers[name] = value
		}
	}
	_, denied := req.Answers["error"]
	bank, err := p.bank.of(at.Configuration)
	switch {
	case err != nil || at.Session == "":
		return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, err)
	case denied:
		return sdk.Step{}, failures["approval_refused"]()
	case req.Resend:
		return sendAgain(ctx, bank, at)
	case req.Poll || len(answers) == 0 || at.URL != "":
		return stands(ctx, bank, at, nil)
	}
	var s session
	ask := call{method: http.MethodPost, path: []string{"api", "sessions", at.Session, "challenge"}, body: answers}
	err = bank.do(ctx, ask, &s)
	if refusedWith(err, "wrong_code") {
		return stands(ctx, bank, at, wrongCode)
	}
	if refusedWith(err, "wrong_option") {
		return stands(ctx, bank, at, wrongOption)
	}
	if err != nil {
		return sdk.Step{}, failed(err, sdk.ChallengeExpired)
	}
	return portalStep(at, s, nil)
}

var (
	wrongCode   = sdk.Text{"en": "The code is wrong. Please try again.", "fr": "Le code est erroné. Veuillez réessayer."}
	wrongOption = sdk.Text{"en": "There is no such choice. Please choose again.", "fr": "Ce choix n’existe pas. Veuillez choisir à nouveau."}
)

// stands asks the bank where the log-in is.
func stands(ctx context.Context, bank *client, at state, message sdk.Text) (sdk.Step, error) {
	var s session
	if err := bank.do(ctx, call{method: http.MethodGet, path: []string{"api", "sessions", at.Session}}, &s); err != nil {
		return sdk.Step{}, failed(err, sdk.ChallengeExpired)
	}
	return portalStep(at, s, message)
}

// portalStep says in the contract's words what the bank said. A message replaces the usual one.
func portalStep(at state, s session, message sdk.Text) (sdk.Step, error) {
	if s.Session == "" {
		return sdk.Step{}, sdk.Fail(sdk.BadData, errors.New("a session without id"))
	}
	next := state{Session: s.Session, Configuration: at.Configuration}
	if s.Status == "AUTHENTICATED" {
		ready := &sdk.Ready{State: sdk.Pack(bundleVersion, next), ExpiresAt: s.ExpiresAt}
		if s.DeviceToken != "" {
			ready.Secrets = sdk.Pack(bundleVersion, secrets{DeviceToken: s.DeviceToken})
		}
		return sdk.Step{Ready: ready}, nil
	}
	if s.Challenge == nil {
		return sdk.Step{}, sdk.Fail(sdk.BadData, errors.New("neither open nor challenged"))
	}
	next.URL = s.Challenge.URL
	challenge := &sdk.Challenge{
		ID: challengeID(s.Session+s.Challenge.Kind, s.Challenge.TriesLeft), ExpiresAt: s.Challenge.ExpiresAt, Holding: sdk.Durable,
		State: sdk.Pack(bundleVersion, next), Message: message,
	}
	if again := s.Challenge.Resend; again != nil {
		challenge.Resend = &sdk.Resend{AvailableAt: again.AvailableAt, Left: again.Left}
	}
	if err := shape(challenge, s); err != nil {
		return sdk.Step{}, err
	}
	return sdk.Step{Challenge: challenge}, nil
}

// shape gives a challenge the form its kind has.
func shape(challenge *sdk.Challenge, s session) error {
	var usual sdk.Text
	switch s.Challenge.Kind {
	case "sms_code":
		challenge.Type, challenge.Fields = sdk.ChallengeForm, []sdk.Field{codeField}
		usual = sdk.Text{"en": "Type the code sent to " + s.Challenge.Medium + ".", "fr": "Saisissez le code envoyé à " + s.Challenge.Medium + "."}
		if s.Challenge.Keypad {
			challenge.Fields = []sdk.Field{keypadField}
			usual = sdk.Text{"en": "Type your secret code.", "fr": "Saisissez votre code secret."}
		}
	case "options":
		challenge.Type = sdk.ChallengeOptions
		for _, o := range s.Challenge.Options {
			challenge.Options = append(challenge.Options, sdk.Choice{Value: o.Value, Label: sdk.Text{"en": o.Label}})
		}
		usual = sdk.Text{"en": s.Challenge.Question}
	case "image":
		challenge.Type, challenge.Fields = sdk.ChallengeImage, []sdk.Field{codeField}
		challenge.Image = &sdk.Image{MediaType: s.Challenge.MediaType, Data: s.Challenge.Image}
		usual = sdk.Text{"en": "Type the digits of the picture.", "fr": "Saisissez les chiffres de l’image."}
	case "question":
		challenge.Type, challenge.Fields = sdk.ChallengeForm, []sdk.Field{answerField}
		usual = sdk.Text{"en": s.Challenge.Question}
	case "app_approval":
		challenge.Type, challenge.PollAfter = sdk.ChallengeDecoupled, pollAfter
		usual = sdk.Text{"en": "Approve the request in the bank’s app.", "fr": "Validez la demande dans l’application de la banque."}
		if len(s.Challenge.Image) > 0 {
			challenge.Image = &sdk.Image{MediaType: s.Challenge.MediaType, Data: s.Challenge.Image}
			usual = sdk.Text{"en": "Scan the code with your phone, and approve the request there.", "fr": "Scannez le code avec votre téléphone, puis validez la demande."}
		}
	case "redirect":
		challenge.Type, challenge.URL = sdk.ChallengeRedirect, s.Challenge.URL
		usual = sdk.Text{"en": "Confirm the log-in on the bank’s page.", "fr": "Confirmez la connexion sur la page de la banque."}
	default:
		return sdk.Fail(sdk.NotSupported, errors.New("a kind of challenge that is not known"))
	}
	if challenge.Message == nil {
		challenge.Message = usual
	}
	return nil
}

var keypadField = sdk.Field{Name: "code", Type: sdk.FieldKeypad, Required: true, Label: sdk.Text{"en": "Secret code", "fr": "Code secret"}}

var answerField = sdk.Field{Name: "code", Type: sdk.FieldText, Required: true, Label: sdk.Text{"en": "Answer", "fr": "Réponse"}}

var codeField = sdk.Field{Name: "code", Type: sdk.FieldText, Required: true, Label: sdk.Text{"en": "Code", "fr": "Code"}}

// logOut ends the session at the bank; one that is gone already is as good.
func (p *provider) logOut(ctx context.Context, req sdk.EndRequest) error {
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil || at.Session == "" {
		return err
	}
	bank, err := p.bank.of(at.Configuration)
	if err != nil {
		return err
	}
	return failed(bank.do(ctx, call{method: http.MethodDelete, path: []string{"api", "sessions", at.Session}}, nil), sdk.SessionLost)
}
