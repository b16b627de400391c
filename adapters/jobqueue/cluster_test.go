package jobqueue_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of the store
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/jobqueue"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/jobs/jobstest"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// server is the PostgreSQL server of all tests of this package, with a database
// to copy that has River's tables.
var server = sync.OnceValues(func() (*pgcluster.Cluster, error) {
	c, err := pgcluster.Start(context.Background())
	if err != nil {
		return nil, err
	}
	running = c
	if template, err = c.Create(context.Background(), ""); err != nil {
		return nil, err
	}
	db, err := openPostgres(c.DSN(template))
	if err != nil {
		return nil, err
	}
	if _, err := jobqueue.OpenPostgres(context.Background(), db, testConfig()); err != nil {
		return nil, err
	}
	return c, db.Close()
})

var (
	running  *pgcluster.Cluster
	template string
)

// suite ends the server before anybody looks for what was left behind.
type suite struct{ *testing.M }

func (s suite) Run() int {
	code := s.M.Run()
	if running == nil {
		return code
	}
	if err := running.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// openPostgres opens a database as the store does.
func openPostgres(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn+"&default_query_exec_mode=exec&datestyle=ISO&timezone=UTC")
	if err == nil {
		db.SetMaxOpenConns(12)
		db.SetMaxIdleConns(12)
	}
	return db, err
}

// postgres is a backend that is a database of the server.
type postgres struct {
	name  string
	db    *sql.DB
	queue *jobqueue.Queue
}

func newPostgres(t *testing.T) *postgres {
	t.Helper()
	c, err := server()
	require.NoError(t, err)
	name, err := c.Create(t.Context(), template)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Drop(context.Background(), name)) })
	return &postgres{name: name}
}

func (p *postgres) Open(t *testing.T) jobstest.Queue {
	t.Helper()
	db, err := openPostgres(running.DSN(p.name))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	queue, err := jobqueue.OpenPostgres(t.Context(), db, testConfig())
	require.NoError(t, err)
	p.db, p.queue = db, queue
	return queue
}

func (p *postgres) Close(t *testing.T) {
	t.Helper()
	require.NoError(t, p.db.Close())
}

// Crashed copies the database as it stands. Marks of runners are not copied, as
// they would not outlive their process.
func (p *postgres) Crashed(t *testing.T) jobstest.Backend {
	t.Helper()
	name, err := running.Copy(t.Context(), p.name)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, running.Drop(context.Background(), name)) })
	return &postgres{name: name}
}

func (p *postgres) InTx(t *testing.T, work func(jobs.Enqueuer) error) error {
	t.Helper()
	return transact(t, p.db, p.queue, work)
}
