// Command flood is a provider plugin that has nothing to do but to send rows: it
// is how a plugin's stream is measured. It contacts nobody.
package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

// batch is how many rows go into one message, as the SDK advises.
const batch = 100

func main() {
	serve.Main(func(settings serve.Settings) (sdk.Provider, error) {
		text := settings.Get("rows")
		if text == "" {
			return flood{}, nil
		}
		rows, err := strconv.Atoi(text)
		return flood{rows}, err
	})
}

type flood struct{ rows int }

// Describe implements sdk.Provider.
func (flood) Describe(context.Context) (sdk.Description, error) {
	return sdk.Description{Plugin: "flood", Version: "1.0.0", Providers: []sdk.ProviderInfo{{
		ID: "flood", Name: "Flood", Country: "FR",
		Channels: []sdk.ChannelDefinition{{
			ID: "flood-embedded", Type: sdk.Embedded, AccountTypes: []sdk.AccountType{sdk.Checkings},
			CredentialFields: []sdk.Field{{Name: "name", Type: sdk.FieldText, Label: sdk.Text{"en": "Any name", "fr": "Un nom"}, Required: true}},
		}},
	}}}, nil
}

// Begin implements sdk.Provider. To whom is called so the bank is down: it lets
// everybody wait, and does not answer.
func (flood) Begin(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	if req.Credentials["name"] == "down" {
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
		return sdk.Step{}, sdk.Fail(sdk.ProviderUnavailable, nil)
	}
	return sdk.Step{Ready: &sdk.Ready{}}, nil
}

// Continue implements sdk.Provider.
func (flood) Continue(context.Context, sdk.ContinueRequest) (sdk.Step, error) {
	return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
}

// Fetch implements sdk.Provider.
func (f flood) Fetch(_ context.Context, _ sdk.FetchRequest, sink sdk.Sink) error {
	account := sdk.Account{Ref: "flood", BankID: "flood", StableID: true, Type: sdk.Checkings, Name: "Flood", Currency: "EUR", Status: sdk.AccountOpen}
	if err := sink.Send(sdk.AccountItem{Account: account}); err != nil {
		return err
	}
	for n := 0; n < f.rows; n += batch {
		rows := make([]sdk.Transaction, min(batch, f.rows-n))
		for i := range rows {
			rows[i] = sdk.Transaction{
				BankID: fmt.Sprint("row-", n+i), Amount: "-12.30", Currency: "EUR", Status: sdk.Booked, BookingDate: "2026-01-02",
				ValueDate: "2026-01-03", Label: "CARD SHOP 17", Raw: []byte(`{"id":"row","amount":"-12.30","label":"CARD SHOP 17"}`),
			}
		}
		if err := sink.Send(sdk.TransactionsItem{Account: "flood", Transactions: rows}); err != nil {
			return err
		}
	}
	return sink.Send(sdk.AccountDoneItem{Account: "flood", To: "2026-01-03"})
}
