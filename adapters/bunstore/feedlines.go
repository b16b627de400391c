package bunstore

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// errSilent: whoever reads the log of events would not know that there is
// something to read, and the feed has its numbers from there.
var errSilent = fault.New(fault.Internal, "silent_change", "Transactions were changed without an event.")

// kind is what a line of the feed has in common.
type kind struct {
	user  ident.User
	added bool
}

// changes are what a transaction did to a client's rows, each id once.
type changes struct {
	told map[ident.Transaction]bool
	ids  map[kind][]ident.Transaction
}

// tell keeps a change until the end of the transaction. What was added and
// changed was added.
func (tx *transaction) tell(t ledger.Transaction, added bool) {
	if tx.changed == nil {
		tx.changed = map[ident.Client]changes{}
	}
	c, ok := tx.changed[t.ClientID]
	if !ok {
		c = changes{map[ident.Transaction]bool{}, map[kind][]ident.Transaction{}}
		tx.changed[t.ClientID] = c
	}
	if !c.told[t.ID] {
		c.told[t.ID] = true
		k := kind{t.UserID, added}
		c.ids[k] = append(c.ids[k], t.ID)
	}
}

// outspoken refuses changes that no event goes with.
func (tx *transaction) outspoken() error {
	for client := range tx.changed {
		if len(tx.pending[client]) == 0 {
			return errSilent
		}
	}
	return nil
}

// feed writes a client's changes under a number.
func (tx *transaction) feed(ctx context.Context, client ident.Client, seq int64) error {
	ids, last := tx.changed[client].ids, 0
	var lines []feedRow
	for _, k := range slices.SortedFunc(maps.Keys(ids), func(a, b kind) int { return cmp.Compare(a.user, b.user) }) {
		for part := range slices.Chunk(ids[k], lineLength) {
			last += len(part)
			lines = append(lines, feedRow{ClientID: client, Seq: seq, Last: last, UserID: k.user, Added: k.added, IDs: toText(part)})
		}
	}
	return insert(ctx, tx, lines)
}

// leave tells of the transactions that are about to be deleted with the accounts
// that a condition finds.
func (tx *transaction) leave(ctx context.Context, condition string, args ...any) error {
	accounts, err := seal[accountRow](ctx, tx, condition, args...)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		var gone []transactionRow
		err := tx.db.NewSelect().Model(&gone).Column("id", "client_id", "user_id").Where("account_id = ?", a.ID).
			Where("removed = ?", false).Scan(ctx)
		if err != nil {
			return tx.store.fail(err)
		}
		for _, r := range gone {
			tx.tell(ledger.Transaction{ID: r.ID, ClientID: r.ClientID, UserID: r.UserID}, false)
		}
	}
	return nil
}

// seal finds the ids of rows that are about to be deleted, and until the end
// nobody adds to them: on PostgreSQL what came in now would be deleted untold.
func seal[R any](ctx context.Context, tx *transaction, condition string, args ...any) ([]R, error) {
	if tx.readOnly {
		return nil, errReadOnly
	}
	var rows []R
	query := tx.db.NewSelect().Model(&rows).Column("id").Where(condition, args...).OrderExpr("id")
	if tx.store.engine.rowLocks {
		query = query.For("UPDATE")
	}
	return rows, tx.store.fail(query.Scan(ctx))
}

// insert stores rows that are new.
func insert[R any](ctx context.Context, tx *transaction, rows []R) error {
	for part := range slices.Chunk(rows, batch) {
		if _, err := tx.db.NewInsert().Model(&part).Exec(ctx); err != nil {
			return tx.store.fail(err)
		}
	}
	return nil
}
