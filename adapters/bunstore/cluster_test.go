package bunstore

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// server is the PostgreSQL server of all tests of this package, with a database
// to copy that has the newest schema and the table of a stand-in job queue.
var server = sync.OnceValues(func() (*pgcluster.Cluster, error) {
	c, err := pgcluster.Start(context.Background())
	if err != nil {
		return nil, err
	}
	if err := prepare(context.Background(), c); err != nil {
		return nil, errFirst(err, c.Stop)
	}
	running = c
	return c, nil
})

var (
	running  *pgcluster.Cluster
	template string
)

func prepare(ctx context.Context, c *pgcluster.Cluster) (err error) {
	if template, err = c.Create(ctx, ""); err != nil {
		return err
	}
	s, err := OpenPostgres(ctx, Config{DSN: secret.New(c.DSN(template))})
	if err != nil {
		return err
	}
	_, err = s.WriteDB().ExecContext(ctx, `CREATE TABLE woken (n SERIAL PRIMARY KEY, kind TEXT, key TEXT, at BIGINT)`)
	return errFirst2(err, s.Close)
}

// errFirst2 ends what was opened in any case.
func errFirst2(err error, end func() error) error {
	if ended := end(); err == nil {
		return ended
	}
	return err
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, c := range []*pgcluster.Cluster{running, benched} {
		if c == nil {
			continue
		}
		if err := c.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// database gives the DSN of a database of a test's own.
func database(t *testing.T, from string) secret.String {
	t.Helper()
	c, err := server()
	require.NoError(t, err)
	if from == "" {
		from = template
	}
	name, err := c.Create(t.Context(), from)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Drop(context.Background(), name)) })
	return secret.New(c.DSN(name))
}

// openDSN opens a store on a server for one test.
func openDSN(t *testing.T, config Config) *Store {
	t.Helper()
	s, err := OpenPostgres(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}
