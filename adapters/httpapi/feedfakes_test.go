package httpapi

import (
	"context"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type fakeFeed struct{ *world }

func (f fakeFeed) Changes(_ context.Context, p usecase.Principal, from store.Place, limit int) (store.Changes, error) {
	return store.Changes{
		Added: []ledger.Transaction{sampleTransaction()}, Modified: []ledger.Transaction{bareTransaction()}, Removed: []ident.Transaction{txn},
		Next: store.Place{Seq: 42, Told: 7, Since: 40}, More: true,
	}, f.note(p, "changes", [2]any{from, limit})
}

func (f fakeFeed) Head(_ context.Context, p usecase.Principal) (store.Place, error) {
	return store.Place{Seq: 44}, f.note(p, "head", nil)
}
