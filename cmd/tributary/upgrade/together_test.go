package upgrade

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pressly/goose/v3/lock"
	"github.com/stretchr/testify/require"
)

const starters = 5

// startTogether runs the upgrade several times at once.
func (d database) startTogether(t *testing.T) (all [starters]said) {
	t.Helper()
	var group sync.WaitGroup
	for i := range all {
		group.Go(func() { all[i] = d.program(t, current, "migrate", "up") })
	}
	group.Wait()
	return all
}

// filledAt3 has the oldest schema with transactions.
func filledAt3(t *testing.T, d database) (shape, sums) {
	t.Helper()
	_, err := d.goose.UpTo(t.Context(), 3)
	require.NoError(t, err)
	d.fill(t, transactions)
	of := d.shape(t)
	return of, d.sums(t, of)
}

// On PostgreSQL several that start at once wait for each other: while somebody
// holds the lock all of them wait, and then each succeeds, one after the other.
func TestTogether_on_PostgreSQL_they_wait(t *testing.T) {
	t.Parallel()
	d := newPostgres(t, server(t))
	of, was := filledAt3(t, d)
	_, err := d.db.ExecContext(t.Context(), "SELECT pg_advisory_lock($1)", lock.DefaultLockID)
	require.NoError(t, err)
	over := make(chan [starters]said, 1)
	go func() { over <- d.startTogether(t) }()
	require.Eventually(t, func() bool {
		return d.read(t, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tributary' AND query LIKE '%pg_try_advisory_lock%'")[0][0] == "5"
	}, 30*time.Second, 50*time.Millisecond, "all of them ask for the lock")
	require.Equal(t, int64(3), d.version(t), "and none goes on without it")
	require.Empty(t, over)
	_, err = d.db.ExecContext(t.Context(), "SELECT pg_advisory_unlock($1)", lock.DefaultLockID)
	require.NoError(t, err)
	for _, s := range <-over {
		s.succeeds(t)
		require.Contains(t, s.out, "schema")
	}
	require.Equal(t, latest, d.version(t))
	require.Equal(t, was, d.sums(t, of))
}

// On SQLite the file lock lets one through; the others say who is in their way
// and change nothing.
func TestTogether_on_SQLite_one_goes_first(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	of, was := filledAt3(t, d)
	held, err := os.OpenFile(filepath.Join(d.place[1], "tributary.db.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	require.NoError(t, err)
	defer func() { _ = held.Close() }()
	require.NoError(t, syscall.Flock(int(held.Fd()), syscall.LOCK_EX))
	for _, s := range d.startTogether(t) {
		require.Equal(t, 1, s.status)
		require.Contains(t, s.log, "the database is in use by another process")
	}
	require.Equal(t, int64(3), d.version(t))
	require.NoError(t, held.Close())

	through := 0
	for _, s := range d.startTogether(t) {
		if s.status == 0 {
			through++
			continue
		}
		require.True(t, strings.Contains(s.log, "in use by another process"), s.log)
	}
	require.Positive(t, through)
	require.Equal(t, latest, d.version(t))
	require.Equal(t, was, d.sums(t, of))
}
