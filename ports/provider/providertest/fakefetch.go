package providertest

import (
	"context"
	"strings"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// Fetch implements the port.
func (Fake) Fetch(ctx context.Context, req provider.Fetch, sink provider.Sink) error {
	if err := checked(ctx, req.Session, req.State, req.Secrets); err != nil {
		return err
	}
	login := string(req.State.Data.Reveal())
	if login == "stale" && !strings.HasSuffix(string(req.Secrets.Data.Reveal()), "+") {
		return fail(provider.SecretStale, provider.Plugin)
	}
	for _, tell := range script(ctx, login, req.Window, sink) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := tell(); err != nil {
			return err
		}
	}
	return nil
}

// script is what the rehearsal tells, in its order.
func script(ctx context.Context, login string, w provider.Window, sink provider.Sink) []func() error {
	second := func() error { return sink.Done("a2", w.Default, w.To) }
	if login == "partial" {
		second = func() error {
			return sink.Failed("a2", provider.ScopeTransactions, fail(provider.ProviderUnavailable, provider.Bank))
		}
	}
	return []func() error{
		func() error { return sink.Account("a1", checkings(login)) },
		func() error { return hold(ctx, login) },
		func() error { return sink.Progress(synchronization.StageAccounts, 1, 2) },
		func() error { return sink.Account("a2", savings(login)) },
		func() error { return sink.Balances("a1", balances()) },
		func() error { return sink.Progress(synchronization.StageFull, 0, 2) },
		func() error { return sink.Rows("a1", rows()) },
		func() error {
			return sink.Used(provider.Usage{Account: "a1", Scope: provider.ScopeTransactions, Count: 1})
		},
		func() error { return sink.Done("a1", w.Default, w.To) },
		second,
	}
}

func hold(ctx context.Context, login string) error {
	if login == "slow" {
		<-ctx.Done()
	}
	return ctx.Err()
}

func checkings(login string) ledger.Report {
	return ledger.Report{
		BankID: "a1", StableID: true, Type: bank.Checkings, Status: ledger.Active, Name: "Everyday", Holder: login,
		Currency: "EUR", CreditLimit: money.Must("500.00", "EUR"),
	}
}

func savings(login string) ledger.Report {
	return ledger.Report{BankID: "a2", Type: bank.Savings, Status: ledger.Closed, Name: "Reserve", Holder: login, Currency: "EUR"}
}

func balances() []ledger.Balance {
	return []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("-12.30", "EUR")}}
}

func rows() []ledger.Row {
	return []ledger.Row{
		{BankID: "t3", Amount: money.Must("-7.70", "EUR"), Status: ledger.Booked, BookingDate: "2026-01-09", Label: "Café"},
		{BankID: "t2", Amount: money.Must("-4.60", "EUR"), Status: ledger.Pending, TransactionDate: "2026-01-10", Label: "Bakery"},
		{BankID: "t1", Amount: money.Must("1500", "EUR"), Status: ledger.Booked, BookingDate: "2026-01-02", Label: "Salary"},
	}
}
