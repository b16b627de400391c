package bunstore

import (
	"context"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
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

func (t transactions) Transfers(ctx context.Context, owner store.Owner, keys []string, from, to bank.Day, except ident.Account) (found []ledger.Transaction, err error) {
	for part := range slices.Chunk(keys, batch) {
		some, err := find[transactionRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
			if except != "" {
				q = q.Where("account_id <> ?", except)
			}
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
	if t.readOnly {
		return errReadOnly
	}
	for part := range slices.Chunk(lastOfEach(rows), batch) {
		if err := t.write(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// errReturned: clients were told that the id is no more.
var errReturned = fault.New(fault.Internal, "removed_for_good", "A transaction that was removed does not return under its id.")

// write compares rows with what is there, for the feed, and stores them. Ids are
// drawn at random: if somebody stores the same new one at this moment, it is
// for the second to look again.
func (t transactions) write(ctx context.Context, rows []ledger.Transaction) error {
	before, err := t.known(ctx, rows)
	if err != nil {
		return err
	}
	var fresh, old []transactionRow
	for _, r := range rows {
		row := transactionRowOf(r)
		was, there := before[r.ID]
		if !there {
			fresh = append(fresh, row)
			if !r.Removed {
				t.tell(r, true)
			}
			continue
		}
		if was.Removed && !r.Removed {
			return errReturned
		}
		old = append(old, row)
		after, err := row.domain()
		if err != nil {
			return err
		}
		if !was.Removed && !ledger.SameShown(was, after) {
			t.tell(r, false)
		}
	}
	if err := insert(ctx, t.transaction, fresh); err != nil {
		if errors.Is(err, errNotUnique) {
			return errRepeat.Because(err)
		}
		return err
	}
	return put(ctx, t.transaction, "id", old...)
}

// known are the rows that are there already, as far as clients see them.
func (t transactions) known(ctx context.Context, rows []ledger.Transaction) (map[ident.Transaction]ledger.Transaction, error) {
	ids := each(rows, func(r ledger.Transaction) ident.Transaction { return r.ID })
	found, err := find[transactionRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return wanted(q).ExcludeColumn("bank_id", "fingerprint", "occurrence", "raw").Where("id IN (?)", bun.List(ids))
	})
	known := make(map[ident.Transaction]ledger.Transaction, len(found))
	for _, r := range found {
		known[r.ID] = r
	}
	return known, err
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
		func(q *bun.SelectQuery) *bun.SelectQuery { return filtered(wanted(q), owner, filter) })
}

// wanted leaves out the columns that are only compared.
func wanted(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ExcludeColumn("amount_key", "search_text", "in_doubt", "transfer_key")
}

func filtered(q *bun.SelectQuery, owner store.Owner, filter store.TransactionFilter) *bun.SelectQuery {
	q = ownedBy(q, owner, term{"account_id", string(filter.Account)}, term{"connection_id", string(filter.Connection)})
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
