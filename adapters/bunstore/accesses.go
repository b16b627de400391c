package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type accessRow struct {
	bun.BaseModel     `bun:"table:consent_accesses"`
	ID                ident.Access          `bun:"id,pk"`
	ConsentID         ident.Consent         `bun:"consent_id"`
	ClientID          ident.Client          `bun:"client_id"`
	UserID            ident.User            `bun:"user_id"`
	ConnectionID      ident.Connection      `bun:"connection_id"`
	ChannelDefinition string                `bun:"channel_definition"`
	SynchronizationID ident.Synchronization `bun:"synchronization_id"`
	Trigger           string                `bun:"trigger"`
	Operation         consent.Operation     `bun:"operation"`
	Attended          bool                  `bun:"attended"`
	At                int64                 `bun:"at"`
	EndedAt           *int64                `bun:"ended_at"`
	Outcome           string                `bun:"outcome"`
}

func (r accessRow) domain() (consent.Access, error) {
	return consent.Access{
		ID: r.ID, ConsentID: r.ConsentID, ClientID: r.ClientID, UserID: r.UserID, ConnectionID: r.ConnectionID,
		ChannelDefinition: r.ChannelDefinition, SynchronizationID: r.SynchronizationID, Trigger: r.Trigger, Operation: r.Operation,
		Attended: r.Attended, At: instant(r.At), EndedAt: knownInstant(r.EndedAt), Outcome: r.Outcome,
	}, nil
}

func (r accessRow) place() store.Key { return keyOf(r.At, string(r.ID)) }

// Accesses implements store.Tx.
func (tx *transaction) Accesses() store.Accesses { return accesses{tx} }

type accesses struct{ *transaction }

func (t accesses) Put(ctx context.Context, a consent.Access) error {
	return put(ctx, t.transaction, "id", accessRow{
		ID: a.ID, ConsentID: a.ConsentID, ClientID: a.ClientID, UserID: a.UserID, ConnectionID: a.ConnectionID,
		ChannelDefinition: a.ChannelDefinition, SynchronizationID: a.SynchronizationID, Trigger: a.Trigger, Operation: a.Operation,
		Attended: a.Attended, At: micros(a.At), EndedAt: known(a.EndedAt), Outcome: a.Outcome,
	})
}

func (t accesses) Of(ctx context.Context, owner store.Owner, id ident.Consent, page store.Page) (store.Slice[consent.Access], error) {
	return list[accessRow](ctx, t.transaction, byTime[ident.Access]("at", true), page, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q, owner, term{"consent_id", string(id)})
	})
}

func (t accesses) Open(ctx context.Context, before time.Time, limit int) ([]consent.Access, error) {
	if limit < 1 {
		return nil, errLimit
	}
	return find[accessRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("ended_at IS NULL AND at < ?", micros(before)).OrderExpr("at, id").Limit(int64(limit))
	})
}

func (t accesses) Sweep(ctx context.Context, before time.Time, limit int) (int, error) {
	if limit < 1 {
		return 0, errLimit
	}
	count, err := remove[accessRow](ctx, t.transaction, "id IN (?)", t.db.NewSelect().Model((*accessRow)(nil)).Column("id").
		Where("at < ?", micros(before)).OrderExpr("at").Limit(int64(limit)))
	return int(count), err
}
