package bunstore

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

type transactions struct{ *transaction }

func (t transactions) Get(ctx context.Context, owner store.Owner, id ident.Transaction) (ledger.Transaction, error) {
	return first[transactionRow](ctx, t.transaction, ledger.ErrTransactionNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(wanted(q).Where("id = ?", id).Where("removed = ?", false), owner)
	})
}

func (t transactions) Trace(ctx context.Context, owner store.Owner, id ident.Transaction) (ledger.Transaction, error) {
	return first[transactionRow](ctx, t.transaction, ledger.ErrTransactionNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(wanted(q).Where("id = ?", id), owner)
	})
}

func (t transactions) Transfers(ctx context.Context, owner store.Owner, keys []string, from, to bank.Day) (found []ledger.Transaction, err error) {
	for part := range slices.Chunk(keys, batch) {
		some, err := find[transactionRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
			return within(ownedBy(wanted(q), owner), from, to).Where("transfer_key IN (?)", bun.List(part)).OrderExpr("effective_date, id")
		})
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

func (t transactions) Between(ctx context.Context, account ident.Account, from, to bank.Day) ([]ledger.Transaction, error) {
	return find[transactionRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return within(wanted(q).Where("account_id = ?", account), from, to).OrderExpr("effective_date, id")
	})
}

func (t transactions) Put(ctx context.Context, rows ...ledger.Transaction) error {
	return put(ctx, t.transaction, "id", each(lastOfEach(rows), transactionRowOf)...)
}

// lastOfEach leaves out what a later row of the same id replaces: PostgreSQL
// refuses a statement that writes a row twice.
func lastOfEach(rows []ledger.Transaction) []ledger.Transaction {
	last := make(map[ident.Transaction]int, len(rows))
	for i, r := range rows {
		last[r.ID] = i
	}
	if len(last) == len(rows) {
		return rows
	}
	var kept []ledger.Transaction
	for i, r := range rows {
		if last[r.ID] == i {
			kept = append(kept, r)
		}
	}
	return kept
}

func (t transactions) List(ctx context.Context, owner store.Owner, filter store.TransactionFilter, page store.Page) (store.Slice[ledger.Transaction], error) {
	return list[transactionRow](ctx, t.transaction, byDay[ident.Transaction]("effective_date"), page,
		func(q *bun.SelectQuery) *bun.SelectQuery { return filtered(q, owner, filter) })
}

// wanted leaves out the columns that are only compared.
func wanted(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ExcludeColumn("amount_key", "search_text", "in_doubt", "transfer_key")
}

func filtered(q *bun.SelectQuery, owner store.Owner, filter store.TransactionFilter) *bun.SelectQuery {
	q = ownedBy(wanted(q), owner, term{"account_id", string(filter.Account)}, term{"connection_id", string(filter.Connection)})
	q = within(q.Where("removed = ?", false), filter.From, filter.To)
	q = equal(q, term{"status", string(filter.Status)})
	if len(filter.Categories) > 0 {
		q = q.Where("category_id IN (?)", bun.List(filter.Categories))
	}
	if filter.Min != nil && !filter.Min.IsZero() {
		q = q.Where("amount_key >= ?", filter.Min.SortKey())
	}
	if filter.Max != nil && !filter.Max.IsZero() {
		q = q.Where("amount_key <= ?", filter.Max.SortKey())
	}
	if filter.InDoubt {
		q = q.Where("in_doubt")
	}
	if filter.Text != "" {
		q = q.Where("search_text LIKE ? ESCAPE '!'", "%"+likeWords.Replace(store.Fold(filter.Text))+"%")
	}
	return q
}

func within(q *bun.SelectQuery, from, to bank.Day) *bun.SelectQuery {
	if from != "" {
		q = q.Where("effective_date >= ?", from)
	}
	if to != "" {
		q = q.Where("effective_date <= ?", to)
	}
	return q
}
