// Command minimal is the smallest useful provider plugin: a piggy bank that
// asks for a name and has one account. It contacts nobody.
package main

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

func main() {
	serve.Main(func(settings serve.Settings) (sdk.Provider, error) {
		return piggyBank{currency: settings.Get("currency")}, nil
	})
}

type piggyBank struct{ currency string }

func (piggyBank) Describe(context.Context) (sdk.Description, error) {
	return sdk.Description{Plugin: "minimal", Version: "1.0.0", Providers: []sdk.ProviderInfo{{
		ID: "piggy-bank", Name: "Piggy Bank", Country: "FR",
		Channels: []sdk.ChannelDefinition{{
			ID: "piggy-bank-embedded", Type: sdk.Embedded, AccountTypes: []sdk.AccountType{sdk.Savings},
			CredentialFields: []sdk.Field{{
				Name: "name", Type: sdk.FieldText, Label: sdk.Text{"en": "Name on the pig", "fr": "Nom sur le cochon"}, Required: true,
			}},
		}},
	}}}, nil
}

func (piggyBank) Begin(_ context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	if req.Session.ProviderID != "piggy-bank" || req.Session.ChannelID != "piggy-bank-embedded" {
		return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
	}
	if !req.Secrets.Empty() && req.Secrets.Version != 1 {
		return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, nil)
	}
	name := req.Credentials["name"]
	if name == "" {
		failure := sdk.Fail(sdk.AuthFailed, nil)
		failure.Fields = []string{"name"}
		return sdk.Step{}, failure
	}
	state := sdk.Bundle{Version: 1, Data: []byte(name)}
	return sdk.Step{Ready: &sdk.Ready{State: state}}, nil
}

func (piggyBank) Continue(context.Context, sdk.ContinueRequest) (sdk.Step, error) {
	return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil) // it never asks anything
}

func (b piggyBank) Fetch(_ context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	if req.State.Version != 1 {
		return sdk.Fail(sdk.SecretUnreadable, nil)
	}
	currency := b.currency
	if currency == "" {
		currency = "EUR"
	}
	items := []sdk.Item{
		sdk.AccountItem{Account: sdk.Account{
			Ref: "pig", BankID: "pig", StableID: true, Type: sdk.Savings,
			Name: "Pig of " + string(req.State.Data), Currency: currency, Status: sdk.AccountOpen,
		}},
	}
	if req.Mode == sdk.FetchAll && !slices.Contains(req.Skip, "pig") {
		items = append(items,
			sdk.BalancesItem{Account: "pig", Balances: []sdk.Balance{{Type: sdk.BalanceBooked, Amount: "12.30", Currency: currency}}},
			sdk.TransactionsItem{Account: "pig", Transactions: []sdk.Transaction{
				{BankID: "1", Amount: "20.00", Currency: currency, Status: sdk.Booked, BookingDate: "2026-01-02", Label: "From grandmother"},
				{BankID: "2", Amount: "-7.70", Currency: currency, Status: sdk.Booked, BookingDate: "2026-01-09", Label: "Sweets"},
			}})
	}
	items = append(items, sdk.AccountDoneItem{Account: "pig", From: req.Window.Default, To: req.Window.To})
	for _, item := range items {
		if err := sink.Send(item); err != nil {
			return err
		}
	}
	return nil
}
