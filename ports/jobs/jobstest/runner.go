package jobstest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/jobs"
)

var runnerCases = map[string]func(*testing.T, Backend){
	"Slow_job_does_not_hold_up_others":    sideBySide,
	"Two_runners_share_and_never_overlap": twoRunners,
	"Ending_waits_for_those_at_work":      endingWaits,
	"Ended_runner_takes_no_more":          endedTakesNone,
	"Interrupted_job_is_taken_up_again":   interrupted,
}

func sideBySide(t *testing.T, b Backend) {
	q := b.Open(t)
	release := make(chan struct{})
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{
		"slow": func(context.Context, string) error { <-release; return nil },
		"fast": handler,
	})
	defer close(release)
	enqueue(t, q, jobs.Job{Kind: "slow", Key: "one"})
	enqueue(t, q, jobs.Job{Kind: "fast", Key: "two"})
	await(t, keys, "the fast job")
}

func twoRunners(t *testing.T, b Backend) {
	q := b.Open(t)
	const count = 60
	var mu sync.Mutex
	calls, atWork := map[string]int{}, map[string]bool{}
	done := make(chan string, 10*count)
	handlers := map[string]jobs.Handler{"sync": func(_ context.Context, key string) error {
		mu.Lock()
		defer mu.Unlock()
		if atWork[key] {
			done <- "overlap on " + key
			return nil
		}
		atWork[key] = true
		mu.Unlock() // let another runner step in, if it would
		done <- key
		mu.Lock()
		atWork[key] = false
		calls[key]++
		return nil
	}}
	for i := range count {
		enqueue(t, q, jobs.Job{Kind: "sync", Key: fmt.Sprint("key ", i)})
	}
	stopOne, stopTwo := start(t, q, handlers), start(t, q, handlers)
	for range count {
		require.NotContains(t, await(t, done, "all jobs"), "overlap")
	}
	stopOne()
	stopTwo()
	require.Empty(t, done, "some job ran twice")
	require.Len(t, calls, count)
}

func endingWaits(t *testing.T, b Backend) {
	q := b.Open(t)
	began, release := make(chan string, 1), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var finished bool
	ended := make(chan error, 1)
	go func() {
		ended <- q.Run(ctx, map[string]jobs.Handler{"sync": func(_ context.Context, key string) error {
			began <- key
			<-release
			finished = true
			return nil
		}})
	}()
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	await(t, began, "the job")
	cancel()
	select {
	case err := <-ended:
		require.Fail(t, "the runner left a job at work behind", "%v", err)
	case <-time.After(50 * time.Millisecond): // not proof, but a runner that does not wait is gone by now
	}
	close(release)
	require.NoError(t, await(t, ended, "the runner's end"))
	require.True(t, finished)
	// What finished in the last moment is finished.
	keys, handler := told()
	marks, mark := told()
	start(t, q, map[string]jobs.Handler{"sync": handler, "mark": mark})
	settle(t, q, marks)
	require.Empty(t, keys, "a job that ended well ran again")
}

func endedTakesNone(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	stop := start(t, q, map[string]jobs.Handler{"sync": handler})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	await(t, keys, "the job")
	stop()
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "two"})
	later, laterHandler := told()
	start(t, q, map[string]jobs.Handler{"sync": laterHandler})
	require.Equal(t, "two", await(t, later, "the job for the next runner"))
	require.Empty(t, keys)
}

// interrupted: a handler that gives up because its context ended has not
// failed; the next runner takes the job at once, without a pause.
func interrupted(t *testing.T, b Backend) {
	q := b.Open(t)
	began := make(chan string, 1)
	stop := start(t, q, map[string]jobs.Handler{"sync": func(ctx context.Context, key string) error {
		began <- key
		<-ctx.Done()
		return ctx.Err()
	}})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	await(t, began, "the job")
	stop()
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"sync": handler})
	require.Equal(t, "one", await(t, keys, "the interrupted job"))
}
