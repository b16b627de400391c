package bunstore

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store/storetest"
)

// The server sorts like English and sits in an odd time zone: see pgcluster.
func TestPostgresKeepsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, options storetest.Options) storetest.Subject {
		s := openDSN(t, Config{
			DSN: database(t, ""), Hint: options.Hint, Clock: options.Now, IDs: options.IDs, Wake: wakePostgres,
		})
		return storetest.Subject{Store: s, Jobs: func() []jobs.Job { return wokenPostgres(t, s.read.DB) }}
	})
}

// wakePostgres stands in for a job queue that has its table in the same
// database.
func wakePostgres(ctx context.Context, tx *sql.Tx, job jobs.Job) error {
	at := int64(0)
	if !job.At.IsZero() {
		at = job.At.UnixMicro()
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO woken (kind, key, at) VALUES ($1, $2, $3)`, job.Kind, job.Key, at)
	return err
}

// wokenPostgres reads what was committed.
func wokenPostgres(t *testing.T, db *sql.DB) []jobs.Job {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT kind, key, at FROM woken ORDER BY n`)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var all []jobs.Job
	for rows.Next() {
		var job jobs.Job
		var at int64
		require.NoError(t, rows.Scan(&job.Kind, &job.Key, &at))
		if at != 0 {
			job.At = time.UnixMicro(at).UTC()
		}
		all = append(all, job)
	}
	require.NoError(t, rows.Err())
	return all
}
