package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// tailRow says how far a client's log is forgotten.
type tailRow struct {
	bun.BaseModel `bun:"table:event_tails,alias:event_tails"`
	ClientID      ident.Client `bun:"client_id,pk"`
	Seq           int64        `bun:"seq"`
}

// Past implements store.Tx.
func (tx *transaction) Past() store.Past { return past{tx} }

type past struct{ *transaction }

func (t past) Clients(ctx context.Context, before time.Time, limit int) ([]ident.Client, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var ids []ident.Client
	// One look at the beginning of each client's log, whatever its length.
	err := t.db.NewSelect().TableExpr("event_heads AS h").ColumnExpr("h.client_id").
		Where("(SELECT e.occurred_at FROM events AS e WHERE e.client_id = h.client_id ORDER BY e.seq LIMIT 1) < ?", micros(before)).
		OrderExpr("h.client_id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, t.store.fail(err)
}

func (t past) Events(ctx context.Context, client ident.Client, before time.Time, limit int) ([]event.Event, error) {
	if limit < 1 {
		return nil, errLimit
	}
	if err := t.hold(ctx, client); err != nil {
		return nil, err
	}
	found, err := find[eventRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("client_id = ?", client).OrderExpr("seq").Limit(int64(limit))
	})
	for i, e := range found {
		if !e.OccurredAt.Before(before) {
			return found[:i:i], err
		}
	}
	return found, err
}

// hold has the tail's row to itself until the end: of two who forget the second
// waits, and finds what the first left.
func (t past) hold(ctx context.Context, client ident.Client) error {
	if t.readOnly {
		return nil
	}
	row := tailRow{ClientID: client}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (client_id) DO UPDATE").Set("seq = event_tails.seq").Exec(ctx)
	return t.store.fail(err)
}

func (t past) Queues(ctx context.Context, client ident.Client, from, below int64) ([]*delivery.Queue, error) {
	return find[queueRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("client_id = ?", client).Where("acked >= ?", from).Where("acked < ?", below).OrderExpr("id")
	})
}

func (t past) Forget(ctx context.Context, client ident.Client, through int64) error {
	row := tailRow{ClientID: client, Seq: through}
	if t.readOnly {
		return errReadOnly
	}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (client_id) DO UPDATE").
		Set("seq = CASE WHEN EXCLUDED.seq > event_tails.seq THEN EXCLUDED.seq ELSE event_tails.seq END").Exec(ctx)
	if err != nil {
		return t.store.fail(err)
	}
	_, err = remove[eventRow](ctx, t.transaction, "client_id = ? AND seq <= ?", client, through)
	return err
}

// tail is how far a client's log is forgotten.
func (tx *transaction) tail(ctx context.Context, client ident.Client) (int64, error) {
	tails, err := scan[tailRow](ctx, tx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("client_id = ?", client) })
	if err != nil || len(tails) == 0 {
		return 0, err
	}
	return tails[0].Seq, nil
}
