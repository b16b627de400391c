package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// feedRow is a line of the feed: ids of one user that one Update added, or
// changed. Last counts the ids of Seq up to the end of the line.
type feedRow struct {
	bun.BaseModel `bun:"table:feed"`
	ClientID      ident.Client `bun:"client_id,pk"`
	Seq           int64        `bun:"seq,pk"`
	Last          int          `bun:"last,pk"`
	UserID        ident.User   `bun:"user_id"`
	Added         bool         `bun:"added"`
	IDs           text         `bun:"ids"`
}

// lineLength bounds the ids of a line, so that a page reads little that it does
// not tell.
const lineLength = 100

// entries are those of a line after a place.
func (r feedRow) entries(from store.Place) ([]store.FeedEntry, error) {
	ids, err := fromText[[]ident.Transaction](r.IDs)
	if err != nil {
		return nil, err
	}
	entries := make([]store.FeedEntry, 0, len(ids))
	for i, id := range ids {
		number := r.Last - len(ids) + i + 1
		if r.Seq > from.Seq || number > from.Told {
			entries = append(entries, store.FeedEntry{Seq: r.Seq, Number: number, ID: id, Added: r.Added})
		}
	}
	return entries, nil
}

type feed struct{ *transaction }

func (t feed) After(ctx context.Context, owner store.Owner, from store.Place, limit int) (store.Changes, error) {
	if limit < 1 {
		return store.Changes{}, errLimit
	}
	head, err := t.Events().Head(ctx, owner.Client)
	if err != nil {
		return store.Changes{}, err
	}
	if from, err = from.Reached(head); err != nil {
		return store.Changes{}, err
	}
	entries, err := t.entries(ctx, owner, from, limit+1)
	if err != nil {
		return store.Changes{}, err
	}
	return from.Page(entries, limit, func(ids []ident.Transaction) ([]ledger.Transaction, error) {
		return find[transactionRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
			q = wanted(q).Where("id IN (?)", bun.List(ids))
			return q.Where("coalesce(client_id = ?, false)", owner.Client).Where("removed = ?", false) // see ownedBy
		})
	})
}

// entries reads lines until they hold n entries, or all. A line holds one or a
// hundred: it asks for few first, so that a page is not paid for with many.
func (t feed) entries(ctx context.Context, owner store.Owner, from store.Place, n int) ([]store.FeedEntry, error) {
	var entries []store.FeedEntry
	for lines := n/lineLength + 2; ; lines *= 8 {
		rows, err := scan[feedRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
			q = ownedBy(q, owner).Where("(seq, last) > (?, ?)", from.Seq, from.Told)
			return q.OrderExpr("seq, last").Limit(int64(lines))
		})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			more, err := r.entries(from)
			if err != nil {
				return nil, t.store.fail(err)
			}
			entries = append(entries, more...)
			from.Seq, from.Told = r.Seq, r.Last
		}
		if len(rows) < lines || len(entries) >= n {
			return entries, nil
		}
	}
}
