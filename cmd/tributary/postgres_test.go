package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// The same commands on a PostgreSQL server, whose address and password stand
// in a file alone.
func TestPostgres_with_the_same_commands(t *testing.T) {
	t.Parallel()
	cluster, err := pgcluster.Start(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Stop()) })
	database, err := cluster.Create(t.Context(), "template0")
	require.NoError(t, err)
	data := folder(t)
	dsn := filepath.Join(t.TempDir(), "database.url")
	require.NoError(t, os.WriteFile(dsn, []byte(cluster.DSN(database)+"\n"), 0o600))
	with := func(args ...string) []string { return append(args, "--data", data, "--database-url-file", dsn) }

	s := call(t, nil, with("client", "list")...)
	require.Equal(t, 1, s.status)
	require.Contains(t, s.log, "there is no database at the server that "+dsn+" names")

	r := serve(t, data, "--environment", "sandbox", "--database-url-file", dsn)
	require.Equal(t, http.StatusOK, get(t, http.DefaultClient, r.url+"/healthz"))
	owner := does[clientShape](t, with("client", "create", "--name", "one")...)
	load := &load{}
	require.NotEmpty(t, r.token(t, owner), "the server knows the new client")
	require.NoError(t, load.post(t.Context(), r, r.token(t, owner), 1))
	shape := does[schemaShape](t, with("migrate", "status")...)
	require.Equal(t, shape.Newest, shape.Current)
	result := does[struct {
		Users, Wrapped int
		Finished       bool
	}](t, with("keys", "rotate", "--settle", "0s")...)
	require.True(t, result.Finished)
	require.Equal(t, 1, result.Wrapped)
	require.NoFileExists(t, filepath.Join(data, "tributary.db"))

	require.NoError(t, os.Chmod(dsn, 0o644))
	s = call(t, nil, with("serve", "--environment", "sandbox", "--plugins", t.TempDir())...)
	require.Equal(t, 1, s.status)
	require.Contains(t, s.log, "only its owner may read")
	require.NotContains(t, s.log, cluster.Password())
	log, err := os.ReadFile(r.log.Name())
	require.NoError(t, err)
	require.NotContains(t, string(log), cluster.Password())
}
