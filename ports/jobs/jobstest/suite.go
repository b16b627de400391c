// Package jobstest owns the contract of ports/jobs: a suite that every job
// queue passes, and Fake, a queue in memory that passes it too. It knows no
// database; a Backend brings one.
//
// Invariant: nothing here asserts more than the port promises. Jobs may run
// late or twice where the port says so; they may not be lost, run early, or
// run twice at once.
package jobstest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// Queue is both ends of one queue.
type Queue interface {
	jobs.Enqueuer
	jobs.Runner
}

// Backend is a place where jobs are kept, empty at first.
type Backend interface {
	// Open gives a queue on it, for a process that has just started: whatever
	// opened it before is closed or dead. Several runners may run on one Queue.
	Open(t *testing.T) Queue
	// Close ends the queue opened last; no runner is at work on it.
	Close(t *testing.T)
	// Crashed gives the backend as it would be found if the process that has it
	// open were killed now. The original stays usable.
	Crashed(t *testing.T) Backend
	// InTx calls work with an enqueuer that belongs to a transaction of the
	// queue opened last, and commits if it returns nil, else rolls back.
	InTx(t *testing.T, work func(jobs.Enqueuer) error) error
	// FirstPause is how long a job waits after its first error; at most 100 ms
	// in tests, or they take long.
	FirstPause() time.Duration
}

// patience is how long the suite waits for what must happen soon.
const patience = time.Minute

// Run holds the queues of open to the contract.
func Run(t *testing.T, open func(t *testing.T) Backend) {
	groups := map[string]map[string]func(*testing.T, Backend){
		"Due": dueCases, "Retry": retryCases, "Runners": runnerCases, "Durable": durableCases,
	}
	for group, cases := range groups {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			for name, check := range cases {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					check(t, open(t))
				})
			}
		})
	}
}

// start runs handlers until the test or the returned function ends them.
func start(t *testing.T, runner jobs.Runner, handlers map[string]jobs.Handler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx, handlers) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-done:
			require.NoError(t, err, "a runner whose context ends has not failed")
		case <-time.After(patience):
			require.Fail(t, "the runner did not end")
		}
	}
	t.Cleanup(stop)
	return stop
}

func enqueue(t *testing.T, to jobs.Enqueuer, work ...jobs.Job) {
	t.Helper()
	for _, job := range work {
		require.NoError(t, to.Enqueue(t.Context(), job))
	}
}

// await takes the next value or fails.
func await[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		require.Fail(t, "waited too long: "+what)
		panic("unreachable")
	}
}

// told gives a handler that reports every key it is called with.
func told() (chan string, jobs.Handler) {
	keys := make(chan string, 1000)
	return keys, func(_ context.Context, key string) error {
		keys <- key
		return nil
	}
}

// settle proves that a runner has looked: it enqueues a marker and waits for
// it. Jobs that were due before have been seen by then.
func settle(t *testing.T, q Queue, marks <-chan string) {
	t.Helper()
	enqueue(t, q, jobs.Job{Kind: "mark", Key: "settled"})
	await(t, marks, "the marker job")
}
