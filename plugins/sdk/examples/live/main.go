// Command live is a provider plugin whose sessions live in its process, as a
// page of a browser does: a teller who asks for the word of the day, and waits
// at the window. Whoever comes to a window that is closed begins anew.
package main

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

func main() {
	serve.Main(func(settings serve.Settings) (sdk.Provider, error) {
		word := settings.Get("word")
		if word == "" {
			word = "sesame"
		}
		return &teller{word: word, windows: map[string]*window{}}, nil
	})
}

// window is one session. It is never written anywhere: the server keeps its name
// alone.
type window struct{ name string }

type teller struct {
	word    string
	mu      sync.Mutex
	windows map[string]*window
}

func (t *teller) Describe(context.Context) (sdk.Description, error) {
	return sdk.Description{Plugin: "live", Version: "1.0.0", Providers: []sdk.ProviderInfo{{
		ID: "teller", Name: "The Teller", Country: "FR",
		Channels: []sdk.ChannelDefinition{{
			ID: "teller-embedded", Type: sdk.Embedded, AccountTypes: []sdk.AccountType{sdk.Savings},
			CredentialFields: []sdk.Field{{Name: "name", Type: sdk.FieldText, Label: sdk.Text{"en": "Name", "fr": "Nom"}, Required: true}},
		}},
	}}}, nil
}

// Begin opens a window and asks. It never does where nobody is there.
func (t *teller) Begin(_ context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	switch {
	case req.Session.ProviderID != "teller" || req.Session.ChannelID != "teller-embedded":
		return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
	case !req.Secrets.Empty():
		return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, nil) // it never left any
	case req.Credentials["name"] == "":
		failure := sdk.Fail(sdk.AuthFailed, nil)
		failure.Fields = []string{"name"}
		return sdk.Step{}, failure
	case req.PSU == nil:
		return sdk.Step{}, sdk.Fail(sdk.ChallengeRequired, nil)
	}
	number := rand.Text()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.windows[number] = &window{name: req.Credentials["name"]}
	return ask(number, sdk.Text{"en": "What is the word of the day?", "fr": "Quel est le mot du jour ?"}), nil
}

func ask(number string, message sdk.Text) sdk.Step {
	return sdk.Step{Challenge: &sdk.Challenge{
		ID: rand.Text(), Type: sdk.ChallengeForm, Message: message, Holding: sdk.Live,
		Fields: []sdk.Field{{Name: "word", Type: sdk.FieldText, Required: true, Label: sdk.Text{"en": "Word", "fr": "Mot"}}},
		State:  sdk.Bundle{Version: 1, Data: []byte(number)},
	}}
}

// open is the window that a state names, in this process.
func (t *teller) open(state sdk.Bundle) (*window, error) {
	if state.Version != 1 {
		return nil, sdk.Fail(sdk.SecretUnreadable, nil)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if found := t.windows[string(state.Data)]; found != nil {
		return found, nil
	}
	return nil, sdk.Fail(sdk.SessionLost, nil)
}

func (t *teller) Continue(_ context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	if _, err := t.open(req.State); err != nil {
		return sdk.Step{}, err
	}
	if req.Resend || req.Answers["word"] != t.word {
		return ask(string(req.State.Data), sdk.Text{"en": "That is not the word of the day.", "fr": "Ce n’est pas le mot du jour."}), nil
	}
	return sdk.Step{Ready: &sdk.Ready{State: req.State}}, nil
}

func (t *teller) Fetch(_ context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	at, err := t.open(req.State)
	if err != nil {
		return err
	}
	items := []sdk.Item{sdk.AccountItem{Account: sdk.Account{
		Ref: "box", BankID: "box", StableID: true, Type: sdk.Savings, Name: "Box of " + at.name, Currency: "EUR", Status: sdk.AccountOpen,
	}}}
	if req.Mode == sdk.FetchAll && !slices.Contains(req.Skip, "box") {
		items = append(items, sdk.BalancesItem{Account: "box", Balances: []sdk.Balance{{Type: sdk.BalanceBooked, Amount: "42.00", Currency: "EUR"}}})
	}
	items = append(items, sdk.AccountDoneItem{Account: "box", From: req.Window.Default, To: req.Window.To})
	for _, item := range items {
		if err := sink.Send(item); err != nil {
			return err
		}
	}
	return nil
}

// End closes the window; twice is no harm.
func (t *teller) End(_ context.Context, req sdk.EndRequest) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.windows, string(req.State.Data))
	return nil
}
