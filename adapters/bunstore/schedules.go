package bunstore

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// Schedules implements store.Tx.
func (tx *transaction) Schedules() store.Schedules { return schedules{tx} }

type schedules struct{ *transaction }

// turnRow is what the index of due connections holds: nothing else is read, so
// that those left out cost no look at the table.
type turnRow struct {
	bun.BaseModel `bun:"table:connections"`
	ID            ident.Connection `bun:"id"`
	ProviderID    string           `bun:"provider_id"`
}

func (t schedules) Due(ctx context.Context, now time.Time, except []string, limit int) ([]store.Turn, error) {
	return t.turns(ctx, limit, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("next_synchronization_at <= ?", micros(now))
		if len(except) > 0 {
			q = q.Where("provider_id NOT IN (?)", bun.List(except))
		}
		return q
	})
}

func (t schedules) Beyond(ctx context.Context, after time.Time, limit int) ([]store.Turn, error) {
	return t.turns(ctx, limit, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("next_synchronization_at > ?", micros(after))
	})
}

func (t schedules) turns(ctx context.Context, limit int, shaped shape) ([]store.Turn, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var rows []turnRow
	query := t.db.NewSelect().Model(&rows).OrderExpr("next_synchronization_at, id").Limit(int64(limit))
	if err := shaped(query).Scan(ctx); err != nil {
		return nil, t.store.fail(err)
	}
	return each(rows, func(r turnRow) store.Turn { return store.Turn{Connection: r.ID, Provider: r.ProviderID} }), nil
}

func (t schedules) Load(ctx context.Context, id ident.Connection) (*connection.Connection, error) {
	c, err := first[connectionRow](ctx, t.transaction, connection.ErrNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("id = ?", id)
	})
	if err != nil {
		return nil, err
	}
	return c, connections(t).withChannels(ctx, c)
}

func (t schedules) Plans(ctx context.Context, ids ...ident.Connection) (map[ident.Connection]store.Plan, error) {
	plans := map[ident.Connection]store.Plan{}
	for part := range slices.Chunk(ids, batch) {
		rows, err := scan[channelRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Column("connection_id", "definition_id", "next_at").Where("connection_id IN (?)", bun.List(part)).Where("next_at IS NOT NULL")
		})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if plans[r.ConnectionID] == nil {
				plans[r.ConnectionID] = store.Plan{}
			}
			plans[r.ConnectionID][r.DefinitionID] = knownInstant(r.NextAt)
		}
	}
	return plans, nil
}

func (t schedules) Busy(ctx context.Context) (map[string]store.Load, error) {
	var rows []struct {
		ProviderID      string
		Queued, Running int
	}
	err := t.db.NewSelect().Model((*runRow)(nil)).ModelTableExpr("synchronizations AS s").
		Join("JOIN connections AS c ON c.id = s.connection_id").
		ColumnExpr("c.provider_id AS provider_id").
		ColumnExpr("SUM(CASE WHEN s.status = 'QUEUED' THEN 1 ELSE 0 END) AS queued").
		ColumnExpr("SUM(CASE WHEN s.status = 'RUNNING' THEN 1 ELSE 0 END) AS running").
		Where("s."+active).GroupExpr("c.provider_id").Scan(ctx, &rows)
	if err != nil {
		return nil, t.store.fail(err)
	}
	busy := map[string]store.Load{}
	for _, r := range rows {
		if r.Queued+r.Running > 0 {
			busy[r.ProviderID] = store.Load{Queued: r.Queued, Running: r.Running}
		}
	}
	return busy, nil
}
