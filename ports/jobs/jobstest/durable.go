package jobstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/jobs"
)

var durableCases = map[string]func(*testing.T, Backend){
	"Waiting_job_survives_reopening":       reopenWaiting,
	"Planned_job_survives_reopening":       reopenPlanned,
	"Failed_job_survives_reopening":        reopenFailed,
	"Finished_job_stays_finished":          reopenFinished,
	"Job_of_a_killed_process_is_rescued":   rescued,
	"Finished_job_stays_so_after_a_crash":  crashFinished,
	"Committed_transaction_runs_its_jobs":  committed,
	"Rolled_back_transaction_runs_nothing": rolledBack,
}

func reopen(t *testing.T, b Backend) Queue {
	t.Helper()
	b.Close(t)
	return b.Open(t)
}

func reopenWaiting(t *testing.T, b Backend) {
	enqueue(t, b.Open(t), jobs.Job{Kind: "sync", Key: "one"})
	keys, handler := told()
	start(t, reopen(t, b), map[string]jobs.Handler{"sync": handler})
	require.Equal(t, "one", await(t, keys, "the waiting job"))
}

func reopenPlanned(t *testing.T, b Backend) {
	due := time.Now().Add(300 * time.Millisecond)
	enqueue(t, b.Open(t), jobs.Job{Kind: "sync", Key: "one", At: due})
	keys, handler := told()
	start(t, reopen(t, b), map[string]jobs.Handler{"sync": handler})
	await(t, keys, "the planned job")
	require.False(t, time.Now().Before(due.Add(-time.Millisecond)), "ran early")
}

func reopenFailed(t *testing.T, b Backend) {
	q := b.Open(t)
	calls := make(chan string, 100)
	stop := start(t, q, map[string]jobs.Handler{"sync": func(_ context.Context, key string) error {
		calls <- key
		return errBank
	}})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	await(t, calls, "the failing call")
	stop()
	keys, handler := told()
	start(t, reopen(t, b), map[string]jobs.Handler{"sync": handler})
	require.Equal(t, "one", await(t, keys, "the job that failed"))
}

func reopenFinished(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	stop := start(t, q, map[string]jobs.Handler{"sync": handler})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	await(t, keys, "the job")
	stop()
	marks, mark := told()
	q = reopen(t, b)
	start(t, q, map[string]jobs.Handler{"sync": handler, "mark": mark})
	settle(t, q, marks)
	require.Empty(t, keys, "ran again")
}

// rescued: after a kill the new process takes up what was at work, soon, and
// again after the next kill.
func rescued(t *testing.T, b Backend) {
	for range 3 {
		q := b.Open(t)
		began, release := make(chan string, 10), make(chan struct{})
		stop := start(t, q, map[string]jobs.Handler{"sync": func(_ context.Context, key string) error {
			began <- key
			<-release
			return nil
		}})
		enqueue(t, q, jobs.Job{Kind: "sync", Key: "first life"})
		await(t, began, "the job")
		killed := b.Crashed(t)
		close(release)
		stop()

		asked := time.Now()
		keys, handler := told()
		start(t, killed.Open(t), map[string]jobs.Handler{"sync": handler})
		require.Equal(t, "first life", await(t, keys, "the job of the killed process"))
		require.Less(t, time.Since(asked), 5*time.Second, "taken up late")
		b = killed.Crashed(t)
	}
}

func crashFinished(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	stop := start(t, q, map[string]jobs.Handler{"sync": handler})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	await(t, keys, "the job")
	stop()
	marks, mark := told()
	q = b.Crashed(t).Open(t)
	start(t, q, map[string]jobs.Handler{"sync": handler, "mark": mark})
	settle(t, q, marks)
	require.Empty(t, keys, "ran again")
}

func committed(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"sync": handler})
	require.NoError(t, b.InTx(t, func(tx jobs.Enqueuer) error {
		enqueue(t, tx, jobs.Job{Kind: "sync", Key: "one"}, jobs.Job{Kind: "sync", Key: "two"})
		require.Empty(t, keys, "ran before the commit")
		return nil
	}))
	got := []string{await(t, keys, "a job"), await(t, keys, "the other job")}
	require.ElementsMatch(t, []string{"one", "two"}, got)
}

func rolledBack(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	marks, mark := told()
	start(t, q, map[string]jobs.Handler{"sync": handler, "mark": mark})
	errRefused := errors.New("refused")
	require.ErrorIs(t, b.InTx(t, func(tx jobs.Enqueuer) error {
		enqueue(t, tx, jobs.Job{Kind: "sync", Key: "never"})
		return errRefused
	}), errRefused)
	settle(t, q, marks)
	require.Empty(t, keys, "ran although its transaction never was")
}
