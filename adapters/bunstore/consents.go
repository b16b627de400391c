package bunstore

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// Consents implements store.Tx.
func (tx *transaction) Consents() store.Consents { return consents{tx} }

type consents struct{ *transaction }

func (t consents) Get(ctx context.Context, owner store.Owner, id ident.Consent) (*consent.Consent, error) {
	return t.find(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return ownedBy(q.Where("id = ?", id), owner) })
}

func (t consents) Load(ctx context.Context, id ident.Consent) (*consent.Consent, error) {
	return t.find(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("id = ?", id) })
}

func (t consents) find(ctx context.Context, shaped shape) (*consent.Consent, error) {
	return first[consentRow](ctx, t.transaction, consent.ErrNotFound, shaped)
}

var errEntry = fault.New(fault.Conflict, "consent_changed", "Something else happened to this consent meanwhile.")

func (t consents) Put(ctx context.Context, c *consent.Consent) error {
	if err := put(ctx, t.transaction, "id", consentRowOf(c)); err != nil {
		return err
	}
	if len(c.News) > 0 {
		rows := each(c.News, func(e consent.Entry) entryRow { return entryRowOf(c.ID, e) })
		err := t.attempt(ctx, func() error {
			_, err := t.db.NewInsert().Model(&rows).Exec(ctx)
			return t.store.fail(err)
		})
		if errors.Is(err, errNotUnique) {
			return errEntry.Because(err)
		}
		if err != nil {
			return err
		}
	}
	c.Told()
	return t.record(c.ClientID, c.Drain())
}

func (t consents) Due(ctx context.Context, now time.Time, limit int) ([]ident.Consent, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var ids []ident.Consent
	err := t.db.NewSelect().Model((*consentRow)(nil)).Column("id").Where("due_at IS NOT NULL").Where("due_at <= ?", micros(now)).
		OrderExpr("due_at, id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, t.store.fail(err)
}

func (t consents) List(ctx context.Context, owner store.Owner, filter store.ConsentFilter, page store.Page) (store.Slice[*consent.Consent], error) {
	return list[consentRow](ctx, t.transaction, byTime[ident.Consent]("given_at", true), page,
		func(q *bun.SelectQuery) *bun.SelectQuery {
			q = ownedBy(q, owner, term{"connection_id", string(filter.Connection)})
			return equal(q, term{"status", string(filter.Status)})
		})
}

func (t consents) History(ctx context.Context, owner store.Owner, id ident.Consent) ([]consent.Entry, error) {
	if _, err := t.Get(ctx, owner, id); err != nil {
		return nil, err
	}
	return find[entryRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("consent_id = ?", id).OrderExpr("number")
	})
}
