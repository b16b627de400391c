package jobqueue_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/jobqueue"
	"github.com/tributary-dev/tributary/ports/jobs"
)

// TestOthersTakeUpTheJobsOfAKilledProcess: of two processes one is killed. The
// other one leaves its job alone while it lives and takes it up soon after.
func TestOthersTakeUpTheJobsOfAKilledProcess(t *testing.T) {
	t.Parallel()
	backend := newPostgres(t)
	queue := backend.Open(t)
	require.NoError(t, queue.Enqueue(t.Context(), jobs.Job{Kind: "sync", Key: "syn_killed"}))
	soon, cancelChild := context.WithTimeout(t.Context(), time.Minute)
	defer cancelChild()
	child := startChild(soon, t, running.DSN(backend.name))

	ctx, cancel := context.WithCancel(t.Context())
	keys, ended := make(chan string, 10), make(chan error, 1)
	tell := func(_ context.Context, key string) error { keys <- key; return nil }
	go func() { ended <- queue.Run(ctx, map[string]jobs.Handler{"sync": tell, "mark": tell}) }()
	// Later than one sweep: had the runner taken the job, it would be the first.
	require.NoError(t, queue.Enqueue(t.Context(), jobs.Job{Kind: "mark", Key: "mark", At: time.Now().Add(2500 * time.Millisecond)}))
	require.Equal(t, "mark", receive(t, keys), "a job of a living process is its own")

	require.NoError(t, child.Process.Kill())
	_ = child.Wait() // killed, as asked
	require.Equal(t, "syn_killed", receive(t, keys))
	cancel()
	require.NoError(t, <-ended)
	require.Empty(t, keys)
}

func receive(t *testing.T, from <-chan string) string {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(time.Minute):
		require.Fail(t, "waited too long")
		return ""
	}
}

// TestARunnerFindsItsConnectionAgain: a runner whose mark was lost sets it
// again, and its jobs stay its own.
func TestARunnerFindsItsConnectionAgain(t *testing.T) {
	t.Parallel()
	backend := newPostgres(t)
	queue := backend.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- queue.Run(ctx, map[string]jobs.Handler{}) }()
	marks := func() (count int) {
		_ = backend.db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_locks WHERE classid = 29289 AND objsubid = 2
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&count)
		return count
	}
	require.Eventually(t, func() bool { return marks() == 1 }, time.Minute, 20*time.Millisecond)
	_, err := backend.db.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE classid = 29289 AND objsubid = 2
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return marks() == 0 }, time.Minute, 5*time.Millisecond)
	require.Eventually(t, func() bool { return marks() == 1 }, time.Minute, 20*time.Millisecond)
	cancel()
	require.NoError(t, <-ended)
	require.Eventually(t, func() bool { return marks() == 0 }, time.Minute, 20*time.Millisecond, "the mark goes with the runner")
}

func TestManyProcessesStartOnAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	_, err := server()
	require.NoError(t, err)
	name, err := running.Create(t.Context(), "")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, running.Drop(context.Background(), name)) })
	opened := make(chan error, 5)
	for range cap(opened) {
		go func() {
			db, err := openPostgres(running.DSN(name))
			if err == nil {
				_, err = jobqueue.OpenPostgres(context.Background(), db, testConfig())
				_ = db.Close()
			}
			opened <- err
		}()
	}
	for range cap(opened) {
		require.NoError(t, <-opened)
	}
}
