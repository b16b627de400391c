package jobstest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/jobs"
)

var dueCases = map[string]func(*testing.T, Backend){
	"Enqueued_job_runs_once":            runsOnce,
	"Key_arrives_unchanged":             keyUnchanged,
	"Past_time_means_now":               pastMeansNow,
	"Future_job_waits_for_its_time":     futureWaits,
	"Later_twin_does_not_hold_it_up":    laterTwin,
	"Twins_do_no_harm":                  twins,
	"Job_enqueued_by_a_handler_runs":    handlerEnqueues,
	"Like_of_a_running_job_runs_after":  likeOfRunning,
	"Ended_context_enqueues_nothing":    endedContext,
	"Enqueued_before_any_runner_starts": beforeRunner,
}

func runsOnce(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	marks, mark := told()
	start(t, q, map[string]jobs.Handler{"sync": handler, "mark": mark})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	require.Equal(t, "one", await(t, keys, "the job"))
	settle(t, q, marks)
	require.Empty(t, keys, "a job that succeeded ran again")
}

func keyUnchanged(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"sync": handler})
	for _, key := range []string{"", "syn_01", `"'; DROP TABLE x; --`, "é\u2028\\u0041", "<&>"} {
		enqueue(t, q, jobs.Job{Kind: "sync", Key: key})
		require.Equal(t, key, await(t, keys, "the job"))
	}
}

func pastMeansNow(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"sync": handler})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "old", At: time.Now().Add(-time.Hour)})
	await(t, keys, "the job that is overdue")
}

func futureWaits(t *testing.T, b Backend) {
	q := b.Open(t)
	started := make(chan time.Time, 2)
	start(t, q, map[string]jobs.Handler{"sync": func(context.Context, string) error {
		started <- time.Now()
		return nil
	}})
	// A zone far from UTC: only the instant counts.
	due := time.Now().Add(400 * time.Millisecond).In(time.FixedZone("far", 11*3600))
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "later", At: due})
	began := await(t, started, "the job that falls due")
	require.False(t, began.Before(due.Add(-time.Millisecond)), "began %v early", due.Sub(began))
	require.Less(t, began.Sub(due), 2*time.Second, "began late")
}

// laterTwin: a queue that collapses twins must keep the earlier time, or a
// wake for now is swallowed by a plan for tomorrow.
func laterTwin(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"sync": handler})
	enqueue(t, q,
		jobs.Job{Kind: "sync", Key: "one", At: time.Now().Add(time.Hour)},
		jobs.Job{Kind: "sync", Key: "one"})
	await(t, keys, "the twin that is due now")
}

func twins(t *testing.T, b Backend) {
	q := b.Open(t)
	for range 5 {
		enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	}
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "other"})
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"sync": handler})
	count := map[string]int{}
	for count["other"] == 0 || count["one"] == 0 {
		count[await(t, keys, "both keys")]++
	}
	require.LessOrEqual(t, count["one"], 5)
	require.Equal(t, 1, count["other"])
}

func handlerEnqueues(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{
		"first":  func(ctx context.Context, key string) error { return q.Enqueue(ctx, jobs.Job{Kind: "second", Key: key}) },
		"second": handler,
	})
	enqueue(t, q, jobs.Job{Kind: "first", Key: "chain"})
	require.Equal(t, "chain", await(t, keys, "the second job"))
}

// likeOfRunning: a wake that comes while its like is at work may tell of
// something that one has already passed by, so it must run after it.
func likeOfRunning(t *testing.T, b Backend) {
	q := b.Open(t)
	began, release := make(chan string, 10), make(chan struct{})
	start(t, q, map[string]jobs.Handler{"sync": func(_ context.Context, key string) error {
		began <- key
		<-release
		return nil
	}})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	await(t, began, "the first")
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	close(release)
	await(t, began, "the second")
}

func endedContext(t *testing.T, b Backend) {
	q := b.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, q.Enqueue(ctx, jobs.Job{Kind: "sync", Key: "never"}), context.Canceled)
	keys, handler := told()
	marks, mark := told()
	start(t, q, map[string]jobs.Handler{"sync": handler, "mark": mark})
	settle(t, q, marks)
	require.Empty(t, keys)
}

func beforeRunner(t *testing.T, b Backend) {
	q := b.Open(t)
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "early"})
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"sync": handler})
	await(t, keys, "the job that was there first")
}
