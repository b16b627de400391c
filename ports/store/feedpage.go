package store

import (
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// FeedEntry says that an Update added or changed a transaction.
type FeedEntry struct {
	Seq int64
	// Number counts the entries of Seq, from 1.
	Number int
	ID     ident.Transaction
	Added  bool
}

// Reached fails unless a log whose newest number is head can have given out the
// place, and starts a reader who is at the beginning.
func (p Place) Reached(head int64) (Place, error) {
	if p.Seq < 0 || p.Seq > head+1 || p.Told < 0 || p.Since < 0 || p.Since > head {
		return p, ErrCursor
	}
	if p == (Place{}) {
		p.Since = head
	}
	return p, nil
}

// Page makes a page of the entries that follow a place: as many as there are,
// or more than limit. current gives those of some ids that are not removed.
func (p Place) Page(entries []FeedEntry, limit int, current func([]ident.Transaction) ([]ledger.Transaction, error)) (Changes, error) {
	page := Changes{Next: p, More: len(entries) > limit}
	if page.More {
		entries = entries[:limit]
	}
	if len(entries) == 0 {
		return page, nil
	}
	last := entries[len(entries)-1]
	page.Next.Seq, page.Next.Told = last.Seq, last.Number
	ids := make([]ident.Transaction, 0, len(entries))
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	found, err := current(ids)
	if err != nil {
		return Changes{}, err
	}
	live := make(map[ident.Transaction]ledger.Transaction, len(found))
	for _, t := range found {
		live[t.ID] = t
	}
	page.fill(entries, live, p.Since)
	return page, nil
}

// fill tells each id once. An added row that is gone by now needs no word here:
// the entry that took it away is still to come.
func (c *Changes) fill(entries []FeedEntry, live map[ident.Transaction]ledger.Transaction, since int64) {
	told := make(map[ident.Transaction]bool, len(entries))
	for _, e := range entries {
		row, there := live[e.ID]
		switch {
		case told[e.ID] || (e.Added && !there) || (!e.Added && there && e.Seq <= since):
			continue
		case e.Added:
			c.Added = append(c.Added, row)
		case there:
			c.Modified = append(c.Modified, row)
		default:
			c.Removed = append(c.Removed, e.ID)
		}
		told[e.ID] = true
	}
}
