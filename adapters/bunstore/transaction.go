package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// transaction implements store.Tx.
type transaction struct {
	store    *Store
	db       bun.Tx
	readOnly bool
	// pending are the events of this transaction, by client.
	pending map[ident.Client][]eventRow
	// changed are the transactions that the feed is to tell, by client.
	changed map[ident.Client]changes
}

func (tx *transaction) Clients() store.Clients           { return clients{tx} }
func (tx *transaction) Users() store.Users               { return users{tx} }
func (tx *transaction) Connections() store.Connections   { return connections{tx} }
func (tx *transaction) Challenges() store.Challenges     { return challenges{tx} }
func (tx *transaction) Runs() store.Runs                 { return runs{tx} }
func (tx *transaction) Accounts() store.Accounts         { return accounts{tx} }
func (tx *transaction) Transactions() store.Transactions { return transactions{tx} }
func (tx *transaction) Revisions() store.Revisions       { return revisions{tx} }
func (tx *transaction) Feed() store.Feed                 { return feed{tx} }
func (tx *transaction) Balances() store.Balances         { return balances{tx} }
func (tx *transaction) Queues() store.Queues             { return queues{tx} }
func (tx *transaction) Tokens() store.Tokens             { return tokens{tx} }
func (tx *transaction) Events() store.Events             { return events{tx} }

// Wake implements store.Tx.
func (tx *transaction) Wake(ctx context.Context, job jobs.Job) error {
	if tx.readOnly {
		return errReadOnly
	}
	return tx.store.fail(tx.store.config.Wake(ctx, tx.db.Tx, job))
}

// check compares the fence with the run's lease, in the transaction it guards.
// The row stays locked until the end: nobody claims the run between this look
// and the commit.
func (tx *transaction) check(ctx context.Context, fence store.Fence) error {
	if fence == (store.Fence{}) {
		return nil
	}
	held, err := scan[runRow](ctx, tx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("id").Where("id = ?", fence.Run).Where("lease_epoch = ?", fence.Epoch)
	})
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return synchronization.ErrFenced
	}
	return nil
}
