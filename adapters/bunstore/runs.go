package bunstore

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

type runs struct{ *transaction }

// active is the condition of the partial indices, word for word: a planner uses
// them for nothing else.
const active = "status IN ('QUEUED', 'RUNNING', 'WAITING')"

func (t runs) Get(ctx context.Context, owner store.Owner, id ident.Synchronization) (*synchronization.Synchronization, error) {
	return t.find(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return ownedBy(q.Where("id = ?", id), owner) })
}

func (t runs) Load(ctx context.Context, id ident.Synchronization) (*synchronization.Synchronization, error) {
	return t.find(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("id = ?", id) })
}

func (t runs) Active(ctx context.Context, id ident.Connection) (*synchronization.Synchronization, error) {
	return t.find(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("connection_id = ?", id).Where(active) })
}

func (t runs) find(ctx context.Context, shaped shape) (*synchronization.Synchronization, error) {
	return first[runRow](ctx, t.transaction, synchronization.ErrNotFound, shaped)
}

func (t runs) Put(ctx context.Context, s *synchronization.Synchronization) error {
	if t.readOnly {
		return errReadOnly
	}
	if err := t.alone(ctx, s); err != nil {
		return err
	}
	err := t.attempt(ctx, func() error { return put(ctx, t.transaction, "id", runRowOf(s)) })
	if errors.Is(err, errNotUnique) { // another transaction was faster than alone could see
		return cmp.Or(t.alone(ctx, s), error(synchronization.ErrRunning.Because(err)))
	}
	if err != nil {
		return err
	}
	return t.record(s.ClientID, s.Drain())
}

// alone looks for another run of the connection that is not final, to name it;
// what keeps it from happening is the unique index.
func (t runs) alone(ctx context.Context, s *synchronization.Synchronization) error {
	if s.Status.Final() {
		return nil
	}
	other, err := t.Active(ctx, s.ConnectionID)
	if errors.Is(err, synchronization.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if other.ID != s.ID {
		return synchronization.ErrRunning.About(string(other.ID))
	}
	return nil
}

func (t runs) Due(ctx context.Context, now time.Time, limit int) ([]ident.Synchronization, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var ids []ident.Synchronization
	err := t.db.NewSelect().Model((*runRow)(nil)).Column("id").Where(active).Where("due_at <= ?", micros(now)).
		Where("(lease_owner = '' OR lease_until IS NULL OR lease_until <= ?)", micros(now)).
		OrderExpr("due_at, id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, t.store.fail(err)
}

func (t runs) Rested(ctx context.Context, now time.Time, limit int) ([]ident.Synchronization, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var ids []ident.Synchronization
	err := t.db.NewSelect().Model((*runRow)(nil)).Column("id").Where("status = 'WAITING' AND due_at IS NULL AND retry_at IS NOT NULL").
		Where("retry_at <= ?", micros(now)).OrderExpr("retry_at, id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, t.store.fail(err)
}

func (t runs) List(ctx context.Context, owner store.Owner, filter store.RunFilter, page store.Page) (store.Slice[*synchronization.Synchronization], error) {
	return list[runRow](ctx, t.transaction, byTime[ident.Synchronization]("created_at", true), page,
		func(q *bun.SelectQuery) *bun.SelectQuery {
			q = ownedBy(q, owner, term{"connection_id", string(filter.Connection)})
			return equal(q, term{"status", string(filter.Status)})
		})
}
