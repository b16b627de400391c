package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

type widgetSessionRow struct {
	bun.BaseModel `bun:"table:widget_sessions"`
	ID            ident.WidgetSession `bun:"id,pk"`
	ClientID      ident.Client        `bun:"client_id"`
	UserID        ident.User          `bun:"user_id"`
	Wanted        text                `bun:"wanted"`
	Entry         widget.Entry        `bun:"entry"`
	LinkHash      string              `bun:"link_hash"`
	BrowserHash   string              `bun:"browser_hash"`
	ConnectionID  ident.Connection    `bun:"connection_id,nullzero"`
	Progress      text                `bun:"progress"`
	Outcome       text                `bun:"outcome,nullzero"`
	CreatedAt     int64               `bun:"created_at"`
	ExpiresAt     int64               `bun:"expires_at"`
	Settled       bool                `bun:"settled"`
}

func widgetSessionRowOf(s *widget.Session) widgetSessionRow {
	return widgetSessionRow{
		ID: s.ID, ClientID: s.ClientID, UserID: s.UserID, Wanted: toText(&s.Order), Entry: s.Entry, LinkHash: s.LinkHash, BrowserHash: s.BrowserHash,
		ConnectionID: s.Progress.ConnectionID, Progress: toText(&s.Progress), Outcome: toText(s.Outcome), CreatedAt: micros(s.CreatedAt), ExpiresAt: micros(s.ExpiresAt), Settled: s.Settled,
	}
}

func (r widgetSessionRow) domain() (s *widget.Session, err error) {
	s = &widget.Session{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, Entry: r.Entry, LinkHash: r.LinkHash, BrowserHash: r.BrowserHash,
		CreatedAt: instant(r.CreatedAt), ExpiresAt: instant(r.ExpiresAt), Settled: r.Settled,
	}
	if s.Order, err = fromText[widget.Order](r.Wanted); err != nil {
		return s, err
	}
	if s.Progress, err = fromText[widget.Progress](r.Progress); err != nil {
		return s, err
	}
	s.Outcome, err = fromText[*widget.Outcome](r.Outcome)
	return s, err
}

// WidgetSessions implements store.Tx.
func (tx *transaction) WidgetSessions() store.WidgetSessions { return widgetSessions{tx} }

type widgetSessions struct{ *transaction }

func (t widgetSessions) Get(ctx context.Context, owner store.Owner, id ident.WidgetSession) (*widget.Session, error) {
	return t.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return ownedBy(q.Where("id = ?", id), owner) })
}

func (t widgetSessions) Load(ctx context.Context, id ident.WidgetSession) (*widget.Session, error) {
	return t.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("id = ?", id) })
}

func (t widgetSessions) At(ctx context.Context, id ident.Connection) (*widget.Session, error) {
	return t.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("connection_id = ?", id).OrderExpr("created_at DESC, id DESC")
	})
}

func (t widgetSessions) one(ctx context.Context, shaped shape) (*widget.Session, error) {
	return first[widgetSessionRow](ctx, t.transaction, widget.ErrNotFound, shaped)
}

func (t widgetSessions) Put(ctx context.Context, s *widget.Session) error {
	return put(ctx, t.transaction, "id", widgetSessionRowOf(s))
}

func (t widgetSessions) Lapsed(ctx context.Context, now time.Time, limit int) ([]ident.WidgetSession, error) {
	if limit < 1 {
		return nil, errLimit
	}
	var ids []ident.WidgetSession
	err := t.db.NewSelect().Model((*widgetSessionRow)(nil)).Column("id").Where("outcome IS NULL AND NOT settled").
		Where("expires_at <= ?", micros(now)).OrderExpr("expires_at, id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, t.store.fail(err)
}

func (t widgetSessions) Sweep(ctx context.Context, before time.Time) error {
	_, err := remove[widgetSessionRow](ctx, t.transaction, "expires_at < ?", micros(before))
	return err
}
