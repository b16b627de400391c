package bunstore_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store/storetest"
)

func TestSQLiteKeepsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, options storetest.Options) storetest.Subject {
		file := filepath.Join(t.TempDir(), "store.db")
		s := open(t, bunstore.Config{
			Path: file, Hint: options.Hint, Clock: options.Now, IDs: options.IDs, Wake: wake,
		})
		_, err := s.WriteDB().ExecContext(t.Context(), `CREATE TABLE woken (n INTEGER PRIMARY KEY, kind TEXT, key TEXT, at INTEGER)`)
		require.NoError(t, err)
		return storetest.Subject{Store: s, Jobs: func() []jobs.Job { return woken(t, file) }}
	})
}

// open opens a store for one test.
func open(t *testing.T, config bunstore.Config) *bunstore.Store {
	t.Helper()
	s, err := bunstore.OpenSQLite(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// wake stands in for a job queue that has its table in the same database.
func wake(ctx context.Context, tx *sql.Tx, job jobs.Job) error {
	at := int64(0)
	if !job.At.IsZero() {
		at = job.At.UnixMicro()
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO woken (kind, key, at) VALUES (?, ?, ?)`, job.Kind, job.Key, at)
	return err
}

// woken reads, on a connection of its own, what was committed.
func woken(t *testing.T, file string) []jobs.Job {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
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
