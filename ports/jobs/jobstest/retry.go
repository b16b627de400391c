package jobstest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/jobs"
)

var retryCases = map[string]func(*testing.T, Backend){
	"Error_is_retried_with_a_growing_pause": growingPause,
	"Panic_is_an_error":                     panicIsError,
	"Failing_job_does_not_stop_others":      failingApart,
	"Unknown_kind_does_not_stop_others":     unknownKind,
	"Unknown_kind_waits_for_who_knows_it":   unknownKindWaits,
	"Success_ends_the_retries":              successEnds,
}

var errBank = errors.New("the bank is away")

func growingPause(t *testing.T, b Backend) {
	q := b.Open(t)
	calls := make(chan time.Time, 100)
	start(t, q, map[string]jobs.Handler{"sync": func(context.Context, string) error {
		calls <- time.Now()
		return errBank
	}})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	last := await(t, calls, "the first call")
	// A pause may be longer than asked on a busy machine, never shorter; each
	// is at least half again as long as the one before it should have been.
	atLeast := b.FirstPause()
	for range 5 {
		next := await(t, calls, "the next call")
		require.GreaterOrEqual(t, next.Sub(last), atLeast-2*time.Millisecond, "called again too soon")
		last, atLeast = next, atLeast*3/2
	}
}

func panicIsError(t *testing.T, b Backend) {
	q := b.Open(t)
	var calls atomic.Int32
	done := make(chan string, 1)
	start(t, q, map[string]jobs.Handler{"sync": func(_ context.Context, key string) error {
		if calls.Add(1) < 3 {
			panic("out of tune")
		}
		done <- key
		return nil
	}})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	require.Equal(t, "one", await(t, done, "the call after two panics"))
}

func failingApart(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{
		"bad":  func(context.Context, string) error { return errBank },
		"good": handler,
	})
	for range 50 {
		enqueue(t, q, jobs.Job{Kind: "bad", Key: "one"})
	}
	enqueue(t, q, jobs.Job{Kind: "good", Key: "two"})
	await(t, keys, "the good job")
}

func unknownKind(t *testing.T, b Backend) {
	q := b.Open(t)
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"known": handler})
	for range 50 {
		enqueue(t, q, jobs.Job{Kind: "strange", Key: "one"})
	}
	enqueue(t, q, jobs.Job{Kind: "known", Key: "two"})
	await(t, keys, "the known job")
}

// unknownKindWaits: an older binary must not throw away what a newer one
// enqueued.
func unknownKindWaits(t *testing.T, b Backend) {
	q := b.Open(t)
	marks, mark := told()
	stop := start(t, q, map[string]jobs.Handler{"mark": mark})
	enqueue(t, q, jobs.Job{Kind: "new", Key: "one"})
	settle(t, q, marks)
	stop()
	keys, handler := told()
	start(t, q, map[string]jobs.Handler{"new": handler})
	require.Equal(t, "one", await(t, keys, "the job of the new kind"))
}

func successEnds(t *testing.T, b Backend) {
	q := b.Open(t)
	calls := make(chan int32, 100)
	marks, mark := told()
	var count atomic.Int32
	start(t, q, map[string]jobs.Handler{"mark": mark, "sync": func(context.Context, string) error {
		n := count.Add(1)
		calls <- n
		if n == 1 {
			return errBank
		}
		return nil
	}})
	enqueue(t, q, jobs.Job{Kind: "sync", Key: "one"})
	await(t, calls, "the first call")
	await(t, calls, "the second call")
	enqueue(t, q, jobs.Job{Kind: "mark", At: time.Now().Add(6 * b.FirstPause())})
	await(t, marks, "the marker after several pauses")
	require.Empty(t, calls, "called again after success")
}
