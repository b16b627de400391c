package bunstore

import (
	"context"
	"strconv"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// placed is a row that knows its place in its list.
type placed[T any] interface {
	row[T]
	place() store.Key
}

// order is how a list is sorted: by a column, then by id, both the same way. An
// index of the same columns serves it, so a page costs what it holds.
type order struct {
	column  string
	falling bool
	// id is the column of the id, where it is not called that.
	id string
	// arguments reads a key, or fails.
	arguments func(store.Key) (column any, id string, err error)
}

func byTime[ID ident.ID](column string, falling bool) order {
	return order{column: column, falling: falling, arguments: func(key store.Key) (any, string, error) {
		return arguments[ID](key, func(text string) (any, error) { return strconv.ParseInt(text, 10, 64) })
	}}
}

func byDay[ID ident.ID](column string) order {
	return order{column: column, falling: true, arguments: func(key store.Key) (any, string, error) {
		return arguments[ID](key, func(text string) (any, error) { day, err := bank.ParseDay(text); return string(day), err })
	}}
}

func arguments[ID ident.ID](key store.Key, parse func(string) (any, error)) (any, string, error) {
	if len(key) != 2 {
		return nil, "", store.ErrCursor
	}
	column, err := parse(key[0])
	if err != nil {
		return nil, "", store.ErrCursor
	}
	id, err := ident.Parse[ID](key[1])
	if err != nil {
		return nil, "", store.ErrCursor
	}
	return column, string(id), nil
}

func keyOf(at int64, id string) store.Key { return store.Key{strconv.FormatInt(at, 10), id} }

// longestPage bounds what is made room for before it is seen.
const longestPage = 500

// list reads one page of what a query finds.
func list[R placed[T], T any](ctx context.Context, tx *transaction, by order, page store.Page, shaped shape) (store.Slice[T], error) {
	return pageOf(tx.store, by, page, func(room []R, sorted shape) ([]R, error) {
		return scanInto(ctx, tx, room, func(q *bun.SelectQuery) *bun.SelectQuery { return sorted(shaped(q)) })
	})
}

// pageOf makes a page of the rows that read gives, sorted and cut: one row more
// than asked for tells whether there is more.
func pageOf[R placed[T], T any](s *Store, by order, page store.Page, read func(room []R, sorted shape) ([]R, error)) (store.Slice[T], error) {
	var none store.Slice[T]
	if page.Limit < 1 {
		return none, errLimit
	}
	after, err := by.after(page.After)
	if err != nil {
		return none, err
	}
	rows, err := read(make([]R, 0, min(page.Limit, longestPage)+1), func(q *bun.SelectQuery) *bun.SelectQuery {
		return by.sort(after(q)).Limit(int64(page.Limit) + 1)
	})
	if err != nil {
		return none, err
	}
	var next store.Key
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		next = rows[page.Limit-1].place()
	}
	items, err := domains(s, rows)
	return store.Slice[T]{Items: items, Next: next}, err
}

// after gives the condition of what comes after a key.
func (o order) after(key store.Key) (shape, error) {
	if key == nil {
		return func(q *bun.SelectQuery) *bun.SelectQuery { return q }, nil
	}
	column, id, err := o.arguments(key)
	if err != nil {
		return nil, err
	}
	condition := "(?, ?) > (?, ?)"
	if o.falling {
		condition = "(?, ?) < (?, ?)"
	}
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where(condition, bun.Ident(o.column), o.key(), column, id)
	}, nil
}

func (o order) sort(q *bun.SelectQuery) *bun.SelectQuery {
	if o.falling {
		return q.OrderExpr("? DESC, ? DESC", bun.Ident(o.column), o.key())
	}
	return q.OrderExpr("?, ?", bun.Ident(o.column), o.key())
}

func (o order) key() bun.Ident {
	if o.id != "" {
		return bun.Ident(o.id)
	}
	return "id"
}
