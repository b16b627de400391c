package conformance

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// dot is a picture of one pixel.
var dot = func() []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return out.Bytes()
}()

// sample is a provider that keeps the contract, but for the fault it is given.
type sample struct {
	fault string
	// described counts, for the fault that needs it.
	described *int
}

func (s sample) Describe(context.Context) (sdk.Description, error) {
	*s.described++
	name := "Sample"
	if s.fault == "describes-otherwise" && *s.described > 1 {
		name = "Simple"
	}
	logo := sdk.Image{MediaType: "image/png", Data: dot}
	if s.fault == "tells-a-page-as-its-logo" {
		logo.Data = []byte("<html>")
	}
	return sdk.Description{Plugin: "sample", Version: "1.0.0", Providers: []sdk.ProviderInfo{{
		ID: "sample", Name: name, Country: "FR", LogoURL: logo.URL(), Channels: []sdk.ChannelDefinition{{
			ID: "sample-embedded", Type: sdk.Embedded, AccountTypes: []sdk.AccountType{sdk.Checkings},
			CredentialFields: []sdk.Field{{Name: "login", Type: sdk.FieldText}, {Name: "password", Type: sdk.FieldPassword}},
		}},
	}}}, nil
}

func bundle(text string) sdk.Bundle { return sdk.Bundle{Version: 1, Data: []byte(text)} }

func (s sample) Begin(_ context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	asked := &sdk.Challenge{
		ID: "1", Type: sdk.ChallengeForm, Holding: sdk.Durable, State: bundle(req.Credentials["login"]),
		Fields: []sdk.Field{{Name: "code", Type: sdk.FieldText}}, Resend: &sdk.Resend{Left: 1},
	}
	switch {
	case req.Session.ProviderID != "sample" && s.fault != "takes-any-provider",
		req.Session.ChannelID != "sample-embedded" && s.fault != "takes-any-channel":
		return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
	case req.Secrets.Version > 1 && s.fault != "guesses":
		return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, nil)
	case req.Credentials["password"] != "right" && s.fault == "fails-untyped":
		return sdk.Step{}, context.Canceled
	case req.Credentials["password"] != "right" && s.fault != "takes-any-password":
		failure := sdk.Fail(sdk.AuthFailed, nil)
		failure.Fields = []string{"password"}
		if s.fault == "names-strange-fields" {
			failure.Fields = []string{"shoe-size"}
		}
		return sdk.Step{}, failure
	case !req.Secrets.Empty():
		return sdk.Step{Ready: &sdk.Ready{State: bundle(req.Credentials["login"])}}, nil
	case req.PSU == nil && s.fault != "challenges-nobody":
		return sdk.Step{}, sdk.Fail(sdk.ChallengeRequired, nil)
	}
	return sdk.Step{Challenge: asked}, nil
}

func (s sample) Continue(_ context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	if s.fault == "never-opens" {
		return sdk.Step{Challenge: &sdk.Challenge{ID: "1", Type: sdk.ChallengeDecoupled, Holding: sdk.Durable}}, nil
	}
	if req.Resend && s.fault != "takes-it-for-an-answer" {
		return s.again(req)
	}
	return sdk.Step{Ready: &sdk.Ready{State: req.State, Secrets: bundle("trusted")}}, nil
}

func (s sample) again(req sdk.ContinueRequest) (sdk.Step, error) {
	asked := &sdk.Challenge{
		ID: req.ChallengeID, Type: sdk.ChallengeForm, Holding: sdk.Durable, State: req.State,
		Fields: []sdk.Field{{Name: "code", Type: sdk.FieldText}}, Resend: &sdk.Resend{},
	}
	switch s.fault {
	case "refuses-for-now":
		return sdk.Step{}, sdk.Fail(sdk.RateLimited, nil)
	case "ends-when-asked-again":
		return sdk.Step{}, sdk.Fail(sdk.ChallengeExpired, nil)
	case "counts-up":
		asked.Resend.Left = 2
	}
	return sdk.Step{Challenge: asked}, nil
}

func (s sample) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	if req.State.Version != 1 && s.fault != "guesses-at-fetch" {
		return sdk.Fail(sdk.SecretUnreadable, nil)
	}
	id := string(req.State.Data)
	if s.fault == "mixes-sessions" && strings.HasPrefix(req.Session.ID, "together") {
		id = "someone-else"
	}
	for _, item := range s.items(id, req) {
		err := sink.Send(item)
		if err != nil && s.fault != "ignores-the-sink" {
			return err
		}
		if s.fault == "ignores-the-context" && strings.HasPrefix(req.Session.ID, "context") {
			select {}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if s.fault == "ignores-the-sink" {
		return nil
	}
	return ctx.Err()
}

func (s sample) items(id string, req sdk.FetchRequest) []sdk.Item {
	account := sdk.Account{Ref: "1", BankID: id, Type: sdk.Checkings, Currency: "EUR"}
	row := sdk.Transaction{Amount: "-20.00", Currency: "EUR", Status: sdk.Booked, Type: sdk.TypeATM, BookingDate: "2026-01-15"}
	switch s.fault {
	case "tells-strange-types":
		account.Type = sdk.Loan
	case "tells-positive-debits":
		row.Amount = "20.00"
	case "leaves-the-window":
		row.BookingDate = "2025-01-01"
	case "forgets-its-accounts":
		account.BankID += "-" + req.Session.ID
	}
	out := []sdk.Item{sdk.AccountItem{Account: account}}
	if (req.Mode == sdk.FetchAll || s.fault == "reads-in-lists") && (!slices.Contains(req.Skip, id) || s.fault == "reads-skipped") {
		out = append(out, sdk.TransactionsItem{Account: "1", Transactions: []sdk.Transaction{row}})
	}
	if s.fault != "never-done" {
		out = append(out, sdk.AccountDoneItem{Account: "1"})
	}
	return out
}

// ending adds the optional interfaces.
type ending struct {
	sample
	ended *int
}

func (e ending) End(context.Context, sdk.EndRequest) error {
	*e.ended++
	if e.fault == "ends-once" && *e.ended > 1 {
		return sdk.Fail(sdk.Technical, nil)
	}
	return nil
}

func (e ending) Refresh(_ context.Context, req sdk.RefreshRequest) (sdk.Ready, error) {
	if req.Secrets.Version != 1 && e.fault != "guesses-at-refresh" {
		return sdk.Ready{}, sdk.Fail(sdk.SecretUnreadable, nil)
	}
	return sdk.Ready{Secrets: bundle("fresh")}, nil
}
