// Command faulty is a provider plugin that does one thing wrong. The credential
// "mode" says which, so that one process serves good and bad connections at the
// same time.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

func main() {
	serve.Main(func(serve.Settings) (sdk.Provider, error) { return provider{}, nil })
}

type provider struct{}

func (provider) Describe(context.Context) (sdk.Description, error) {
	return sdk.Description{Plugin: "faulty", Version: "1.0.0", Providers: []sdk.ProviderInfo{{
		ID: "faulty", Name: "Faulty", Country: "FR",
		Channels: []sdk.ChannelDefinition{{
			ID: "faulty-embedded", Type: sdk.Embedded, AccountTypes: []sdk.AccountType{sdk.Savings},
			CredentialFields: []sdk.Field{{Name: "mode", Type: sdk.FieldText, Required: true, Label: sdk.Text{"en": "Mode"}}},
		}},
	}}}, nil
}

func (provider) Begin(_ context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	mode := req.Credentials["mode"]
	if secret, tells := strings.CutPrefix(mode, "tells:"); tells {
		return sdk.Step{}, fmt.Errorf("GET https://ana:%s@bank.example: refused", secret)
	}
	switch mode {
	case "crashes":
		os.Exit(7)
	case "panics":
		go panic("faulty: on purpose") // in a goroutine of its own, where nothing recovers it
		select {}
	case "hangs":
		select {}
	case "prints":
		fmt.Println("1|1|unix|/tmp/nowhere|grpc|")
		_, _ = syscall.Write(1, []byte("straight to the descriptor\n"))
	case "says-nothing":
		return sdk.Step{}, nil
	}
	return sdk.Step{Ready: &sdk.Ready{State: sdk.Bundle{Version: 1, Data: []byte(mode)}}}, nil
}

func (provider) Continue(context.Context, sdk.ContinueRequest) (sdk.Step, error) {
	return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
}

func (provider) Fetch(_ context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	if err := sink.Send(sdk.AccountItem{Account: sdk.Account{
		Ref: "1", BankID: "1", StableID: true, Type: sdk.Savings, Name: "Savings", Currency: "EUR", Status: sdk.AccountOpen,
	}}); err != nil {
		return err
	}
	switch string(req.State.Data) {
	case "exits-in-the-middle":
		os.Exit(0)
	case "prints":
		fmt.Println("in the middle of a stream")
	case "sends-nonsense":
		return sink.Send(sdk.BalancesItem{Account: "1", Balances: []sdk.Balance{{Type: sdk.BalanceBooked, Amount: "a lot", Currency: "EUR"}}})
	case "names-a-stranger":
		return sink.Send(sdk.BalancesItem{Account: "2", Balances: []sdk.Balance{{Type: sdk.BalanceBooked, Amount: "1.00", Currency: "EUR"}}})
	}
	if err := sink.Send(sdk.BalancesItem{Account: "1", Balances: []sdk.Balance{{Type: sdk.BalanceBooked, Amount: "5.00", Currency: "EUR"}}}); err != nil {
		return err
	}
	return sink.Send(sdk.AccountDoneItem{Account: "1", From: req.Window.Default, To: req.Window.To})
}
