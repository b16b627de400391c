package bunstore

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type webhookRow struct {
	bun.BaseModel `bun:"table:webhooks"`
	ID            ident.Webhook          `bun:"id,pk"`
	ClientID      ident.Client           `bun:"client_id"`
	URL           string                 `bun:"url"`
	Description   string                 `bun:"description"`
	UserID        ident.User             `bun:"user_id"`
	ConnectionID  ident.Connection       `bun:"connection_id"`
	Names         text                   `bun:"names,nullzero"`
	Algorithm     delivery.Algorithm     `bun:"algorithm"`
	SealedKey     []byte                 `bun:"sealed_key,nullzero"`
	Secrets       text                   `bun:"secrets,nullzero"`
	Status        delivery.WebhookStatus `bun:"status"`
	Reason        delivery.Reason        `bun:"reason"`
	FailingSince  *int64                 `bun:"failing_since"`
	Reached       int64                  `bun:"reached"`
	RetryAt       *int64                 `bun:"retry_at"`
	LeaseOwner    string                 `bun:"lease_owner"`
	LeaseEpoch    int64                  `bun:"lease_epoch"`
	LeaseUntil    int64                  `bun:"lease_until"`
	CreatedAt     int64                  `bun:"created_at"`
}

// sealedSecret is a secret in the column of a webhook's secrets.
type sealedSecret struct {
	Sealed    []byte `json:"sealed,omitempty"`
	PublicKey string `json:"public_key,omitempty"`
	CreatedAt int64  `json:"created_at"`
	Until     *int64 `json:"until,omitempty"`
}

func webhookRowOf(w *delivery.Webhook) webhookRow {
	secrets := each(w.Secrets, func(s delivery.Secret) sealedSecret {
		return sealedSecret{Sealed: s.Sealed, PublicKey: s.PublicKey, CreatedAt: micros(s.CreatedAt), Until: known(s.Until)}
	})
	return webhookRow{
		ID: w.ID, ClientID: w.ClientID, URL: w.URL, Description: w.Description, UserID: w.Filter.UserID, ConnectionID: w.Filter.ConnectionID,
		Names: toText(w.Filter.Names), Algorithm: w.Algorithm, SealedKey: blob(w.SealedKey), Secrets: toText(secrets), Status: w.Status,
		Reason: w.Reason, FailingSince: known(w.FailingSince), Reached: w.Cursor, RetryAt: known(w.RetryAt), LeaseOwner: w.Hold.Owner,
		LeaseEpoch: w.Hold.Epoch, LeaseUntil: micros(w.Hold.Until), CreatedAt: micros(w.CreatedAt),
	}
}

func (r webhookRow) domain() (*delivery.Webhook, error) {
	names, err := fromText[[]event.Name](r.Names)
	if err != nil {
		return nil, err
	}
	secrets, err := fromText[[]sealedSecret](r.Secrets)
	return &delivery.Webhook{
		ID: r.ID, ClientID: r.ClientID, URL: r.URL, Description: r.Description, Algorithm: r.Algorithm, SealedKey: blob(r.SealedKey),
		Filter: delivery.Filter{UserID: r.UserID, ConnectionID: r.ConnectionID, Names: names},
		Secrets: each(secrets, func(s sealedSecret) delivery.Secret {
			return delivery.Secret{Sealed: s.Sealed, PublicKey: s.PublicKey, CreatedAt: instant(s.CreatedAt), Until: knownInstant(s.Until)}
		}),
		Status: r.Status, Reason: r.Reason, FailingSince: knownInstant(r.FailingSince), Cursor: r.Reached, RetryAt: knownInstant(r.RetryAt),
		Hold:      delivery.Hold{Owner: r.LeaseOwner, Epoch: r.LeaseEpoch, Until: instant(r.LeaseUntil)},
		CreatedAt: instant(r.CreatedAt),
	}, err
}

func (r webhookRow) place() store.Key { return keyOf(r.CreatedAt, string(r.ID)) }

// Webhooks implements store.Tx.
func (tx *transaction) Webhooks() store.Webhooks { return webhooks{tx} }

type webhooks struct{ *transaction }

func (t webhooks) Get(ctx context.Context, client ident.Client, id ident.Webhook) (*delivery.Webhook, error) {
	return first[webhookRow](ctx, t.transaction, delivery.ErrWebhookNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("id = ?", id).Where("client_id = ?", client)
	})
}

func (t webhooks) Put(ctx context.Context, ws ...*delivery.Webhook) error {
	if err := put(ctx, t.transaction, "id", each(ws, webhookRowOf)...); err != nil {
		return err
	}
	for _, w := range ws {
		if err := t.record(w.ClientID, w.Drain()); err != nil {
			return err
		}
	}
	return nil
}

func (t webhooks) Delete(ctx context.Context, client ident.Client, id ident.Webhook) error {
	count, err := remove[webhookRow](ctx, t.transaction, "id = ? AND client_id = ?", id, client)
	if err == nil && count == 0 {
		return delivery.ErrWebhookNotFound
	}
	return err
}

func (t webhooks) List(ctx context.Context, client ident.Client, page store.Page) (store.Slice[*delivery.Webhook], error) {
	return list[webhookRow](ctx, t.transaction, byTime[ident.Webhook]("created_at", false), page,
		func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("client_id = ?", client) })
}

// Load locks in one order, so that two who want some of the same never wait for
// each other.
func (t webhooks) Load(ctx context.Context, ids ...ident.Webhook) (found []*delivery.Webhook, err error) {
	ids = slices.Sorted(slices.Values(ids))
	for part := range slices.Chunk(ids, batch) {
		some, err := find[webhookRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("id IN (?)", bun.List(part)).OrderExpr("id")
		})
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// The two kinds of work have an index each, and the planner uses it only where
// its condition is repeated. CROSS JOIN has SQLite begin with the heads.
const (
	behindLog = "SELECT w.id FROM event_heads AS h CROSS JOIN webhooks AS w " +
		"WHERE w.client_id = h.client_id AND w.reached < h.seq AND w.status = 'ENABLED' AND w.lease_until <= ? LIMIT ?"
	dueRetry = "SELECT w.id FROM webhooks AS w WHERE w.status = 'ENABLED' AND w.retry_at IS NOT NULL AND w.retry_at <= ? AND w.lease_until <= ? " +
		"ORDER BY w.retry_at LIMIT ?"
)

func (t webhooks) Due(ctx context.Context, now time.Time, limit int) (ids []ident.Webhook, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	var late []ident.Webhook
	if err := t.db.NewRaw(dueRetry, micros(now), micros(now), limit).Scan(ctx, &late); err != nil {
		return nil, t.store.fail(err)
	}
	if err := t.db.NewRaw(behindLog, micros(now), limit).Scan(ctx, &ids); err != nil {
		return nil, t.store.fail(err)
	}
	ids = append(late, ids...)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(limit, len(ids))], nil
}
