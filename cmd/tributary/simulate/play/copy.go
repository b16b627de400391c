package play

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// Copy is a client's own copy of the transactions, folded from the feed a few
// pages at a time, while they change.
type Copy struct {
	rows  map[ident.Transaction]ledger.Transaction
	gone  map[ident.Transaction]bool
	place store.Place
	wrong []string
}

func newCopy() *Copy {
	return &Copy{rows: map[ident.Transaction]ledger.Transaction{}, gone: map[ident.Transaction]bool{}}
}

// page is how much of the feed is read at once: little, so that it changes between.
const page = 40

// Follow takes over so many pages of the feed, or all there is (0).
func (l *Living) Follow(ctx context.Context, pages int) error {
	for i := 0; pages == 0 || i < pages; i++ {
		var changes store.Changes
		err := l.house.Store.View(ctx, func(tx store.Tx) (err error) {
			changes, err = tx.Feed().After(ctx, l.asker.Owner(), l.copy.place, page)
			return err
		})
		if err != nil {
			return err
		}
		l.copy.fold(changes)
		if !changes.More {
			return nil
		}
	}
	return nil
}

func (c *Copy) fold(changes store.Changes) {
	for _, rows := range [][]ledger.Transaction{changes.Added, changes.Modified} {
		for _, row := range rows {
			if c.gone[row.ID] {
				c.wrong = append(c.wrong, fmt.Sprintf("the feed tells %s after it was removed", row.ID))
			}
			c.rows[row.ID] = row
		}
	}
	for _, id := range changes.Removed {
		c.gone[id] = true
		delete(c.rows, id)
	}
	c.place = changes.Next
}

// Differences reads the feed to its end and says where the copy is not what
// the ledger shows.
func (l *Living) Differences(ctx context.Context) ([]string, error) {
	if err := l.Follow(ctx, 0); err != nil {
		return nil, err
	}
	left := maps.Clone(l.copy.rows)
	for at := (store.Page{Limit: 500}); ; {
		slice, err := l.reader.Transactions(ctx, l.asker, store.TransactionFilter{}, at)
		if err != nil {
			return nil, err
		}
		for _, row := range slice.Items {
			folded, there := left[row.ID]
			// A list leaves out what the API does not show.
			folded.Counterparty, folded.MerchantCode, folded.EndToEndID, folded.Revisions = row.Counterparty, row.MerchantCode, row.EndToEndID, row.Revisions
			switch {
			case !there:
				l.copy.wrong = append(l.copy.wrong, fmt.Sprintf("%s is shown and not in the feed", row.ID))
			case !ledger.SameShown(folded, row):
				l.copy.wrong = append(l.copy.wrong, fmt.Sprintf("%s is another in the feed: %+v, not %+v", row.ID, folded, row))
			}
			delete(left, row.ID)
		}
		if at.After = slice.Next; at.After == nil {
			break
		}
	}
	for id := range left {
		l.copy.wrong = append(l.copy.wrong, fmt.Sprintf("%s is in the feed and not shown", id))
	}
	wrong := l.copy.wrong
	l.copy.wrong = nil
	slices.Sort(wrong)
	return wrong, nil
}
