package bunstore

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// BenchmarkDue finds what is due among N connections that are planned over a
// day: nothing, a hundred, and a hundred behind a tenth of all that belong to a
// bank which is left out.
func BenchmarkDue(b *testing.B) {
	for name, open := range benchStores {
		s, n := open(b), benchRows(b)
		start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		seedConnections(b, s, n, start)
		for what, c := range map[string]struct {
			now    time.Time
			except []string
			found  int
		}{
			"nothing": {start.Add(-time.Second), nil, 0}, "a_hundred": {start.Add(12 * time.Hour), nil, 100},
			"behind_a_tenth": {start.Add(24 * time.Hour * 11 / 100), []string{"down"}, 100},
		} {
			b.Run(fmt.Sprintf("%s/%s/ours", name, what), func(b *testing.B) {
				for b.Loop() {
					require.NoError(b, s.View(b.Context(), func(tx store.Tx) error {
						due, err := tx.Schedules().Due(b.Context(), c.now, c.except, 100)
						require.Len(b, due, c.found)
						return err
					}))
				}
			})
			b.Run(fmt.Sprintf("%s/%s/raw", name, what), func(b *testing.B) { rawDue(b, s, c.now, c.except, c.found) })
		}
	}
}

// rawDue is the same statement, ready made.
func rawDue(b *testing.B, s *Store, now time.Time, except []string, found int) {
	b.Helper()
	statement := fmt.Sprintf("SELECT id, provider_id FROM connections WHERE next_synchronization_at <= %d", micros(now))
	if len(except) > 0 {
		statement += " AND provider_id NOT IN ('" + except[0] + "')"
	}
	statement += " ORDER BY next_synchronization_at, id LIMIT 100"
	for b.Loop() {
		require.Equal(b, found, rawTurns(b, s, statement))
	}
}

func rawTurns(b *testing.B, s *Store, statement string) (count int) {
	b.Helper()
	rows, err := s.read.QueryContext(b.Context(), statement)
	require.NoError(b, err)
	defer func() { require.NoError(b, rows.Close()) }()
	for rows.Next() {
		var id, provider string
		require.NoError(b, rows.Scan(&id, &provider))
		count++
	}
	require.NoError(b, rows.Err())
	return count
}

// seedConnections writes n connections, planned evenly over a day; those of its
// first tenth belong to one bank.
func seedConnections(b *testing.B, s *Store, n int, start time.Time) {
	b.Helper()
	owner := user.New("usr_1", "cli_1", user.Identity{ExternalID: "1"}, "", []byte("key"), start)
	require.NoError(b, s.Update(b.Context(), store.Fence{}, func(tx store.Tx) error {
		application, err := client.New("cli_1", "Acme", "hash", start)
		require.NoError(b, err)
		require.NoError(b, tx.Clients().Put(b.Context(), application))
		return tx.Users().Put(b.Context(), owner)
	}))
	step := 24 * time.Hour / time.Duration(n)
	for from := 0; from < n; from += 50_000 {
		tx, err := s.write.BeginTx(b.Context(), nil)
		require.NoError(b, err)
		var rows []connectionRow
		for i := from; i < min(from+50_000, n); i++ {
			next, provider := micros(start.Add(time.Duration(i)*step)), fmt.Sprintf("bank-%d", i%500)
			if i < n/10 {
				provider = "down"
			}
			rows = append(rows, connectionRow{
				ID: ident.Connection(fmt.Sprintf("con_%026d", i*7919%n)), ClientID: "cli_1", UserID: "usr_1", ProviderID: provider,
				Name: "Bank", Status: "SUCCESS", AutoSync: true, CreatedAt: micros(start), NextSynchronizationAt: &next,
			})
			if len(rows) == batch || i == min(from+50_000, n)-1 {
				_, err := tx.NewInsert().Model(&rows).Exec(context.Background())
				require.NoError(b, err)
				rows = nil
			}
		}
		require.NoError(b, tx.Commit())
	}
	_, err := s.write.ExecContext(b.Context(), "ANALYZE")
	require.NoError(b, err)
	if s.engine.rowLocks { // as autovacuum does: else nothing is read from an index alone
		_, err = s.write.ExecContext(b.Context(), "VACUUM connections")
		require.NoError(b, err)
	}
}
