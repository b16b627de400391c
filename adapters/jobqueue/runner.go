package jobqueue

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// keepDone is how long finished jobs stay to be looked at.
const keepDone = time.Hour

// stuckAfter is when River itself takes a running job for abandoned: the last
// resort, where rescue cannot see that a process is gone.
const stuckAfter = 10 * time.Minute

// Run calls handlers until ctx ends, gives those at work Config.Grace to end
// by themselves, then ends their context and waits for them. Several may run.
func (q *Queue) Run(ctx context.Context, handlers map[string]jobs.Handler) error {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{config: q.config, handlers: handlers, ending: ctx})
	client, err := river.NewClient(q.engine.driver, q.riverConfig(workers))
	if err != nil {
		return errUnavailable.Because(err)
	}
	leave, err := q.attend(ctx, client.ID())
	if err != nil {
		return endedOr(ctx, err)
	}
	defer leave()
	err = client.Start(ctx)
	if err != nil {
		return endedOr(ctx, err)
	}
	<-client.Stopped()
	return nil
}

// endedOr takes an error for what it is unless the runner was to end anyway.
func endedOr(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return errUnavailable.Because(err)
	}
	return nil
}

func (q *Queue) riverConfig(workers *river.Workers) *river.Config {
	return &river.Config{
		// Handlers set their own deadlines; River's would only cut them short.
		JobTimeout:                  -1,
		CompletedJobRetentionPeriod: keepDone,
		FetchCooldown:               min(q.config.FetchInterval, 50*time.Millisecond),
		FetchPollInterval:           q.config.FetchInterval,
		Hooks:                       insertHooks(),
		Logger:                      quiet(q.config.Logger),
		MaxAttempts:                 maxAttempts,
		// The listener that riversqlite offers polls a table every 50 ms on the
		// one connection; fetching more seldom finds the same jobs.
		PollOnly:             true,
		RescueStuckJobsAfter: stuckAfter,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.config.Workers}},
		SoftStopTimeout:      q.config.Grace,
		Workers:              workers,
	}
}
