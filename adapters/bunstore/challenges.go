package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type challenges struct{ *transaction }

func (t challenges) Get(ctx context.Context, owner store.Owner, id ident.Challenge) (*connection.Challenge, error) {
	return t.newest(ctx, connection.ErrNoChallenge, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q.Where("id = ?", id), owner)
	})
}

func (t challenges) Current(ctx context.Context, run ident.Synchronization, channel string) (*connection.Challenge, error) {
	return t.newest(ctx, connection.ErrNoChallenge, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("synchronization_id = ?", run).Where("channel_definition = ?", channel)
	})
}

func (t challenges) Open(ctx context.Context, owner store.Owner, id ident.Connection) (*connection.Challenge, error) {
	if id == "" {
		return nil, connection.ErrNoChallenge
	}
	return t.newest(ctx, connection.ErrNoChallenge, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q, owner, term{"connection_id", string(id)}).Where("state = ?", connection.Open)
	})
}

func (t challenges) ByReturn(ctx context.Context, hash string) (*connection.Challenge, error) {
	return t.newest(ctx, connection.ErrReturn, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("return_hash = ? AND return_hash <> ''", hash)
	})
}

func (t challenges) newest(ctx context.Context, missing error, shaped shape) (*connection.Challenge, error) {
	return first[challengeRow](ctx, t.transaction, missing, func(q *bun.SelectQuery) *bun.SelectQuery {
		return shaped(q).OrderExpr("created_at DESC, id DESC")
	})
}

func (t challenges) Put(ctx context.Context, c *connection.Challenge) error {
	return put(ctx, t.transaction, "id", challengeRowOf(c))
}
