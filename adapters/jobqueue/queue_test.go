package jobqueue_test

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite" // the driver of the store

	"github.com/tributary-dev/tributary/adapters/jobqueue"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/jobs/jobstest"
)

func TestMain(m *testing.M) {
	if address := childDatabase(); address != "" {
		child(address)
	}
	goleak.VerifyTestMain(suite{m})
}

func TestQueue(t *testing.T) {
	t.Parallel()
	jobstest.Run(t, func(t *testing.T) jobstest.Backend {
		return &sqlite{path: filepath.Join(t.TempDir(), "jobs.db")}
	})
}

func TestPostgresQueue(t *testing.T) {
	t.Parallel()
	jobstest.Run(t, func(t *testing.T) jobstest.Backend { return newPostgres(t) })
}

func testConfig() jobqueue.Config {
	return jobqueue.Config{
		FetchInterval: 10 * time.Millisecond, FirstPause: 80 * time.Millisecond, Grace: 50 * time.Millisecond,
		Logger: slog.New(slog.DiscardHandler),
	}
}

// openDB opens a file as the store does: one connection, immediate, durable.
func openDB(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(5000)"+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)")
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// sqlite is a backend that is a file.
type sqlite struct {
	path  string
	db    *sql.DB
	queue *jobqueue.Queue
}

func (s *sqlite) FirstPause() time.Duration   { return testConfig().FirstPause }
func (p *postgres) FirstPause() time.Duration { return testConfig().FirstPause }

func (s *sqlite) Open(t *testing.T) jobstest.Queue {
	t.Helper()
	db, err := openDB(s.path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	queue, err := jobqueue.Open(t.Context(), db, testConfig())
	require.NoError(t, err)
	s.db, s.queue = db, queue
	return queue
}

func (s *sqlite) Close(t *testing.T) {
	t.Helper()
	require.NoError(t, s.db.Close())
}

// Crashed copies the file as it stands, in the middle of whatever goes on.
func (s *sqlite) Crashed(t *testing.T) jobstest.Backend {
	t.Helper()
	path := filepath.Join(t.TempDir(), "found.db")
	_, err := s.db.ExecContext(t.Context(), "VACUUM INTO ?", path)
	require.NoError(t, err)
	return &sqlite{path: path}
}

func (s *sqlite) InTx(t *testing.T, work func(jobs.Enqueuer) error) error {
	t.Helper()
	return transact(t, s.db, s.queue, work)
}

func transact(t *testing.T, db *sql.DB, queue *jobqueue.Queue, work func(jobs.Enqueuer) error) error {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	if err := work(inTx{queue, tx}); err != nil {
		require.NoError(t, tx.Rollback())
		return err
	}
	return tx.Commit()
}

type inTx struct {
	queue *jobqueue.Queue
	tx    *sql.Tx
}

func (e inTx) Enqueue(ctx context.Context, job jobs.Job) error {
	return e.queue.EnqueueTx(ctx, e.tx, job)
}
