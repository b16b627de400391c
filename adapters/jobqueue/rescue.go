package jobqueue

import (
	"context"
	"database/sql"
)

// One process has a SQLite file open, which the store's lock file sees to. So
// whatever is "running" when the queue is opened belongs to a process that is
// gone, and so does a leader. River would find out by itself, but only after
// RescueStuckJobsAfter, which must be longer than any handler works, and after
// the old leader's lease. Its driver has calls for both and tells not to use
// them; they would also write an error text into the row.
//
// A job found running for the fourth time or more may be what kills the
// process: it waits, longer every time, so that the others get their turn.
const (
	rescueRunning = `UPDATE river_job SET state = 'available', scheduled_at = datetime('now', 'subsec',
		'+' || CASE WHEN attempt > 3 THEN min(attempt * attempt, 300) ELSE 0 END || ' seconds')
		WHERE state = 'running'`
	rescueLeader = `DELETE FROM river_leader`
)

// beginner is a pool or a connection.
type beginner interface {
	BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error)
}

// rescue takes up what a killed process left behind.
func rescue(ctx context.Context, db beginner, statements []string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // without effect after the commit
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}
