// Package jobs is the port to durable jobs. A job only wakes work whose truth
// is in the store: running one twice, late, or for nothing does no harm. Its
// contract suite is jobstest.Run.
package jobs

import (
	"context"
	"time"
)

// Job asks for a handler to be called.
type Job struct {
	// Kind names the handler.
	Kind string
	// Key says what it is about; an id, never a secret.
	Key string
	// At is when, on real time; zero means now.
	At time.Time
}

// Enqueuer takes a job outside any transaction.
type Enqueuer interface {
	Enqueue(ctx context.Context, job Job) error
}

// Handler does the work. An error has it called again later, with a growing
// pause; a panic counts as an error.
type Handler func(ctx context.Context, key string) error

// Runner calls handlers until its context ends, then waits for those at work.
type Runner interface {
	Run(ctx context.Context, handlers map[string]Handler) error
}
