package bunstore

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

type revisionRow struct {
	bun.BaseModel   `bun:"table:transaction_revisions"`
	TransactionID   ident.Transaction     `bun:"transaction_id,pk"`
	Number          int                   `bun:"number,pk"`
	ClientID        ident.Client          `bun:"client_id"`
	UserID          ident.User            `bun:"user_id"`
	At              int64                 `bun:"at"`
	Evidence        ledger.Evidence       `bun:"evidence"`
	Synchronization ident.Synchronization `bun:"synchronization_id"`
	Changes         text                  `bun:"changes,nullzero"`
	RawBefore       []byte                `bun:"raw_before,nullzero"`
}

type changeText struct {
	Field string       `json:"field"`
	Layer ledger.Layer `json:"layer"`
	From  string       `json:"from"`
	To    string       `json:"to"`
}

func revisionRowOf(owner store.Owner, r ledger.Revision) revisionRow {
	return revisionRow{
		TransactionID: r.TransactionID, Number: r.Number, ClientID: owner.Client, UserID: owner.User, At: micros(r.At),
		Evidence: r.Evidence, Synchronization: r.Synchronization,
		Changes:   toText(each(r.Changes, func(c ledger.Change) changeText { return changeText(c) })),
		RawBefore: blob(r.RawBefore),
	}
}

func (r revisionRow) domain() (ledger.Revision, error) {
	changes, err := fromText[[]changeText](r.Changes)
	return ledger.Revision{
		TransactionID: r.TransactionID, Number: r.Number, At: instant(r.At), Evidence: r.Evidence, Synchronization: r.Synchronization,
		Changes: each(changes, func(c changeText) ledger.Change { return ledger.Change(c) }), RawBefore: blob(r.RawBefore),
	}, err
}

type revisions struct{ *transaction }

func (t revisions) Add(ctx context.Context, owner store.Owner, all ...ledger.Revision) error {
	if t.readOnly {
		return errReadOnly
	}
	for part := range slices.Chunk(all, batch) {
		if err := t.owned(ctx, owner, part); err != nil {
			return err
		}
		rows := each(part, func(r ledger.Revision) revisionRow { return revisionRowOf(owner, r) })
		if _, err := t.db.NewInsert().Model(&rows).Exec(ctx); err != nil {
			return t.store.fail(err)
		}
	}
	return nil
}

// owned fails where a revision is of another owner's transaction, or of none.
func (t revisions) owned(ctx context.Context, owner store.Owner, part []ledger.Revision) error {
	ids := map[ident.Transaction]bool{}
	for _, r := range part {
		ids[r.TransactionID] = true
	}
	list := make([]ident.Transaction, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	count, err := ownedBy(t.db.NewSelect().Model((*transactionRow)(nil)).Where("id IN (?)", bun.List(list)), owner).Count(ctx)
	if err != nil {
		return t.store.fail(err)
	}
	if int(count) != len(list) {
		return fault.New(fault.NotFound, "transaction_not_found", "A revision belongs to a transaction that does not exist.")
	}
	return nil
}

func (t revisions) Of(ctx context.Context, owner store.Owner, id ident.Transaction) ([]ledger.Revision, error) {
	return find[revisionRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q, owner, term{"transaction_id", string(id)}).OrderExpr("number")
	})
}
