// Command rehearsal is the plugin that the tests of pluginhost run: the bank
// whose rules providertest writes down. Its setting "crash" names a file; while
// that file is there, Begin takes it away and ends the process.
package main

import (
	"cmp"
	"context"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

func main() {
	serve.Main(func(settings serve.Settings) (sdk.Provider, error) {
		return bank{
			name: settings.Get("name"), provider: settings.Get("provider"), version: settings.Get("version"), crash: settings.Get("crash"),
			channel: settings.Get("channel"), kind: settings.Get("type"), called: settings.Get("called"), zone: settings.Get("zone"),
		}, nil
	})
}

type bank struct{ name, provider, version, crash, channel, kind, called, zone string }

func (b bank) Describe(context.Context) (sdk.Description, error) {
	name, provider := "rehearsal", "rehearsal"
	if b.name != "" {
		name = b.name
	}
	if b.provider != "" {
		provider = b.provider
	}
	return sdk.Description{Plugin: name, Version: cmp.Or(b.version, "1.0.0"), Providers: []sdk.ProviderInfo{{
		ID: provider, Name: cmp.Or(b.called, "Rehearsal"), Country: "FR", Zone: b.zone,
		Channels: []sdk.ChannelDefinition{{
			ID: cmp.Or(b.channel, provider+"-embedded"), Type: cmp.Or(sdk.ChannelType(b.kind), sdk.Embedded), AccountTypes: []sdk.AccountType{sdk.Checkings, sdk.Savings},
			CredentialFields: []sdk.Field{
				{Name: "login", Type: sdk.FieldText, Label: sdk.Text{"en": "Login"}, Required: true},
				{Name: "password", Type: sdk.FieldPassword, Label: sdk.Text{"en": "Password"}, Required: true},
			},
		}},
	}}}, nil
}

func readable(bundles ...sdk.Bundle) error {
	for _, b := range bundles {
		if !b.Empty() && b.Version != 1 {
			return sdk.Fail(sdk.SecretUnreadable, nil)
		}
	}
	return nil
}

func bundle(text string) sdk.Bundle { return sdk.Bundle{Version: 1, Data: []byte(text)} }

func (b bank) Begin(_ context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	if b.crash != "" && os.Remove(b.crash) == nil {
		os.Exit(7)
	}
	if err := readable(req.Secrets); err != nil {
		return sdk.Step{}, err
	}
	if req.Credentials["password"] != "right" {
		failure := sdk.Fail(sdk.AuthFailed, nil)
		failure.Fields = []string{"password"}
		return sdk.Step{}, failure
	}
	login := req.Credentials["login"]
	asked := challenge(login, req.ReturnState)
	switch {
	case asked == nil || !req.Secrets.Empty():
		return ready(login), nil
	case req.PSU == nil:
		return sdk.Step{}, sdk.Fail(sdk.ChallengeRequired, nil)
	}
	return sdk.Step{Challenge: asked}, nil
}

func ready(login string) sdk.Step {
	out := &sdk.Ready{State: bundle(login)}
	switch login {
	case "held": // the test asks which process it was
		out.State = bundle(strconv.Itoa(os.Getpid()))
	case "code", "stale":
		out.Secrets = bundle("trusted")
	case "page":
		out.Consent = &sdk.Consent{
			ID: "consent-1", ValidUntil: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
			Scopes: []sdk.Scope{sdk.ScopeAccounts, sdk.ScopeTransactions},
		}
	}
	return sdk.Step{Ready: out}
}

func challenge(login, returnState string) *sdk.Challenge {
	asked := &sdk.Challenge{ID: "1", Holding: sdk.Durable, State: bundle(login + " 1")}
	switch login {
	case "code":
		asked.Type = sdk.ChallengeForm
		asked.Message = sdk.Text{"en": "Type the code.", "fr": "Saisissez le code."}
		asked.Fields = []sdk.Field{{Name: "code", Type: sdk.FieldText, Required: true}}
		asked.Resend = &sdk.Resend{Left: 1, AvailableAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	case "held":
		asked.Type, asked.Holding = sdk.ChallengeDecoupled, sdk.Live
	case "app":
		asked.Type, asked.PollAfter = sdk.ChallengeDecoupled, time.Second
	case "page":
		asked.Type, asked.URL = sdk.ChallengeRedirect, "https://rehearsal.example/?state="+returnState
	default:
		return nil
	}
	return asked
}

func (bank) Continue(_ context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	if err := readable(req.State, req.Secrets); err != nil {
		return sdk.Step{}, err
	}
	login, tries, _ := strings.Cut(string(req.State.Data), " ")
	asked := challenge(login, "")
	if asked == nil {
		return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, nil)
	}
	asked.State = bundle(login + " " + tries + "1")
	sent := strings.Contains(tries, "r")
	if asked.Resend != nil && sent {
		asked.Resend.Left = 0
	}
	switch {
	case req.Resend && login == "held":
		return sdk.Step{}, sdk.Fail(sdk.RateLimited, nil)
	case req.Resend && (asked.Resend == nil || sent):
		return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
	case req.Resend:
		asked.Resend.Left, asked.State = 0, bundle(login+" "+tries+"r")
		return sdk.Step{Challenge: asked}, nil
	case login == "code" && req.Answers["code"] != "123456":
		asked.ID = tries + "1"
		return sdk.Step{Challenge: asked}, nil
	case login == "app" && tries == "1":
		return sdk.Step{Challenge: asked}, nil
	case login == "page" && req.Answers["result"] != "ok":
		return sdk.Step{}, sdk.Fail(sdk.Refused, nil)
	}
	return ready(login), nil
}

func (bank) Refresh(_ context.Context, req sdk.RefreshRequest) (sdk.Ready, error) {
	if err := readable(req.Secrets); err != nil {
		return sdk.Ready{}, err
	}
	return sdk.Ready{Secrets: bundle(string(req.Secrets.Data) + "+")}, nil
}
