package endtoend

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// base is a PostgreSQL server with one database.
type base struct {
	cluster *pgcluster.Cluster
	name    string
	// url is the file that holds its address.
	url string
}

func startDatabase(t *testing.T) base {
	t.Helper()
	cluster, err := pgcluster.Start(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Stop()) })
	name, err := cluster.Create(t.Context(), "template0")
	require.NoError(t, err)
	url := filepath.Join(t.TempDir(), "database.url")
	require.NoError(t, os.WriteFile(url, []byte(cluster.DSN(name)), 0o600))
	return base{cluster, name, url}
}

// collect takes what is in the database, told by itself, and then, once it was
// told to write everything down, the files of the whole server.
func (b base) collect(t *testing.T, scenes haystack) {
	t.Helper()
	dump, err := b.cluster.Dump(t.Context(), b.name)
	require.NoError(t, err)
	scenes["dump"] = dump
	require.NoError(t, b.cluster.Halt())
	scenes.folder(t, filepath.Join(b.cluster.Folder(), "data"), "server", "afterwards")
	require.NoError(t, b.cluster.Resume(t.Context()))
}
