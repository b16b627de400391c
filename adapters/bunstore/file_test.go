package bunstore

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

var update = flag.Bool("update", false, "write golden files anew")

func openAt(t *testing.T, path string) *Store {
	t.Helper()
	s, err := OpenSQLite(t.Context(), Config{Path: path, Readers: 3})
	require.NoError(t, err)
	return s
}

func TestWhatWasCommittedIsThereAfterOpeningAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "odd name? 100% #1 é.db")
	first := openAt(t, path)
	want := client.Client{ID: "cli_1", Name: "one"}
	require.NoError(t, first.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		return tx.Clients().Put(t.Context(), want)
	}))
	require.NoError(t, first.Close())
	info, err := os.Stat(path)
	require.NoError(t, err, "the file has the name it was given")
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "bank data is for its owner")
	second := openAt(t, path)
	t.Cleanup(func() { require.NoError(t, second.Close()) })
	require.NoError(t, second.View(t.Context(), func(tx store.Tx) error {
		got, err := tx.Clients().Get(t.Context(), "cli_1")
		require.Equal(t, want, got)
		return err
	}))
}

func TestASecondOpenerIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	first := openAt(t, path)
	_, err := OpenSQLite(t.Context(), Config{Path: path})
	require.ErrorIs(t, err, ErrInUse)
	require.ErrorContains(t, err, path)
	require.NoError(t, first.Close())
	require.NoError(t, openAt(t, path).Close(), "the lock ends with the store")
}

func TestAFolderThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	_, err := OpenSQLite(t.Context(), Config{Path: filepath.Join(t.TempDir(), "none", "store.db")})
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestAFileThatIsNoDatabaseIsAnError(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600))
	for range 2 { // the lock was given back
		_, err := OpenSQLite(t.Context(), Config{Path: path})
		require.ErrorContains(t, err, "not a database")
	}
}

// A pool opens connections when it likes: what holds for one by itself has to
// be asked of each.
func TestEveryConnectionHasItsPragmas(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	common := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"}
	require.Equal(t, 1, s.write.Stats().MaxOpenConnections)
	require.Equal(t, 3, s.read.Stats().MaxOpenConnections)
	for range 3 {
		writer := hold(t, s.write.DB)
		asserts(t, writer, common, map[string]string{"query_only": "0", "secure_delete": "1"})
		require.NoError(t, writer.Close())
	}
	for range 3 { // all held at once
		asserts(t, hold(t, s.read.DB), common, map[string]string{"query_only": "1"})
	}
}

func hold(t *testing.T, db *sql.DB) *sql.Conn {
	t.Helper()
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func asserts(t *testing.T, conn *sql.Conn, pragmas ...map[string]string) {
	t.Helper()
	for _, set := range pragmas {
		for name, want := range set {
			var got string
			require.NoError(t, conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got))
			require.Equal(t, want, got, name)
		}
	}
}

func TestWakingWithoutAQueueFails(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	err := s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error { return tx.Wake(t.Context(), jobs.Job{Kind: "a"}) })
	require.ErrorIs(t, err, errNoQueue)
}

func TestErrorsOfTheDriverBecomeFaults(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.fail(nil))
	known := fault.New(fault.RateLimited, "known", "Known.")
	require.Same(t, known, s.fail(known))
	for err, kind := range map[error]fault.Kind{
		context.Canceled: fault.Unavailable, fmt.Errorf("wrapped: %w", context.DeadlineExceeded): fault.Unavailable,
		sql.ErrConnDone: fault.Internal,
	} {
		require.Equal(t, kind, fault.KindOf(s.fail(err)))
		require.ErrorIs(t, s.fail(err), err)
	}
	_, err := s.write.ExecContext(t.Context(), "SELECT nonsense FROM nowhere")
	require.ErrorIs(t, s.fail(err), errStorage)
	_, err = s.read.ExecContext(t.Context(), "CREATE TABLE t (n INTEGER)")
	require.ErrorIs(t, s.fail(err), errUnavailable, "a reader cannot write")
	_, err = s.write.ExecContext(t.Context(), "PRAGMA max_page_count = 1")
	require.NoError(t, err)
	_, err = s.write.ExecContext(t.Context(), "CREATE TABLE big AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 99999) SELECT n FROM c")
	require.ErrorIs(t, s.fail(err), errUnavailable, "the disk is full")
}
