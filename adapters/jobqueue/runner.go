package jobqueue

import (
	"context"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// keepDone is how long finished jobs stay to be looked at.
const keepDone = time.Hour

// Run calls handlers until ctx ends, gives those at work Config.Grace to end
// by themselves, then ends their context and waits for them. Several may run.
func (q *Queue) Run(ctx context.Context, handlers map[string]jobs.Handler) error {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{config: q.config, handlers: handlers, ending: ctx})
	client, err := river.NewClient(riversqlite.New(q.db), q.riverConfig(workers))
	if err != nil {
		return errUnavailable.Because(err)
	}
	err = client.Start(ctx)
	if err != nil && ctx.Err() == nil {
		return errUnavailable.Because(err)
	}
	if err == nil {
		<-client.Stopped()
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
		PollOnly:        true,
		Queues:          map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.config.Workers}},
		SoftStopTimeout: q.config.Grace,
		Workers:         workers,
	}
}
