package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// rows reconciles what was read of an account with what is known of it.
func (b *books) rows(ctx context.Context, account ledger.Account, report ledger.Report) (ledger.Changes, error) {
	var covered ledger.Window
	if report.Read {
		covered = ledger.Window{From: report.From, To: report.To}
	}
	today := bank.DayOf(b.now)
	from, to := ledger.Reach(report.Rows, covered, today)
	known, err := b.tx.Transactions().Between(ctx, account.ID, from, to)
	if err != nil {
		return ledger.Changes{}, err
	}
	changes := ledger.Reconcile(known, ledger.Reading{
		Account: account, Rows: report.Rows, Covered: covered, Now: b.now, Today: today, Describe: legible,
		NewID: func() ident.Transaction { return ident.New[ident.Transaction](b.IDs) },
	})
	b.counts.added += len(changes.Added)
	b.counts.modified += len(changes.Modified)
	b.counts.removed += len(changes.Removed)
	return changes, b.tx.Transactions().Put(ctx, changes.Store()...)
}

// legible is a row for people: a clean label, the merchant, a category.
func legible(row ledger.Row) ledger.Description {
	label, merchant := category.CleanLabel(row.Label)
	assigned := category.Assign(category.Movement{
		Amount: row.Amount, Type: string(row.Type), Label: row.Label, Counterparty: row.Counterparty, MerchantCode: row.MerchantCode,
	})
	return ledger.Description{
		Label: label, Merchant: merchant,
		Category: ledger.Category{ID: assigned.ID, Source: assigned.Source, Confidence: assigned.Confidence},
	}
}

// problemOf says what was not read of an account. A plugin that says neither
// "done" nor "failed" left it unfinished.
func (b *books) problemOf(item *item) *synchronization.Problem {
	failure := item.failure
	readable := item.report.Status == "" || item.report.Status == ledger.Active
	if failure == nil && !item.report.Read && b.run.Type == synchronization.All && readable {
		failure = &provider.Failure{Code: provider.BadData, Whose: provider.Plugin}
	}
	if failure == nil {
		return nil
	}
	status := statusOf(failure.Code)
	message := failure.Message
	if message == nil {
		message = connection.Sentence(status)
	}
	return &synchronization.Problem{Code: string(status), Message: message}
}

// describe takes over what the bank says of an account; what it leaves out stays.
func describe(a *ledger.Account, r ledger.Report, now time.Time) {
	if a.Status = r.Status; a.Status == "" {
		a.Status = ledger.Active
	}
	if r.Type != "" {
		a.Type = r.Type
	}
	for _, text := range []struct {
		own  *string
		told string
	}{{&a.Name, r.Name}, {&a.Holder, r.Holder}, {&a.IBAN, r.IBAN}, {&a.Number, r.Number}, {&a.Currency, r.Currency}} {
		if text.told != "" {
			*text.own = text.told
		}
	}
	if r.BankID != "" {
		a.BankID, a.StableID = r.BankID, r.StableID
	}
	if !r.CreditLimit.IsZero() {
		a.CreditLimit = r.CreditLimit
	}
	if len(r.Balances) == 0 {
		return
	}
	a.Balances = r.Balances
	a.Balance, a.BalanceAsOf = ledger.BalanceOf(r.Balances, a.CreditLimit)
	if a.BalanceAsOf.IsZero() {
		a.BalanceAsOf = now
	}
}
