package pluginhost

import (
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/plugins/sdk"
	port "github.com/tributary-dev/tributary/ports/provider"
)

func stateOf(b sdk.Bundle) port.State {
	if b.Empty() {
		return port.State{Version: b.Version}
	}
	return port.State{Version: b.Version, Data: secret.FromBytes(b.Data)}
}

func stepOf(s sdk.Step) (port.Step, error) {
	if s.Challenge == nil {
		ready := readyOf(*s.Ready)
		return port.Step{Ready: &ready}, nil
	}
	challenge := challengeOf(*s.Challenge)
	if told := s.Challenge.Image; told != nil {
		drawn, err := redrawn(*told)
		if err != nil {
			return port.Step{}, err
		}
		challenge.Asked.Image = drawn
	}
	return port.Step{Challenge: challenge}, nil
}

func challengeOf(c sdk.Challenge) *port.Challenge {
	asked := connection.Challenge{
		Ref: c.ID, Type: connection.ChallengeType(c.Type), Message: textOf(c.Message),
		Fields: each(c.Fields, fieldOf), Options: each(c.Options, choiceOf), URL: c.URL,
		ExpiresAt: c.ExpiresAt, PollAfter: c.PollAfter, Live: c.Holding == sdk.Live,
	}
	if c.Image != nil {
		asked.Image = &connection.Picture{MediaType: c.Image.MediaType, Data: c.Image.Data}
	}
	if c.Resend != nil {
		asked.Resend = &connection.Resend{AvailableAt: c.Resend.AvailableAt, Left: c.Resend.Left}
	}
	return &port.Challenge{Asked: asked, State: stateOf(c.State)}
}

func readyOf(r sdk.Ready) port.Ready {
	out := port.Ready{State: stateOf(r.State), Secrets: stateOf(r.Secrets), ExpiresAt: r.ExpiresAt}
	if c := r.Consent; c != nil {
		out.Consent = &port.Consent{ID: c.ID, ValidUntil: c.ValidUntil, Accounts: c.Accounts, Scopes: words[port.Scope](c.Scopes)}
	}
	return out
}

// accountStatuses are the server's words for the bank's.
var accountStatuses = map[sdk.AccountStatus]ledger.AccountStatus{
	"": ledger.Active, sdk.AccountOpen: ledger.Active, sdk.AccountClosed: ledger.Closed, sdk.AccountSuspended: ledger.Suspended,
}

func reportOf(a sdk.Account) (ledger.Report, error) {
	limit, err := optionalAmount(a.CreditLimit, a.Currency)
	return ledger.Report{
		BankID: a.BankID, StableID: a.StableID, Type: bank.AccountType(a.Type), Status: accountStatuses[a.Status],
		Name: a.Name, Holder: a.Holder, IBAN: a.IBAN, Number: a.Number, Currency: a.Currency, CreditLimit: limit,
	}, err
}

func optionalAmount(text, currency string) (money.Amount, error) {
	if text == "" {
		return money.Amount{}, nil
	}
	return money.Parse(text, currency)
}

func balanceOf(b sdk.Balance) (ledger.Balance, error) {
	amount, err := money.Parse(b.Amount, b.Currency)
	return ledger.Balance{
		Type: ledger.BalanceType(b.Type), Amount: amount, AsOf: b.AsOf, CreditIncluded: b.CreditIncluded,
	}, err
}

func rowOf(t sdk.Transaction) (ledger.Row, error) {
	amount, err := money.Parse(t.Amount, t.Currency)
	return ledger.Row{
		BankID: t.BankID, Amount: amount, Status: ledger.Status(t.Status), Type: ledger.Type(t.Type),
		BookingDate: bank.Day(t.BookingDate), ValueDate: bank.Day(t.ValueDate), TransactionDate: bank.Day(t.TransactionDate),
		Label: t.Label, Counterparty: t.Counterparty, MerchantCode: t.MerchantCode, EndToEndID: t.EndToEndID,
		BalanceAfter: t.BalanceAfter, Raw: t.Raw,
	}, err
}

// try translates a list of which any may be wrong.
func try[A, B any](in []A, f func(A) (B, error)) ([]B, error) {
	out := make([]B, len(in))
	for i, v := range in {
		var err error
		if out[i], err = f(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}
