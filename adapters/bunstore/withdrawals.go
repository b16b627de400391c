package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type withdrawalRow struct {
	bun.BaseModel     `bun:"table:consent_withdrawals"`
	ConsentID         ident.Consent    `bun:"consent_id,pk"`
	ClientID          ident.Client     `bun:"client_id"`
	UserID            ident.User       `bun:"user_id"`
	ConnectionID      ident.Connection `bun:"connection_id"`
	ProviderID        string           `bun:"provider_id"`
	ChannelDefinition string           `bun:"channel_definition"`
	SealedKey         []byte           `bun:"sealed_key,nullzero"`
	SealedSecrets     []byte           `bun:"sealed_secrets,nullzero"`
	CreatedAt         int64            `bun:"created_at"`
	Attempts          int              `bun:"attempts"`
	DueAt             int64            `bun:"due_at"`
}

func (r withdrawalRow) domain() (consent.Withdrawal, error) {
	return consent.Withdrawal{
		ConsentID: r.ConsentID, ClientID: r.ClientID, UserID: r.UserID, ConnectionID: r.ConnectionID, ProviderID: r.ProviderID,
		ChannelDefinition: r.ChannelDefinition, SealedKey: blob(r.SealedKey), SealedSecrets: blob(r.SealedSecrets),
		CreatedAt: instant(r.CreatedAt), Attempts: r.Attempts, DueAt: instant(r.DueAt),
	}, nil
}

// Withdrawals implements store.Tx.
func (tx *transaction) Withdrawals() store.Withdrawals { return withdrawals{tx} }

type withdrawals struct{ *transaction }

func (t withdrawals) Get(ctx context.Context, id ident.Consent) (consent.Withdrawal, error) {
	return first[withdrawalRow](ctx, t.transaction, consent.ErrNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("consent_id = ?", id)
	})
}

func (t withdrawals) Put(ctx context.Context, w consent.Withdrawal) error {
	return put(ctx, t.transaction, "consent_id", withdrawalRow{
		ConsentID: w.ConsentID, ClientID: w.ClientID, UserID: w.UserID, ConnectionID: w.ConnectionID, ProviderID: w.ProviderID,
		ChannelDefinition: w.ChannelDefinition, SealedKey: blob(w.SealedKey), SealedSecrets: blob(w.SealedSecrets),
		CreatedAt: micros(w.CreatedAt), Attempts: w.Attempts, DueAt: micros(w.DueAt),
	})
}

func (t withdrawals) Delete(ctx context.Context, id ident.Consent) error {
	_, err := remove[withdrawalRow](ctx, t.transaction, "consent_id = ?", id)
	return err
}

func (t withdrawals) Due(ctx context.Context, now time.Time, limit int) ([]ident.Consent, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var ids []ident.Consent
	err := t.db.NewSelect().Model((*withdrawalRow)(nil)).Column("consent_id").Where("due_at <= ?", micros(now)).
		OrderExpr("due_at, consent_id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, t.store.fail(err)
}
