package storetest

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeRevisions struct{ *fakeTx }

var errTwice = fault.New(fault.Conflict, "exists_already", "There is one of this key already.")

func (r fakeRevisions) Add(_ context.Context, owner store.Owner, revisions ...ledger.Revision) error {
	if err := r.writable(); err != nil {
		return err
	}
	for _, revision := range revisions {
		t, ok := r.state.transactions[revision.TransactionID]
		if !ok || !owns(owner, t.ClientID, t.UserID) {
			return errOrphan
		}
		known := r.state.revisions[t.ID]
		if slices.ContainsFunc(known, func(k ledger.Revision) bool { return k.Number == revision.Number }) {
			return errTwice
		}
		r.state.revisions[t.ID] = append(slices.Clip(known), tidy(revision))
	}
	return nil
}

func (r fakeRevisions) Of(_ context.Context, owner store.Owner, id ident.Transaction) ([]ledger.Revision, error) {
	t, ok := r.state.transactions[id]
	if !ok || !owns(owner, t.ClientID, t.UserID) {
		return nil, nil
	}
	found := tidy(r.state.revisions[id])
	slices.SortFunc(found, func(a, b ledger.Revision) int { return a.Number - b.Number })
	return found, nil
}
