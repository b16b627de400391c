package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type ruleRow struct {
	bun.BaseModel `bun:"table:category_rules"`
	ID            ident.Rule         `bun:"id,pk"`
	ClientID      ident.Client       `bun:"client_id"`
	UserID        ident.User         `bun:"user_id,nullzero"`
	Name          string             `bun:"name"`
	Text          string             `bun:"content"`
	Direction     category.Direction `bun:"direction"`
	CategoryID    string             `bun:"category_id"`
	CreatedAt     int64              `bun:"created_at"`
}

func (r ruleRow) domain() (category.Rule, error) {
	return category.Rule{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, Name: r.Name, Text: r.Text, Direction: r.Direction,
		CategoryID: r.CategoryID, CreatedAt: instant(r.CreatedAt),
	}, nil
}

func (r ruleRow) place() store.Key { return keyOf(r.CreatedAt, string(r.ID)) }

// Rules implements store.Tx.
func (tx *transaction) Rules() store.Rules { return rules{tx} }

type rules struct{ *transaction }

func (t rules) Get(ctx context.Context, owner store.Owner, id ident.Rule) (category.Rule, error) {
	return first[ruleRow](ctx, t.transaction, category.ErrRuleNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q.Where("id = ?", id), owner)
	})
}

func (t rules) Put(ctx context.Context, r category.Rule) error {
	return put(ctx, t.transaction, "id", ruleRow{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, Name: r.Name, Text: r.Text, Direction: r.Direction,
		CategoryID: r.CategoryID, CreatedAt: micros(r.CreatedAt),
	})
}

func (t rules) Delete(ctx context.Context, owner store.Owner, id ident.Rule) error {
	if t.readOnly {
		return errReadOnly
	}
	if _, err := t.Get(ctx, owner, id); err != nil {
		return err
	}
	count, err := remove[ruleRow](ctx, t.transaction, "id = ?", id)
	if err == nil && count == 0 {
		return category.ErrRuleNotFound
	}
	return err
}

// Over asks for the two kinds one after the other: each has an index, which a
// planner might not use for both at once.
func (t rules) Over(ctx context.Context, owner store.Owner) ([]category.Rule, error) {
	found, err := find[ruleRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("client_id = ?", owner.Client).Where("user_id IS NULL")
	})
	if err != nil || owner.User == "" {
		return found, err
	}
	own, err := find[ruleRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery { return ownedBy(q, owner) })
	return append(found, own...), err
}

func (t rules) List(ctx context.Context, owner store.Owner, page store.Page) (store.Slice[category.Rule], error) {
	return list[ruleRow](ctx, t.transaction, byTime[ident.Rule]("created_at", false), page,
		func(q *bun.SelectQuery) *bun.SelectQuery { return ownedBy(q, owner) })
}
