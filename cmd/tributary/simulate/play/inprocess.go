package play

import (
	"context"
	"errors"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	catalogue "github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/provider"
)

// ProviderID names the simulated bank in the catalogue.
const ProviderID = "simulated"

// inProcess plays the bank without a process between.
type inProcess struct{ ear *ear }

func (p *inProcess) Providers(context.Context) ([]catalogue.Provider, error) {
	fields := []form.Field{{Name: "life", Type: form.Text, Required: true}}
	return []catalogue.Provider{{ID: ProviderID, Name: "Simulated", Country: "FR", Channels: []catalogue.Channel{
		{ID: life.Redirect, Type: bank.Redirect, Plugin: "simulated", Health: catalogue.Up, CredentialFields: fields}, {ID: life.Embedded, Type: bank.Embedded, Plugin: "simulated", Health: catalogue.Up, CredentialFields: fields},
	}}}, nil
}

func (p *inProcess) Provider(ctx context.Context, id string) (catalogue.Provider, error) {
	all, err := p.Providers(ctx)
	if err != nil || id != ProviderID {
		return catalogue.Provider{}, catalogue.ErrNotFound
	}
	return all[0], nil
}

var down = &provider.Failure{Code: provider.ProviderUnavailable, Whose: provider.Bank}

func (p *inProcess) Begin(context.Context, provider.Begin) (provider.Step, error) {
	visit := p.ear.bank.Life.Visits[p.ear.visit]
	if visit.Fault.Kind == life.Refused {
		return provider.Step{}, down
	}
	return provider.Step{Ready: &provider.Ready{
		State: provider.State{Version: 1, Data: secret.FromBytes([]byte("session"))}, Consent: &provider.Consent{ID: visit.Agreement()},
	}}, nil
}

func (p *inProcess) Continue(context.Context, provider.Continue) (provider.Step, error) {
	return provider.Step{}, &provider.Failure{Code: provider.NotSupported, Whose: provider.Plugin}
}

func (p *inProcess) Refresh(context.Context, provider.Refresh) (provider.Ready, error) {
	return provider.Ready{}, &provider.Failure{Code: provider.NotSupported, Whose: provider.Plugin}
}

func (p *inProcess) End(context.Context, provider.End) error { return nil }

// Fetch streams an answer as a plugin would.
func (p *inProcess) Fetch(_ context.Context, req provider.Fetch, sink provider.Sink) error {
	answer := p.ear.ask(req)
	for _, told := range answer.Streamed() {
		if err := p.tell(told, sink); err != nil {
			return err
		}
	}
	if answer.Broken {
		return down
	}
	return nil
}

func (p *inProcess) tell(t life.Told, sink provider.Sink) error {
	report := ledger.Report{
		BankID: t.BankID, StableID: t.Stable, Type: bank.AccountType(t.Type), Status: ledger.Active, Name: t.Name, Holder: t.Holder,
		IBAN: t.IBAN, Number: t.Number, Currency: t.Currency,
	}
	if t.Closed {
		report.Status = ledger.Closed
	}
	ref := t.BankID
	if err := sink.Account(ref, report); err != nil || t.Unread {
		return err
	}
	var errs []error
	if balances := p.balances(t); len(balances) > 0 {
		errs = append(errs, sink.Balances(ref, balances))
	}
	rows := make([]ledger.Row, 0, len(t.Rows))
	for _, row := range t.Rows {
		rows = append(rows, rowOf(row, t.Currency))
	}
	errs = append(errs, sink.Rows(ref, rows))
	switch {
	case t.NoBalance:
		errs = append(errs, sink.Failed(ref, provider.ScopeBalances, down))
	case t.NoRows:
		errs = append(errs, sink.Failed(ref, provider.ScopeTransactions, down))
	}
	if t.Done {
		errs = append(errs, sink.Done(ref, bank.Day(t.From), bank.Day(t.To)))
	}
	return errors.Join(errs...)
}

func (p *inProcess) balances(t life.Told) (balances []ledger.Balance) {
	for _, b := range []struct {
		kind   ledger.BalanceType
		amount string
	}{{ledger.BalanceBooked, t.Booked}, {ledger.BalanceExpected, t.Expected}} {
		if b.amount != "" {
			at := p.ear.bank.Life.Visits[p.ear.visit].At
			balances = append(balances, ledger.Balance{Type: b.kind, Amount: money.Must(b.amount, t.Currency), AsOf: at})
		}
	}
	return balances
}

func rowOf(row life.Row, currency string) ledger.Row {
	return ledger.Row{
		BankID: row.ID, Amount: money.Must(row.Amount, currency), Status: ledger.Status(row.Status), Type: ledger.Type(row.Kind),
		BookingDate: bank.Day(row.Booking), ValueDate: bank.Day(row.Value), TransactionDate: bank.Day(row.Acted), Label: row.Label,
		Counterparty: row.Counterparty, MerchantCode: row.MerchantCode, Raw: row.Raw,
	}
}
