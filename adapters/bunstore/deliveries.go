package bunstore

import (
	"context"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type deliveryRow struct {
	bun.BaseModel `bun:"table:deliveries"`
	WebhookID     ident.Webhook   `bun:"webhook_id,pk"`
	Seq           int64           `bun:"seq,pk"`
	EventID       ident.Event     `bun:"event_id"`
	Name          event.Name      `bun:"name"`
	Status        delivery.Status `bun:"status"`
	Attempts      text            `bun:"attempts,nullzero"`
	Step          int             `bun:"step"`
	NextAt        *int64          `bun:"next_at"`
	CreatedAt     int64           `bun:"created_at"`
}

// attemptText is an attempt in the column of a delivery's attempts.
type attemptText struct {
	At         int64         `json:"at"`
	HTTPStatus int           `json:"status,omitempty"`
	Code       delivery.Code `json:"code,omitempty"`
	Took       time.Duration `json:"took,omitempty"`
	Excerpt    string        `json:"excerpt,omitempty"`
}

func deliveryRowOf(d delivery.Delivery) deliveryRow {
	return deliveryRow{
		WebhookID: d.WebhookID, Seq: d.Seq, EventID: d.EventID, Name: d.Name, Status: d.Status, Step: d.Step, NextAt: known(d.NextAt),
		CreatedAt: micros(d.CreatedAt),
		Attempts: toText(each(d.Attempts, func(a delivery.Attempt) attemptText {
			return attemptText{At: micros(a.At), HTTPStatus: a.HTTPStatus, Code: a.Code, Took: a.Took, Excerpt: a.Excerpt}
		})),
	}
}

func (r deliveryRow) domain() (delivery.Delivery, error) {
	attempts, err := fromText[[]attemptText](r.Attempts)
	return delivery.Delivery{
		WebhookID: r.WebhookID, Seq: r.Seq, EventID: r.EventID, Name: r.Name, Status: r.Status, Step: r.Step, NextAt: knownInstant(r.NextAt),
		CreatedAt: instant(r.CreatedAt),
		Attempts: each(attempts, func(a attemptText) delivery.Attempt {
			return delivery.Attempt{At: instant(a.At), HTTPStatus: a.HTTPStatus, Code: a.Code, Took: a.Took, Excerpt: a.Excerpt}
		}),
	}, err
}

func (r deliveryRow) place() store.Key { return keyOf(r.Seq, string(r.EventID)) }

// Deliveries implements store.Tx.
func (tx *transaction) Deliveries() store.Deliveries { return deliveries{tx} }

type deliveries struct{ *transaction }

func (t deliveries) Put(ctx context.Context, ds ...delivery.Delivery) error {
	return put(ctx, t.transaction, "webhook_id, seq", each(ds, deliveryRowOf)...)
}

// bySeq sorts by the number of the event; its id is only there to be a key like
// that of every list.
var bySeq = order{column: "seq", falling: true, id: "event_id", arguments: func(key store.Key) (any, string, error) {
	return arguments[ident.Event](key, func(text string) (any, error) { return strconv.ParseInt(text, 10, 64) })
}}

func (t deliveries) List(ctx context.Context, client ident.Client, webhook ident.Webhook, filter store.DeliveryFilter, page store.Page) (store.Slice[delivery.Delivery], error) {
	return list[deliveryRow](ctx, t.transaction, bySeq, page, func(q *bun.SelectQuery) *bun.SelectQuery {
		return equal(q.Where("webhook_id = ?", webhook).
			Where("EXISTS (SELECT 1 FROM webhooks AS w WHERE w.id = ? AND w.client_id = ?)", webhook, client),
			term{"status", string(filter.Status)}, term{"name", string(filter.Name)})
	})
}

func (t deliveries) Some(ctx context.Context, webhook ident.Webhook, seqs ...int64) ([]delivery.Delivery, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	return find[deliveryRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("webhook_id = ?", webhook).Where("seq IN (?)", bun.List(seqs)).OrderExpr("seq")
	})
}

func (t deliveries) Beyond(ctx context.Context, webhook ident.Webhook, seq int64, limit int) (seqs []int64, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	err = t.db.NewSelect().Model((*deliveryRow)(nil)).Column("seq").Where("webhook_id = ?", webhook).Where("seq > ?", seq).
		OrderExpr("seq").Limit(int64(limit)).Scan(ctx, &seqs)
	return seqs, t.store.fail(err)
}

func (t deliveries) Due(ctx context.Context, webhook ident.Webhook, now time.Time, limit int) ([]delivery.Delivery, error) {
	if limit < 1 {
		return nil, errLimit
	}
	return find[deliveryRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("webhook_id = ?", webhook).Where("status = 'PENDING'").Where("next_at <= ?", micros(now)).
			OrderExpr("next_at").Limit(int64(limit))
	})
}

func (t deliveries) Next(ctx context.Context, webhook ident.Webhook) (time.Time, error) {
	var at *int64
	err := t.db.NewSelect().Model((*deliveryRow)(nil)).ColumnExpr("min(next_at)").Where("webhook_id = ?", webhook).
		Where("status = 'PENDING'").Scan(ctx, &at)
	if err != nil {
		return time.Time{}, t.store.fail(err)
	}
	return knownInstant(at), nil
}

func (t deliveries) Backlog(ctx context.Context) (found store.Backlog, err error) {
	var oldest *int64
	err = t.db.NewSelect().TableExpr("deliveries").ColumnExpr("count(*)").ColumnExpr("min(created_at)").
		Where("status = 'PENDING'").Scan(ctx, &found.Pending, &oldest)
	if err != nil {
		return store.Backlog{}, t.store.fail(err)
	}
	found.Oldest = knownInstant(oldest)
	err = t.db.NewSelect().TableExpr("webhooks AS w").Join("JOIN event_heads AS h ON h.client_id = w.client_id").
		ColumnExpr("CAST(coalesce(sum(h.seq - w.reached), 0) AS BIGINT)").Where("w.status = 'ENABLED'").Where("w.reached < h.seq").
		Scan(ctx, &found.Behind)
	return found, t.store.fail(err)
}

func (t deliveries) Sweep(ctx context.Context, before time.Time, limit int) (int, error) {
	count, err := remove[deliveryRow](ctx, t.transaction, "(webhook_id, seq) IN (SELECT webhook_id, seq FROM deliveries "+
		"WHERE created_at < ? AND status <> 'PENDING' ORDER BY created_at LIMIT ?)", micros(before), limit)
	return int(count), err
}
