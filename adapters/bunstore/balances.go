package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

type balanceRow struct {
	bun.BaseModel   `bun:"table:balance_records"`
	AccountID       ident.Account         `bun:"account_id,pk"`
	Synchronization ident.Synchronization `bun:"synchronization_id,pk"`
	ClientID        ident.Client          `bun:"client_id"`
	UserID          ident.User            `bun:"user_id"`
	ReadAt          int64                 `bun:"read_at"`
	Balance         text                  `bun:"balance,nullzero"`
	Balances        text                  `bun:"balances,nullzero"`
	Integrity       ledger.IntegrityState `bun:"integrity"`
	Missing         text                  `bun:"missing,nullzero"`
	GapFrom         bank.Day              `bun:"gap_from"`
	GapTo           bank.Day              `bun:"gap_to"`
}

func balanceRowOf(owner store.Owner, r ledger.BalanceRecord) balanceRow {
	return balanceRow{
		AccountID: r.AccountID, Synchronization: r.Synchronization, ClientID: owner.Client, UserID: owner.User, ReadAt: micros(r.ReadAt),
		Balance: toText(amountTextOf(r.Balance)), Balances: toText(each(r.Balances, balanceTextOf)), Integrity: r.Integrity.State,
		Missing: toText(amountTextOf(r.Integrity.Missing)), GapFrom: r.Integrity.From, GapTo: r.Integrity.To,
	}
}

func (r balanceRow) domain() (ledger.BalanceRecord, error) {
	record := ledger.BalanceRecord{
		AccountID: r.AccountID, Synchronization: r.Synchronization, ReadAt: instant(r.ReadAt),
		Integrity: ledger.Integrity{State: r.Integrity, From: r.GapFrom, To: r.GapTo},
	}
	var err error
	if record.Balance, err = amountFrom(r.Balance); err != nil {
		return record, err
	}
	if record.Integrity.Missing, err = amountFrom(r.Missing); err != nil {
		return record, err
	}
	record.Balances, err = balancesFrom(r.Balances)
	return record, err
}

func (r balanceRow) place() store.Key { return keyOf(r.ReadAt, string(r.Synchronization)) }

type balances struct{ *transaction }

func (t balances) Put(ctx context.Context, owner store.Owner, r ledger.BalanceRecord) error {
	if t.readOnly {
		return errReadOnly
	}
	if _, err := accounts(t).Get(ctx, owner, r.AccountID); err != nil {
		return err
	}
	row := balanceRowOf(owner, r)
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (account_id, synchronization_id) DO UPDATE").Exec(ctx)
	return t.store.fail(err)
}

func (t balances) Of(ctx context.Context, owner store.Owner, account ident.Account, page store.Page) (store.Slice[ledger.BalanceRecord], error) {
	by := byTime[ident.Synchronization]("read_at", true)
	by.id = "synchronization_id"
	return list[balanceRow](ctx, t.transaction, by, page, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q, owner, term{"account_id", string(account)})
	})
}
