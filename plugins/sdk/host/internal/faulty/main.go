// Command faulty is a plugin that does one thing wrong, chosen by its first
// argument. The host's tests run it as a real process.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

func main() {
	mode := os.Args[1]
	if mode == "exits-at-once" {
		return
	}
	if mode == "prints-before-start" {
		fmt.Println("hello")
		_, _ = syscall.Write(1, []byte("hello from below\n1|1|unix|/tmp/nowhere|grpc|\n"))
	}
	serve.Main(func(settings serve.Settings) (sdk.Provider, error) {
		if mode == "refuses-settings" {
			_, err := settings.Required("base_url")
			return nil, err
		}
		if marker := settings.Get("marker"); marker != "" {
			serve.AtExit(func() { _ = os.WriteFile(marker, []byte("ended"), 0o600) })
		}
		return provider{mode}, nil
	})
}

type provider struct{ mode string }

func (p provider) Describe(context.Context) (sdk.Description, error) {
	version := "1.0.0"
	if p.mode == "describes-badly" {
		version = "tomorrow"
	}
	return sdk.Description{Plugin: "faulty", Version: version, Providers: []sdk.ProviderInfo{{
		ID: "faulty", Name: "Faulty", Country: "FR",
		Channels: []sdk.ChannelDefinition{{ID: "faulty-embedded", Type: sdk.Embedded, AccountTypes: []sdk.AccountType{sdk.Savings}}},
	}}}, nil
}

func (p provider) Begin(_ context.Context, _ sdk.BeginRequest) (sdk.Step, error) {
	switch p.mode {
	case "crashes":
		os.Exit(7)
	case "panics":
		panic("hunter2")
	case "panics-elsewhere":
		go panic("hunter2")
		select {}
	case "hangs":
		select {}
	case "stops":
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		select {} // it takes a moment
	case "prints":
		fmt.Println("from the provider")
		fmt.Fprintln(os.Stderr, "to the \x1b[31mlog")
		_, _ = syscall.Write(1, []byte("from below\n"))
	case "leaves-a-child":
		return step(p.child(true))
	case "tells-its-cause":
		return sdk.Step{}, fmt.Errorf("GET https://ada:hunter2@bank.example: refused")
	case "is-live":
		return sdk.Step{Challenge: &sdk.Challenge{
			ID: "1", Type: sdk.ChallengeDecoupled, Holding: sdk.Live, State: sdk.Bundle{Version: 1, Data: []byte("page")},
		}}, nil
	case "challenges-nobody":
		return sdk.Step{Challenge: &sdk.Challenge{ID: "1", Type: sdk.ChallengeDecoupled, Holding: sdk.Durable}}, nil
	case "breaks-the-contract":
		return sdk.Step{}, nil
	case "echoes-its-surroundings":
		return step(strings.Join(append(os.Environ(), os.Args...), "\n"))
	}
	return step("ready")
}

func step(state string) (sdk.Step, error) {
	return sdk.Step{Ready: &sdk.Ready{State: sdk.Bundle{Version: 1, Data: []byte(state)}}}, nil
}

func (p provider) Continue(_ context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	if req.Resend {
		return sdk.Step{}, sdk.Fail(sdk.RateLimited, nil)
	}
	os.Exit(0)
	return sdk.Step{}, nil
}

func (p provider) Fetch(_ context.Context, _ sdk.FetchRequest, sink sdk.Sink) error {
	account := sdk.AccountItem{Account: sdk.Account{Ref: "1", Type: sdk.Savings, Currency: "EUR"}}
	if err := sink.Send(account); err != nil {
		return err
	}
	switch p.mode {
	case "exits-mid-stream":
		os.Exit(0)
	case "hangs":
		select {}
	case "sends-without-end":
		for {
			if err := sink.Send(sdk.ProgressItem{Stage: sdk.StageFull}); err != nil {
				return err
			}
		}
	case "sends-too-much-at-once":
		return sink.Send(sdk.TransactionsItem{Account: "1", Transactions: make([]sdk.Transaction, 501)})
	}
	return nil
}

// child starts a process that holds our output open, and tells its number.
func (p provider) child(inherit bool) string {
	cmd := exec.CommandContext(context.Background(), "sleep", "60")
	if inherit {
		cmd.Stdout, cmd.Stderr = os.NewFile(1, "stdout"), os.NewFile(2, "stderr")
	}
	if err := cmd.Start(); err != nil {
		return err.Error()
	}
	return fmt.Sprint(cmd.Process.Pid)
}
