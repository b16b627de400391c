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
	keys, from, to := transferring(b.fresh)
	if len(keys) == 0 {
		return nil
	}
	others, err := b.tx.Transactions().Transfers(ctx, b.owner(), keys, from.AddDays(-transferMargin), to.AddDays(transferMargin))
	if err != nil {
		return err
	}
	changed, revisions := ledger.PairTransfers(b.fresh, others, b.now)
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
