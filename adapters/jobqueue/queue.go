// Package jobqueue owns the durable jobs: River's tables beside the store's, in
// the same database, so that a job commits or rolls back with the state it
// belongs to. It must not know what the jobs mean nor who handles
// them.
//
// Invariant: a job row holds a kind, a key and times, never the text of an
// error: what a handler says goes to the log, where secrets are redacted.
package jobqueue

import (
	"cmp"
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/jobs"
)

// Config says how jobs are run. Zero values mean the defaults.
type Config struct {
	// Workers is how many handlers may be at work at once; 10 by default.
	Workers int
	// FetchInterval is how often a runner looks for jobs that are due, and so
	// how late a job may begin; 100 ms by default.
	FetchInterval time.Duration
	// FirstPause follows a job's first error, each later pause is twice as long
	// up to LongestPause; 1 s and 5 min by default.
	FirstPause, LongestPause time.Duration
	// Grace is how long handlers at work keep their context after the runner's
	// has ended; 5 s by default.
	Grace time.Duration
	// Logger hears of handlers that fail; nobody does by default.
	Logger *slog.Logger
}

func (c Config) withDefaults() Config {
	c.Workers = cmp.Or(c.Workers, 10)
	c.FetchInterval = cmp.Or(c.FetchInterval, 100*time.Millisecond)
	c.FirstPause = cmp.Or(c.FirstPause, time.Second)
	c.LongestPause = cmp.Or(c.LongestPause, 5*time.Minute)
	c.Grace = cmp.Or(c.Grace, 5*time.Second)
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	return c
}

// Queue is an open job queue.
type Queue struct {
	db     *sql.DB
	engine engine
	config Config
	insert *river.Client[*sql.Tx]
}

// Open opens the queue in a SQLite file: it brings River's tables in db up to
// date and takes up the jobs that a killed process left running. db is the
// store's write handle: one connection whose transactions begin immediate. It
// stays the caller's to close, and nobody else may have the file open for jobs:
// see rescue.go.
func Open(ctx context.Context, db *sql.DB, config Config) (*Queue, error) {
	return open(ctx, db, sqliteEngine(db), config)
}

// OpenPostgres opens the queue in a PostgreSQL database. db is the store's write
// handle, of two connections at least and with dates as ISO 8601; it stays the
// caller's to close. Each runner keeps one of its connections. Any number of processes may run the jobs of one database: those
// of a killed one are taken up by the others within seconds.
func OpenPostgres(ctx context.Context, db *sql.DB, config Config) (*Queue, error) {
	return open(ctx, db, postgresEngine(db), config)
}

func open(ctx context.Context, db *sql.DB, engine engine, config Config) (*Queue, error) {
	q := &Queue{db: db, engine: engine, config: config.withDefaults()}
	if err := q.migrate(ctx); err != nil {
		return nil, errUnavailable.Because(err)
	}
	if err := rescue(ctx, db, engine.rescue); err != nil {
		return nil, errUnavailable.Because(err)
	}
	client, err := river.NewClient(engine.driver, &river.Config{
		Hooks: insertHooks(), Logger: quiet(q.config.Logger), MaxAttempts: maxAttempts,
	})
	if err != nil {
		return nil, errUnavailable.Because(err)
	}
	q.insert = client
	return q, nil
}

var errUnavailable = fault.New(fault.Unavailable, "jobs_unavailable", "Background work cannot be planned right now.")

// Enqueue adds a job in a transaction of its own. Inside a transaction of the
// store it would wait for itself: use EnqueueTx there.
func (q *Queue) Enqueue(ctx context.Context, job jobs.Job) error {
	_, err := q.insert.Insert(ctx, wake{Handler: job.Kind, Key: job.Key}, plan(job))
	return translate(err)
}

// EnqueueTx adds a job that exists if tx commits, and never was if it rolls
// back.
func (q *Queue) EnqueueTx(ctx context.Context, tx *sql.Tx, job jobs.Job) error {
	_, err := q.insert.InsertTx(ctx, tx, wake{Handler: job.Kind, Key: job.Key}, plan(job))
	return translate(err)
}

func translate(err error) error {
	if err == nil {
		return nil
	}
	return errUnavailable.Because(err)
}
