package bunstore

import (
	"context"
	"errors"
)

// attempt runs a statement that another row may stand in the way of, so that
// the transaction can go on: on PostgreSQL any failure spoils it from there.
func (tx *transaction) attempt(ctx context.Context, statement func() error) error {
	if !tx.store.engine.savepoints || tx.readOnly {
		return statement()
	}
	if err := tx.mark(ctx, "SAVEPOINT attempt"); err != nil {
		return err
	}
	err := statement()
	if err != nil && !errors.Is(err, errNotUnique) {
		return err // the transaction has no future
	}
	end := "RELEASE SAVEPOINT attempt"
	if err != nil {
		end = "ROLLBACK TO SAVEPOINT attempt; " + end
	}
	if lost := tx.mark(ctx, end); lost != nil {
		return lost
	}
	return err
}

func (tx *transaction) mark(ctx context.Context, command string) error {
	_, err := tx.db.ExecContext(ctx, command)
	return tx.store.fail(err)
}
