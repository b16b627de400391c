package storetest

import (
	"context"
	"fmt"
	"maps"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// copied is what a client knows of the transactions.
type copied map[ident.Transaction]ledger.Transaction

// feedReader is a client that keeps a copy by the feed, and says what no client
// should have to bear.
type feedReader struct {
	store store.Store
	owner store.Owner
	place store.Place
	copy  copied
	// added and gone are ids since the last restart, and ever.
	added, gone map[ident.Transaction]bool
	// saved is what survives a restart: the place, always after the copy.
	saved store.Place
	// pages and modified count what it was told.
	pages, modified int
}

func newFeedReader(s store.Store, owner store.Owner) *feedReader {
	return &feedReader{store: s, owner: owner, copy: copied{}, added: map[ident.Transaction]bool{}, gone: map[ident.Transaction]bool{}}
}

// startNow begins with the list, and the end of the log.
func (r *feedReader) startNow(ctx context.Context) error {
	return r.store.View(ctx, func(tx store.Tx) error {
		head, err := tx.Events().Head(ctx, r.owner.Client)
		if err != nil {
			return err
		}
		r.place = store.Place{Seq: head + 1}
		r.saved = r.place
		r.copy, err = listed(ctx, tx, r.owner)
		return err
	})
}

// page reads one page and enters it.
func (r *feedReader) page(ctx context.Context, limit int) (more bool, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		changes, err := tx.Feed().After(ctx, r.owner, r.place, limit)
		if err != nil {
			return err
		}
		r.place, more = changes.Next, changes.More
		return r.enter(changes, limit)
	})
	r.pages++
	return more, err
}

func (r *feedReader) enter(c store.Changes, limit int) error {
	if n := len(c.Added) + len(c.Modified) + len(c.Removed); n > limit {
		return fmt.Errorf("a page of %d holds %d", limit, n)
	}
	for _, t := range c.Added {
		if r.added[t.ID] || r.gone[t.ID] {
			return fmt.Errorf("%s is added again", t.ID)
		}
		r.added[t.ID] = true
		r.copy[t.ID] = t
	}
	r.modified += len(c.Modified)
	for _, t := range c.Modified {
		if _, known := r.copy[t.ID]; !known || r.gone[t.ID] {
			return fmt.Errorf("%s is modified and was not there", t.ID)
		}
		r.copy[t.ID] = t
	}
	for _, id := range c.Removed {
		r.gone[id] = true
		delete(r.copy, id)
	}
	return nil
}

// save keeps the place; restart goes back to it, with a copy that is ahead.
func (r *feedReader) save() { r.saved = r.place }

func (r *feedReader) restart() {
	r.place, r.added = r.saved, map[ident.Transaction]bool{}
}

// finish reads on to the end and compares the copy with the list, in one view.
func (r *feedReader) finish(ctx context.Context, limit int) error {
	for {
		more, err := r.page(ctx, limit)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	return r.store.View(ctx, func(tx store.Tx) error {
		want, err := listed(ctx, tx, r.owner)
		if err != nil {
			return err
		}
		return r.compare(want)
	})
}

func (r *feedReader) compare(want copied) error {
	for id, t := range want {
		if got, ok := r.copy[id]; !ok || !ledger.SameShown(got, t) {
			return fmt.Errorf("the copy has %s as %q, the list as %q", id, got.Label, t.Label)
		}
	}
	for id := range maps.Keys(r.copy) {
		if _, ok := want[id]; !ok {
			return fmt.Errorf("the copy has %s, the list has not", id)
		}
	}
	return nil
}

// listed reads the whole list.
func listed(ctx context.Context, tx store.Tx, owner store.Owner) (copied, error) {
	all, page := copied{}, store.Page{Limit: 500}
	for {
		slice, err := tx.Transactions().List(ctx, owner, store.TransactionFilter{}, page)
		if err != nil {
			return nil, err
		}
		for _, t := range slice.Items {
			all[t.ID] = t
		}
		if page.After = slice.Next; page.After == nil {
			return all, nil
		}
	}
}
