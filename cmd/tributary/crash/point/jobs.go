package point

import (
	"context"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// Jobs puts a gate where a job was taken and where its handler is through, so
// that nothing but its acknowledgement is left.
func Jobs(gate Gate, _ string, work jobs.Handler) jobs.Handler {
	return func(ctx context.Context, key string) error {
		gate.Reach("Job/taken")
		err := work(ctx, key)
		gate.Reach("Job/through")
		return err
	}
}

// Queue puts a gate around the jobs that a sweep makes.
func Queue(gate Gate, next jobs.Enqueuer) jobs.Enqueuer { return gatedQueue{next, gate} }

type gatedQueue struct {
	next jobs.Enqueuer
	gate Gate
}

func (q gatedQueue) Enqueue(ctx context.Context, job jobs.Job) error {
	return pass(q.gate, "Enqueue", func() error { return q.next.Enqueue(ctx, job) })
}
