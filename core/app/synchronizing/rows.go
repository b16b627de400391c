package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// rows reconciles what was read of an account with what is known of it;
// elsewhere says that another channel read what is known.
func (b *books) rows(ctx context.Context, account ledger.Account, report ledger.Report, elsewhere bool) (ledger.Changes, error) {
	var covered ledger.Window
	if report.Read {
		covered = ledger.Window{From: report.From, To: report.To}
	}
	today := b.day(b.now)
	from, to := ledger.Reach(report.Rows, covered, today)
	known, err := b.tx.Transactions().Between(ctx, account.ID, from, to)
	if err != nil {
		return ledger.Changes{}, err
	}
	changes := ledger.Reconcile(known, ledger.Reading{
		Account: account, Rows: report.Rows, Covered: covered, Partial: !report.Read, Now: b.now, Today: today, Describe: b.describe,
		Synchronization: b.run.ID, Elsewhere: elsewhere,
		NewID: func() ident.Transaction { return ident.New[ident.Transaction](b.IDs) },
	})
	b.counts.added += len(changes.Added)
	b.counts.modified += len(changes.Modified)
	b.counts.removed += len(changes.Removed)
	b.fresh = append(append(b.fresh, changes.Added...), changes.Modified...)
	return changes, b.keep(ctx, changes.Store(), changes.Revisions)
}

// keep stores rows and what changed in them.
func (b *books) keep(ctx context.Context, rows []ledger.Transaction, revisions []ledger.Revision) error {
	if err := b.tx.Transactions().Put(ctx, rows...); err != nil || len(revisions) == 0 {
		return err
	}
	return b.tx.Revisions().Add(ctx, b.owner(), revisions...)
}

func (b *books) owner() store.Owner { return store.Owner{Client: b.run.ClientID, User: b.run.UserID} }

// failureOf says why an account was not read. A plugin that says neither "done"
// nor "failed" left it unfinished, unless the fetch was cut short before.
func (b *books) failureOf(item *item) *provider.Failure {
	readable := item.report.Status == "" || item.report.Status == ledger.Active
	switch {
	case item.failure != nil:
		return item.failure
	case item.report.Read || b.run.Type != synchronization.All || !readable:
		return nil
	case b.read.cut != nil:
		return b.read.cut
	}
	return &provider.Failure{Code: provider.BadData, Whose: provider.Plugin}
}

// problemWith is a failure in words for the user.
func problemWith(failure *provider.Failure) *synchronization.Problem {
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
