package jobqueue

import (
	"context"
	"database/sql"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// engine is what differs between databases.
type engine struct {
	driver riverdriver.Driver[*sql.Tx]
	// rescue takes up what processes that are gone left behind.
	rescue []string
	// presence marks a runner, by River's name for it, for as long as the
	// connection lives; empty where only one process has the database open.
	presence string
	// turn makes processes that start at once come one after the other, by the
	// same kind of lock.
	turn string
}

func sqliteEngine(db *sql.DB) engine {
	return engine{driver: riversqlite.New(db), rescue: []string{rescueRunning, rescueLeader}}
}

// postgresEngine uses River's driver for database/sql, not the one for pgx: the
// store's transactions are of database/sql, and a job must join them.
func postgresEngine(db *sql.DB) engine {
	return engine{
		driver: riverdatabasesql.New(db), rescue: []string{rescueAbsent, rescueAbsentLeader},
		presence: `SELECT pg_advisory_lock_shared(29289, hashtext($1))`,
		turn:     `SELECT pg_advisory_lock(29289)`,
	}
}

// sweepInterval is how often a runner looks for what others left behind, and so
// about how long the jobs of a killed process wait.
const sweepInterval = 2 * time.Second

// attend marks a runner as present and sweeps until ctx ends. The function it
// gives back waits for that end, which must come after the runner's.
func (q *Queue) attend(ctx context.Context, runner string) (leave func(), err error) {
	if q.engine.presence == "" {
		return func() {}, nil
	}
	conn, err := q.appear(ctx, runner)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		q.sweep(ctx, conn, runner)
	}()
	return func() { cancel(); <-ended }, nil
}

// appear takes a connection whose end is the runner's end, for all to see.
func (q *Queue) appear(ctx context.Context, runner string) (*sql.Conn, error) {
	conn, err := q.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, q.engine.presence, runner); err != nil {
		forget(conn)
		return nil, err
	}
	return conn, nil
}

// sweep looks for what others left behind, again and again, on the connection
// that marks its own runner: so it also finds out when that is broken.
func (q *Queue) sweep(ctx context.Context, conn *sql.Conn, runner string) {
	ticks := time.NewTicker(sweepInterval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			forget(conn)
			return
		case <-ticks.C:
		}
		if conn == nil {
			conn, _ = q.appear(ctx, runner) // if not, then at the next tick
		} else if err := rescue(ctx, conn, q.engine.rescue); err != nil && ctx.Err() == nil {
			q.config.Logger.WarnContext(ctx, "looking for abandoned jobs failed", "error", err)
			forget(conn)
			conn = nil
		}
	}
}
