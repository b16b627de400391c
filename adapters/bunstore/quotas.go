package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/ports/store"
)

type quotaCallRow struct {
	bun.BaseModel   `bun:"table:quota_calls"`
	ID              ident.Call            `bun:"id,pk"`
	ClientID        ident.Client          `bun:"client_id"`
	UserID          ident.User            `bun:"user_id"`
	ConnectionID    ident.Connection      `bun:"connection_id"`
	Synchronization ident.Synchronization `bun:"synchronization_id"`
	Channel         string                `bun:"channel"`
	BegunAt         int64                 `bun:"begun_at"`
	At              int64                 `bun:"at"`
	MadeAt          int64                 `bun:"made_at"`
	Attended        bool                  `bun:"attended"`
	Settled         bool                  `bun:"settled"`
	Lines           text                  `bun:"lines,nullzero"`
}

type quotaLineText struct {
	Account ident.Account `json:"account,omitempty"`
	Scope   quota.Scope   `json:"scope"`
	Count   int           `json:"count"`
	Until   *int64        `json:"until,omitempty"`
}

func quotaLineTextOf(l quota.Line) quotaLineText {
	return quotaLineText{l.Account, l.Scope, l.Count, known(l.Until)}
}

func (l quotaLineText) line() quota.Line {
	return quota.Line{Key: quota.Key{Account: l.Account, Scope: l.Scope}, Count: l.Count, Until: knownInstant(l.Until)}
}

func quotaCallRowOf(c quota.Call) quotaCallRow {
	return quotaCallRow{
		ID: c.ID, ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ConnectionID, Synchronization: c.SynchronizationID,
		Channel: c.Channel, BegunAt: micros(c.BegunAt), At: micros(c.At), MadeAt: micros(c.MadeAt), Attended: c.Attended,
		Settled: c.Settled, Lines: toText(each(c.Lines, quotaLineTextOf)),
	}
}

func (r quotaCallRow) domain() (quota.Call, error) {
	lines, err := fromText[[]quotaLineText](r.Lines)
	return quota.Call{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, ConnectionID: r.ConnectionID, SynchronizationID: r.Synchronization,
		Channel: r.Channel, BegunAt: instant(r.BegunAt), At: instant(r.At), MadeAt: instant(r.MadeAt), Attended: r.Attended,
		Settled: r.Settled, Lines: each(lines, quotaLineText.line),
	}, err
}

// Quotas implements store.Tx.
func (tx *transaction) Quotas() store.Quotas { return quotas{tx} }

type quotas struct{ *transaction }

// Of reads the connection too: in an Update that keeps others from entering
// calls, which no lock on the rows that are there could do.
func (t quotas) Of(ctx context.Context, owner store.Owner, id ident.Connection, after time.Time) ([]quota.Call, error) {
	found, err := scan[connectionRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q.Column("id").Where("id = ?", id), owner)
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, connection.ErrNotFound
	}
	return find[quotaCallRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("connection_id = ?", id).Where("at > ?", micros(after)).OrderExpr("at, id")
	})
}

func (t quotas) Put(ctx context.Context, calls ...quota.Call) error {
	return put(ctx, t.transaction, "id", each(calls, quotaCallRowOf)...)
}

func (t quotas) Sweep(ctx context.Context, at, made time.Time) error {
	_, err := remove[quotaCallRow](ctx, t.transaction, "made_at < ? AND at < ?", micros(made), micros(at))
	return err
}
