package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/ports/store"
)

// row is a row that turns into T.
type row[T any] interface{ domain() (T, error) }

// shape adds conditions and order to a query.
type shape func(*bun.SelectQuery) *bun.SelectQuery

// find reads all rows of a query.
func find[R row[T], T any](ctx context.Context, tx *transaction, shaped shape) ([]T, error) {
	rows, err := scan[R](ctx, tx, shaped)
	if err != nil {
		return nil, err
	}
	return domains(tx.store, rows)
}

// first reads one row, or fails with missing.
func first[R row[T], T any](ctx context.Context, tx *transaction, missing error, shaped shape) (T, error) {
	var none T
	found, err := find[R](ctx, tx, func(q *bun.SelectQuery) *bun.SelectQuery { return shaped(q).Limit(1) })
	if err != nil {
		return none, err
	}
	if len(found) == 0 {
		return none, missing
	}
	return found[0], nil
}

func scan[R any](ctx context.Context, tx *transaction, shaped shape) ([]R, error) {
	return scanInto[R](ctx, tx, nil, shaped)
}

// scanInto is scan for who knows about how many rows to expect.
func scanInto[R any](ctx context.Context, tx *transaction, rows []R, shaped shape) ([]R, error) {
	query := shaped(tx.db.NewSelect().Model(&rows))
	if tx.locks(rows) {
		query = query.For("NO KEY UPDATE")
	}
	err := query.Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, tx.store.fail(err)
	}
	return rows, nil
}

// locks tells whether rows that are read are kept from other writers until the
// end: those that an Update may be about to change. It is the lock that lets
// others refer to the row meanwhile. Clients are read by everybody and changed
// by hand, events, rules and the feed never change, heads and
// tails are locked by what counts them, channels and
// the calls that banks count by their connection.
func (tx *transaction) locks(rows any) bool {
	if tx.readOnly || !tx.store.engine.rowLocks {
		return false
	}
	switch rows.(type) {
	case []clientRow, []eventRow, []headRow, []tailRow, []feedRow, []channelRow, []ruleRow, []quotaCallRow:
		return false
	}
	return true
}

func domains[R row[T], T any](s *Store, rows []R) ([]T, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	found := make([]T, 0, len(rows))
	for _, r := range rows {
		value, err := r.domain()
		if err != nil {
			return nil, s.fail(err)
		}
		found = append(found, value)
	}
	return found, nil
}

// batch bounds the rows of one statement.
const batch = 500

// put inserts rows, or replaces those that have the same key, of one column or
// several.
func put[R any](ctx context.Context, tx *transaction, key string, rows ...R) error {
	if tx.readOnly {
		return errReadOnly
	}
	for part := range slices.Chunk(rows, batch) {
		_, err := tx.db.NewInsert().Model(&part).On("CONFLICT (?) DO UPDATE", bun.Safe(key)).Exec(ctx)
		if err != nil {
			return tx.store.fail(err)
		}
	}
	return nil
}

// remove deletes what a condition finds and tells how much that was.
func remove[R any](ctx context.Context, tx *transaction, condition string, args ...any) (int64, error) {
	if tx.readOnly {
		return 0, errReadOnly
	}
	result, err := tx.db.NewDelete().Model((*R)(nil)).Where(condition, args...).Exec(ctx)
	if err != nil {
		return 0, tx.store.fail(err)
	}
	count, err := result.RowsAffected()
	return count, tx.store.fail(err)
}

// term is a column and what it has to be; an empty value does not restrict.
type term struct {
	column string
	value  string
}

// ownedBy restricts a query to what an owner may see, and to terms. The first
// term with a value is left to an index; what is wider stands as an expression,
// because a planner that knows no statistics might else walk through all rows
// of a client to find those of one account. COALESCE, of all expressions,
// because PostgreSQL takes it to let half of the rows through: it would else
// multiply the shares of a client and of its user, expect hardly a row, and sort.
func ownedBy(q *bun.SelectQuery, owner store.Owner, terms ...term) *bun.SelectQuery {
	terms = append(terms, term{"user_id", string(owner.User)})
	condition := "? = ?"
	for _, t := range terms {
		if t.value != "" {
			q = q.Where(condition, bun.Ident(t.column), t.value)
			condition = "coalesce(? = ?, false)"
		}
	}
	return q.Where(condition, bun.Ident("client_id"), owner.Client) // always, also when empty
}

// equal restricts a query to terms that are given.
func equal(q *bun.SelectQuery, terms ...term) *bun.SelectQuery {
	for _, t := range terms {
		if t.value != "" {
			q = q.Where("? = ?", bun.Ident(t.column), t.value)
		}
	}
	return q
}
