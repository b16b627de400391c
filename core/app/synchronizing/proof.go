package synchronizing

import (
	"context"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// lookBack is how many checks a gap is looked at together with.
const lookBack = 30

// proof compares rows with balances, since the last run or since one before it.
func (b *books) proof(ctx context.Context, before ledger.Account, report ledger.Report, changes ledger.Changes) (ledger.Integrity, error) {
	found := b.compare(before, report, changes)
	if found.State != ledger.Gap {
		return found, nil
	}
	past, err := b.tx.Balances().Of(ctx, b.owner(), before.ID, store.Page{Limit: lookBack})
	if err != nil {
		return ledger.Integrity{}, err
	}
	return found.Since(past.Items), nil
}

// compare needs a balance told together with the last rows, and one told with
// these. A balance whose day the bank does not tell was right when it was read.
func (b *books) compare(before ledger.Account, report ledger.Report, changes ledger.Changes) ledger.Integrity {
	if before.LastSuccessAt.IsZero() || !before.LastAttemptAt.Equal(before.LastSuccessAt) {
		return ledger.Integrity{State: ledger.NotComputable}
	}
	opening, closing := ledger.BookedBalance(before.Balances), ledger.BookedBalance(report.Balances)
	if opening.AsOf.IsZero() {
		opening.AsOf = before.LastSuccessAt
	}
	if closing.AsOf.IsZero() {
		closing.AsOf = b.now
	}
	return ledger.CheckBalance(opening, closing, changes.Booked, b.zone)
}

func gapOf(i ledger.Integrity) *synchronization.Gap {
	if i.State != ledger.Gap {
		return nil
	}
	return &synchronization.Gap{Missing: i.Missing, From: i.From, To: i.To}
}

// record keeps what this run learned of an account's balances.
func (b *books) record(ctx context.Context, account ledger.Account, integrity ledger.Integrity) error {
	if len(account.Balances) == 0 {
		return nil
	}
	return b.tx.Balances().Put(ctx, b.owner(), ledger.BalanceRecord{
		AccountID: account.ID, Synchronization: b.run.ID, ReadAt: b.now, Balance: account.Balance, Balances: account.Balances, Integrity: integrity,
	})
}
