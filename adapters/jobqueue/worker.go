package jobqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// worker calls the handler that a job names.
type worker struct {
	river.WorkerDefaults[wake]
	config   Config
	handlers map[string]jobs.Handler
	// ending is the runner's context: over before the handlers' is.
	ending context.Context
}

var errUnknownKind = errors.New("no handler for this kind of job")

// Work answers River with nil or a snooze. A snooze keeps the job for as long
// as it takes and, unlike an error, leaves no text behind in the row.
func (w *worker) Work(ctx context.Context, job *river.Job[wake]) error {
	err := w.call(ctx, job.Args)
	switch {
	case err == nil:
		return nil
	case w.ending.Err() != nil:
		return river.JobSnooze(0) // for the next runner, at once
	}
	pause := w.config.pause(failures(job.Metadata))
	w.config.Logger.WarnContext(ctx, "job failed", slog.String("kind", job.Args.Handler), slog.String("key", job.Args.Key),
		slog.Duration("again_in", pause), slog.Any("error", err))
	return river.JobSnooze(pause)
}

func (w *worker) call(ctx context.Context, job wake) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	handler, known := w.handlers[job.Handler]
	if !known {
		return errUnknownKind
	}
	return handler(ctx, job.Key)
}

// failures reads how often the job was snoozed; River counts it in the row.
func failures(metadata []byte) int {
	var counted struct {
		Snoozes int `json:"snoozes"`
	}
	_ = json.Unmarshal(metadata, &counted) // unreadable counts as none
	return counted.Snoozes
}

func (c Config) pause(failures int) time.Duration {
	pause := c.FirstPause
	for range failures {
		if pause >= c.LongestPause/2 {
			return c.LongestPause
		}
		pause *= 2
	}
	return pause
}
