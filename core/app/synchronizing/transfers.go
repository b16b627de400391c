package synchronizing

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// transferMargin is how far around the fresh rows their counterparts are looked
// for, in days: what a transfer takes, and what the dates of one row may differ.
const transferMargin = 10

// transfers links the fresh rows with their other sides on the user's other
// accounts, whatever connection these belong to.
func (b *books) transfers(ctx context.Context) error {
	fresh, others, err := b.sides(ctx)
	if err != nil || len(fresh) == 0 {
		return err
	}
	changed, revisions := ledger.PairTransfers(fresh, others, b.now)
	told := map[ident.Transaction]bool{}
	for _, t := range b.fresh {
		told[t.ID] = true
	}
	for _, t := range changed {
		if !told[t.ID] {
			b.counts.modified++
		}
	}
	return b.keep(ctx, changed, revisions)
}

// sides are the fresh rows that may have another side, and what that may be. Of a
// long history of one account most rows have none: what stands on other accounts
// is asked for first, and the account's own rows only where that left a question.
func (b *books) sides(ctx context.Context) (fresh, others []ledger.Transaction, err error) {
	fresh = b.fresh
	if account := onlyAccount(fresh); account != "" {
		if others, err = b.like(ctx, fresh, account); err != nil {
			return nil, nil, err
		}
		fresh = sharing(fresh, others)
	}
	others, err = b.like(ctx, fresh, "")
	return fresh, others, err
}

// like gives what could be a side of the same transfers as some rows, but for what
// is on one account.
func (b *books) like(ctx context.Context, rows []ledger.Transaction, except ident.Account) ([]ledger.Transaction, error) {
	keys, from, to := transferring(rows)
	if len(keys) == 0 {
		return nil, nil
	}
	return b.tx.Transactions().Transfers(ctx, b.owner(), keys, from.AddDays(-transferMargin), to.AddDays(transferMargin), except)
}

// onlyAccount is the account of all rows, empty where there are several.
func onlyAccount(rows []ledger.Transaction) ident.Account {
	if len(rows) == 0 || slices.ContainsFunc(rows, func(t ledger.Transaction) bool { return t.AccountID != rows[0].AccountID }) {
		return ""
	}
	return rows[0].AccountID
}

// sharing are the rows that have the key of another one.
func sharing(rows, others []ledger.Transaction) (shared []ledger.Transaction) {
	keys := map[string]bool{}
	for _, t := range others {
		keys[t.TransferKey()] = true
	}
	for _, t := range rows {
		if key := t.TransferKey(); key != "" && keys[key] {
			shared = append(shared, t)
		}
	}
	return shared
}

// transferring gives the keys of rows that can be a side of a transfer, and the
// days between which they lie.
func transferring(rows []ledger.Transaction) (keys []string, from, to bank.Day) {
	for _, t := range rows {
		key := t.TransferKey()
		if key == "" {
			continue
		}
		if len(keys) == 0 {
			from, to = t.EffectiveDate, t.EffectiveDate
		}
		keys, from, to = append(keys, key), min(from, t.EffectiveDate), max(to, t.EffectiveDate)
	}
	slices.Sort(keys)
	return slices.Compact(keys), from, to
}
