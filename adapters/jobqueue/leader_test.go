package jobqueue_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// TestPausedJobOfAKilledProcess: jobs that pause for more than a few seconds
// are brought back by River's elected leader, and a leader that was killed
// keeps its seat for its lease. The next process must not wait for that.
func TestPausedJobOfAKilledProcess(t *testing.T) {
	t.Parallel()
	backend := &sqlite{path: filepath.Join(t.TempDir(), "jobs.db")}
	require.NoError(t, backend.Open(t).Enqueue(t.Context(), jobs.Job{Kind: "sync", Key: "paused"}))
	for _, statement := range []string{
		`UPDATE river_job SET state = 'scheduled'`,
		`INSERT INTO river_leader (elected_at, expires_at, leader_id)
			VALUES (datetime('now', 'subsec'), datetime('now', 'subsec', '+1 hour'), 'killed')`,
	} {
		_, err := backend.db.ExecContext(t.Context(), statement)
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
	case <-time.After(12 * time.Second):
		require.Fail(t, "the paused job waits for a leader that is gone")
	}
	cancel()
	require.NoError(t, <-ended)
}
