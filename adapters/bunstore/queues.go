package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type queueRow struct {
	bun.BaseModel `bun:"table:queues"`
	ID            ident.Queue      `bun:"id,pk"`
	ClientID      ident.Client     `bun:"client_id"`
	UserID        ident.User       `bun:"user_id"`
	ConnectionID  ident.Connection `bun:"connection_id"`
	Names         text             `bun:"names,nullzero"`
	Acked         int64            `bun:"acked"`
	Leases        text             `bun:"leases,nullzero"`
	CreatedAt     int64            `bun:"created_at"`
}

// leaseText is a lease as a queue's row tells it.
type leaseText struct {
	ID      ident.Lease `json:"id,omitempty"`
	After   int64       `json:"after"`
	Through int64       `json:"through"`
	Done    int64       `json:"done"`
	Until   int64       `json:"until"`
}

func leaseTexts(leases []delivery.Lease) (texts []leaseText) {
	for _, l := range leases {
		texts = append(texts, leaseText{l.ID, l.After, l.Through, l.Done, micros(l.Until)})
	}
	return texts
}

func leasesOf(texts []leaseText) (leases []delivery.Lease) {
	for _, l := range texts {
		leases = append(leases, delivery.Lease{ID: l.ID, After: l.After, Through: l.Through, Done: l.Done, Until: instant(l.Until)})
	}
	return leases
}

func queueRowOf(q *delivery.Queue) queueRow {
	return queueRow{
		ID: q.ID, ClientID: q.ClientID, UserID: q.Filter.UserID, ConnectionID: q.Filter.ConnectionID, Names: toText(q.Filter.Names),
		Acked: q.Acked, Leases: toText(leaseTexts(q.Leases)), CreatedAt: micros(q.CreatedAt),
	}
}

func (r queueRow) domain() (*delivery.Queue, error) {
	names, err := fromText[[]event.Name](r.Names)
	if err != nil {
		return nil, err
	}
	leases, err := fromText[[]leaseText](r.Leases)
	return &delivery.Queue{
		ID: r.ID, ClientID: r.ClientID, Filter: delivery.Filter{UserID: r.UserID, ConnectionID: r.ConnectionID, Names: names},
		Acked: r.Acked, CreatedAt: instant(r.CreatedAt), Leases: leasesOf(leases),
	}, err
}

func (r queueRow) place() store.Key { return keyOf(r.CreatedAt, string(r.ID)) }

type queues struct{ *transaction }

func (t queues) Get(ctx context.Context, owner store.Owner, id ident.Queue) (*delivery.Queue, error) {
	return first[queueRow](ctx, t.transaction, delivery.ErrNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q.Where("id = ?", id), owner)
	})
}

func (t queues) Put(ctx context.Context, q *delivery.Queue) error {
	return put(ctx, t.transaction, "id", queueRowOf(q))
}

func (t queues) Delete(ctx context.Context, owner store.Owner, id ident.Queue) error {
	if t.readOnly {
		return errReadOnly
	}
	if _, err := t.Get(ctx, owner, id); err != nil {
		return err
	}
	_, err := remove[queueRow](ctx, t.transaction, "id = ?", id)
	return err
}

func (t queues) List(ctx context.Context, owner store.Owner, page store.Page) (store.Slice[*delivery.Queue], error) {
	return list[queueRow](ctx, t.transaction, byTime[ident.Queue]("created_at", false), page,
		func(q *bun.SelectQuery) *bun.SelectQuery { return ownedBy(q, owner) })
}

func (t queues) Lag(ctx context.Context) (lag store.Lag, err error) {
	const behind = "event_heads.seq - queues.acked"
	err = t.db.NewSelect().TableExpr("queues").Join("JOIN event_heads ON event_heads.client_id = queues.client_id").
		ColumnExpr("CAST(coalesce(sum("+behind+"), 0) AS BIGINT)").ColumnExpr("coalesce(max("+behind+"), 0)").
		Scan(ctx, &lag.All, &lag.Longest)
	if err != nil {
		return store.Lag{}, t.store.fail(err)
	}
	return lag, nil
}
