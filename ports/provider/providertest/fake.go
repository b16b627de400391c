package providertest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/form"
	domain "github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/provider"
)

// Fake is the rehearsal in memory. The zero value is ready; its state is all in
// the states it gives out, so that it may be shared.
type Fake struct{}

var _ Backend = Fake{}

// Providers implements the port.
func (Fake) Providers(ctx context.Context) ([]domain.Provider, error) {
	return []domain.Provider{theProvider()}, ctx.Err()
}

// Provider implements the port.
func (Fake) Provider(ctx context.Context, id string) (domain.Provider, error) {
	if id != ProviderID {
		return domain.Provider{}, domain.ErrNotFound
	}
	return theProvider(), ctx.Err()
}

func theProvider() domain.Provider {
	return domain.Provider{
		ID: ProviderID, Name: "Rehearsal", Country: "FR",
		Channels: []domain.Channel{{
			ID: ChannelID, Type: bank.Embedded, Plugin: "fake", Health: domain.Up, AccountTypes: []bank.AccountType{bank.Checkings, bank.Savings},
			CredentialFields: []form.Field{
				{Name: "login", Type: form.Text, Label: bank.Text{"en": "Login"}, Required: true},
				{Name: "password", Type: form.Password, Label: bank.Text{"en": "Password"}, Required: true},
			},
		}},
	}
}

func fail(code provider.Code, whose provider.Whose) *provider.Failure {
	return &provider.Failure{Code: code, Whose: whose}
}

// checked is what holds for every call.
func checked(ctx context.Context, s provider.Session, states ...provider.State) error {
	if _, ok := ctx.Deadline(); !ok {
		return fail(provider.Technical, provider.Host)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.ProviderID != ProviderID {
		return fail(provider.ProviderUnavailable, provider.Host)
	}
	if s.ChannelID != ChannelID {
		return fail(provider.NotSupported, provider.Host)
	}
	if slices.ContainsFunc(states, func(s provider.State) bool { return !s.Empty() && s.Version != 1 }) {
		return fail(provider.SecretUnreadable, provider.Plugin)
	}
	return nil
}

func state(text string) provider.State {
	return provider.State{Version: 1, Data: secret.FromBytes([]byte(text))}
}

// Begin implements the port.
func (Fake) Begin(ctx context.Context, req provider.Begin) (provider.Step, error) {
	if err := checked(ctx, req.Session, req.Secrets); err != nil {
		return provider.Step{}, err
	}
	if req.Credentials["password"].Reveal() != Password {
		failure := fail(provider.AuthFailed, provider.User)
		failure.Fields = []string{"password"}
		return provider.Step{}, failure
	}
	login := req.Credentials["login"].Reveal()
	asked := challenge(login, req.ReturnState.Reveal())
	switch {
	case asked == nil || !req.Secrets.Empty():
		return readyStep(login), nil
	case req.PSU == nil:
		return provider.Step{}, fail(provider.ChallengeRequired, provider.User)
	}
	return provider.Step{Challenge: asked}, nil
}

func readyStep(login string) provider.Step {
	ready := &provider.Ready{State: state(login)}
	switch login {
	case "code", "stale":
		ready.Secrets = state("trusted")
	case "page":
		ready.Consent = &provider.Consent{
			ID: "consent-1", ValidUntil: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
			Scopes: []provider.Scope{provider.ScopeAccounts, provider.ScopeTransactions},
		}
	}
	return provider.Step{Ready: ready}
}

func challenge(login, returnState string) *provider.Challenge {
	asked := connection.Challenge{Ref: "1"}
	switch login {
	case "code":
		asked.Type = connection.Form
		asked.Message = bank.Text{"en": "Type the code.", "fr": "Saisissez le code."}
		asked.Fields = []form.Field{{Name: "code", Type: form.Text, Required: true}}
		asked.Resend = &connection.Resend{Left: 1, AvailableAt: resendFrom}
	case "app":
		asked.Type, asked.PollAfter = connection.Decoupled, time.Second
	case "page":
		asked.Type, asked.URL = connection.Redirect, "https://rehearsal.example/?state="+returnState
	default:
		return nil
	}
	return &provider.Challenge{Asked: asked, State: state(login + " 1")}
}

// Continue implements the port. The state is the login and how often it was
// continued.
func (Fake) Continue(ctx context.Context, req provider.Continue) (provider.Step, error) {
	if err := checked(ctx, req.Session, req.State, req.Secrets); err != nil {
		return provider.Step{}, err
	}
	login, tries, _ := strings.Cut(string(req.State.Data.Reveal()), " ")
	asked := challenge(login, "")
	if asked == nil {
		return provider.Step{}, fail(provider.SecretUnreadable, provider.Plugin)
	}
	asked.State = state(login + " " + tries + "1")
	if req.Resend {
		return again(asked, login, tries)
	}
	if asked.Asked.Resend != nil && strings.Contains(tries, "r") {
		asked.Asked.Resend.Left = 0
	}
	switch {
	case login == "code" && req.Answers["code"].Reveal() != Code:
		asked.Asked.Ref = tries + "1"
		return provider.Step{Challenge: asked}, nil
	case login == "app" && tries == "1":
		return provider.Step{Challenge: asked}, nil
	case login == "page" && req.Answers["result"].Reveal() != "ok":
		return provider.Step{}, fail(provider.Refused, provider.User)
	}
	return readyStep(login), nil
}

// again sends a challenge once more, and once only: an "r" in its state says so.
func again(asked *provider.Challenge, login, tries string) (provider.Step, error) {
	if asked.Asked.Resend == nil || strings.Contains(tries, "r") {
		return provider.Step{}, fail(provider.NotSupported, provider.Plugin)
	}
	asked.Asked.Resend.Left, asked.State = 0, state(login+" "+tries+"r")
	return provider.Step{Challenge: asked}, nil
}

// Refresh implements the port.
func (Fake) Refresh(ctx context.Context, req provider.Refresh) (provider.Ready, error) {
	if err := checked(ctx, req.Session, req.Secrets); err != nil {
		return provider.Ready{}, err
	}
	return provider.Ready{Secrets: state(string(req.Secrets.Data.Reveal()) + "+")}, nil
}

// End implements the port.
func (Fake) End(ctx context.Context, req provider.End) error { return checked(ctx, req.Session) }
