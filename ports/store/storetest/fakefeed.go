package storetest

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// Errors of who writes transactions; the suite asks for their kind.
var (
	errReturned = fault.New(fault.Internal, "removed_for_good", "A transaction that was removed does not return under its id.")
	errSilent   = fault.New(fault.Internal, "silent_change", "Transactions were changed without an event.")
)

// fedEntry is an entry of the feed with whose it is.
type fedEntry struct {
	user ident.User
	store.FeedEntry
}

// tell keeps for the commit that a transaction was added or changed.
func (tx *fakeTx) tell(t ledger.Transaction, added bool) {
	entries := tx.changed[t.ClientID]
	if !slices.ContainsFunc(entries, func(e fedEntry) bool { return e.ID == t.ID }) {
		tx.changed[t.ClientID] = append(entries, fedEntry{t.UserID, store.FeedEntry{ID: t.ID, Added: added}})
	}
}

// feed gives the entries the numbers of their clients' last events.
func (tx *fakeTx) feed(heads map[ident.Client]int64) error {
	for client, entries := range tx.changed {
		if heads[client] == 0 {
			return errSilent
		}
		for i := range entries {
			entries[i].Seq, entries[i].Number = heads[client], i+1
		}
		tx.state.feed[client] = append(slices.Clip(tx.state.feed[client]), entries...)
	}
	return nil
}

type fakeFeed struct{ *fakeTx }

func (r fakeFeed) After(_ context.Context, owner store.Owner, from store.Place, limit int) (store.Changes, error) {
	if limit < 1 {
		return store.Changes{}, errLimit
	}
	from, err := from.Reached(int64(len(r.state.events[owner.Client])))
	if err != nil {
		return store.Changes{}, err
	}
	var entries []store.FeedEntry
	for _, e := range r.state.feed[owner.Client] {
		after := e.Seq > from.Seq || (e.Seq == from.Seq && e.Number > from.Told)
		if after && len(entries) <= limit && owns(owner, owner.Client, e.user) {
			entries = append(entries, e.FeedEntry)
		}
	}
	return from.Page(entries, limit, func(ids []ident.Transaction) (live []ledger.Transaction, _ error) {
		for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
			if t, ok := r.state.transactions[id]; ok && !t.Removed {
				live = append(live, tidy(t))
			}
		}
		return live, nil
	})
}
