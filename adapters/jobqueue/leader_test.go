package jobqueue_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/jobs/jobstest"
)

// TestPausedJobOfAKilledProcess: jobs that pause for more than a few seconds
// are brought back by River's elected leader, and a leader that was killed
// keeps its seat for its lease. The next process must not wait for that.
func TestPausedJobOfAKilledProcess(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		backend := &sqlite{path: filepath.Join(t.TempDir(), "jobs.db")}
		paused(t, backend, func() *sql.DB { return backend.db }, `INSERT INTO river_leader (elected_at, expires_at, leader_id)
			VALUES (datetime('now', 'subsec'), datetime('now', 'subsec', '+1 hour'), 'killed')`)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		backend := newPostgres(t)
		paused(t, backend, func() *sql.DB { return backend.db }, `INSERT INTO river_leader (elected_at, expires_at, leader_id)
			VALUES (now(), now() + interval '1 hour', 'killed')`)
	})
}

func paused(t *testing.T, backend jobstest.Backend, db func() *sql.DB, leader string) {
	t.Helper()
	require.NoError(t, backend.Open(t).Enqueue(t.Context(), jobs.Job{Kind: "sync", Key: "paused"}))
	for _, statement := range []string{`UPDATE river_job SET state = 'scheduled'`, leader} {
		_, err := db().ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	backend.Close(t)

	queue := backend.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	keys, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- queue.Run(ctx, map[string]jobs.Handler{"sync": func(_ context.Context, key string) error {
			keys <- key
			return nil
		}})
	}()
	select {
	case <-keys:
	case <-time.After(time.Minute):
		require.Fail(t, "the paused job waits for a leader that is gone")
	}
	cancel()
	require.NoError(t, <-ended)
}
