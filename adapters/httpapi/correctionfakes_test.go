package httpapi

import (
	"context"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type fakeTransactions struct{ *world }

func (f fakeTransactions) Change(_ context.Context, p usecase.Principal, _ string, change usecase.TransactionChange) (ledger.Transaction, error) {
	return sampleTransaction(), f.note(p, "change", change)
}

func (f fakeTransactions) Hide(_ context.Context, p usecase.Principal, id string) error {
	return f.note(p, "hide", id)
}

func (f fakeTransactions) Merge(_ context.Context, p usecase.Principal, id, into string) (ledger.Transaction, error) {
	return sampleTransaction(), f.note(p, "merge", [2]string{id, into})
}

func (f fakeTransactions) Unmerge(_ context.Context, p usecase.Principal, id string) (ledger.Transaction, error) {
	return sampleTransaction(), f.note(p, "unmerge", id)
}

func (f fakeTransactions) TellApart(_ context.Context, p usecase.Principal, id, of string) (ledger.Transaction, error) {
	return sampleTransaction(), f.note(p, "apart", [2]string{id, of})
}

func (f fakeTransactions) Doubts(_ context.Context, p usecase.Principal, filter store.TransactionFilter, page store.Page) (store.Slice[usecase.Doubt], error) {
	doubt := usecase.Doubt{Transaction: sampleTransaction(), Candidates: []usecase.Candidate{{Transaction: bareTransaction(), Confidence: 0.5}}}
	return store.Slice[usecase.Doubt]{Items: []usecase.Doubt{doubt}, Next: f.more}, f.note(p, "doubts", [2]any{filter, page})
}

func (f fakeTransactions) History(_ context.Context, p usecase.Principal, id string) (usecase.History, error) {
	t := bareTransaction()
	t.Raw, t.Removed, t.Removal, t.GivenLabel = []byte(`{"id":"7"}`), true, ledger.Merged, "Mine"
	t.Category = ledger.Category{ID: "food.groceries", Source: ledger.SourceUser, Confidence: 1}
	t.Links = []ledger.Link{{Type: ledger.DuplicateOf, TransactionID: txn, Confidence: 1}}
	return usecase.History{
		Transaction: t, Engine: ledger.Description{Label: "X", Category: ledger.Category{ID: "other.uncategorised", Source: "ENGINE"}},
		Rule: ledger.Category{ID: "leisure.outings", Source: ledger.SourceRule, Confidence: 1},
		Revisions: []ledger.Revision{{
			TransactionID: txn, Number: 1, At: noon, Evidence: ledger.ByBooking, Synchronization: syn, RawBefore: []byte{0xff, 0xfe},
			Changes: []ledger.Change{{Field: "status", Layer: ledger.LayerProvider, From: "PENDING", To: "BOOKED"}},
		}},
	}, f.note(p, "history", id)
}
