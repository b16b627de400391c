package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

type accounts struct{ *transaction }

func (t accounts) Get(ctx context.Context, owner store.Owner, id ident.Account) (ledger.Account, error) {
	return first[accountRow](ctx, t.transaction, ledger.ErrAccountNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q.Where("id = ?", id).Where("NOT deleted"), owner)
	})
}

func (t accounts) OfConnection(ctx context.Context, id ident.Connection) ([]ledger.Account, error) {
	return find[accountRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("connection_id = ?", id).OrderExpr("first_seen_at, id")
	})
}

func (t accounts) Put(ctx context.Context, a ledger.Account) error {
	return put(ctx, t.transaction, "id", accountRowOf(a))
}

func (t accounts) Delete(ctx context.Context, owner store.Owner, id ident.Account) error {
	if t.readOnly {
		return errReadOnly
	}
	_, err := first[accountRow](ctx, t.transaction, ledger.ErrAccountNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q.Where("id = ?", id), owner)
	})
	if err != nil {
		return err
	}
	if err := t.leave(ctx, "id = ?", id); err != nil {
		return err
	}
	_, err = remove[accountRow](ctx, t.transaction, "id = ?", id)
	return err
}

func (t accounts) List(ctx context.Context, owner store.Owner, filter store.AccountFilter, page store.Page) (store.Slice[ledger.Account], error) {
	return list[accountRow](ctx, t.transaction, byTime[ident.Account]("first_seen_at", false), page,
		func(q *bun.SelectQuery) *bun.SelectQuery {
			q = ownedBy(q.Where("NOT deleted"), owner, term{"connection_id", string(filter.Connection)})
			return equal(q, term{"type", string(filter.Type)}, term{"status", string(filter.Status)})
		})
}
