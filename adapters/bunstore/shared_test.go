package bunstore

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

func openBeside(t *testing.T, path string) *Store {
	t.Helper()
	s, err := OpenSQLite(t.Context(), Config{Path: path, Shared: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestACommandWritesBesideTheServer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	server := openAt(t, path)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	beside := openBeside(t, path)
	var group sync.WaitGroup
	for name, s := range map[string]*Store{"cli_server": server, "cli_beside": beside} {
		group.Go(func() {
			for range 20 {
				err := s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
					return tx.Clients().Put(t.Context(), client.Client{ID: ident.Client(name), Name: name})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for _, s := range []*Store{server, beside} {
		require.NoError(t, s.View(t.Context(), func(tx store.Tx) error {
			found, err := tx.Clients().List(t.Context(), store.Page{Limit: 5})
			require.Len(t, found.Items, 2)
			return err
		}))
	}
}

func TestACommandMayComeFirstAndKeepsNoLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	openBeside(t, path)
	openBeside(t, path)
	server := openAt(t, path)
	require.NoError(t, server.Close())
}

func TestACommandDoesNotChangeTheSchemaUnderAServer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	server := openAt(t, path)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	_, err := server.write.ExecContext(t.Context(), "DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)")
	require.NoError(t, err)
	_, err = OpenSQLite(t.Context(), Config{Path: path, Shared: true})
	require.ErrorIs(t, err, ErrInUse)
	require.ErrorContains(t, err, "brought up to date first")
}

// R12: what a newer program wrote, an older one refuses with a clear message.
func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	first := openAt(t, path)
	_, err := first.write.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
	require.NoError(t, err)
	require.NoError(t, first.Close())
	for _, shared := range []bool{false, true} {
		_, err := OpenSQLite(t.Context(), Config{Path: path, Shared: shared})
		require.ErrorIs(t, err, ErrNewer)
		require.ErrorContains(t, err, "schema 99999")
	}
}

func TestInspectingChangesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "store.db")
	found, err := InspectSQLite(t.Context(), path)
	require.NoError(t, err)
	require.Zero(t, found.Current)
	require.Positive(t, found.Newest)
	require.NotEmpty(t, found.Pending)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, entries)

	require.NoError(t, openAt(t, path).Close())
	found, err = InspectSQLite(t.Context(), path)
	require.NoError(t, err)
	require.Equal(t, found.Newest, found.Current)
	require.Empty(t, found.Pending)
}
