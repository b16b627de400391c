package bunstore

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// However many rows its owner has, a page finds those that it tells by their ids.
func TestAFeedPageFindsItsRowsByTheirIDs(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		settled(t, s, 1)
		require.NoError(t, s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
			if err := tx.Transactions().Put(t.Context(), batchOf(1, 0)...); err != nil {
				return err
			}
			return tx.Events().Append(t.Context(), "cli_1", event.Draft{Name: event.TransactionsAdded})
		}))
		for _, owner := range []store.Owner{{Client: "cli_1"}, {Client: "cli_1", User: userID(1)}} {
			require.Regexp(t, `^SEARCH .*autoindex_transactions_1 \(id=\?\)$`, explain(t, s, rowsOfPage(t, s, owner)))
		}
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		s := openDSN(t, Config{DSN: database(t, "")})
		crowd(t, s)
		for _, analyzed := range []bool{false, true} {
			if analyzed {
				_, err := s.write.ExecContext(t.Context(), "ANALYZE")
				require.NoError(t, err)
			}
			for _, owner := range []store.Owner{someClient, someUser} {
				plan := explainPostgres(t, s, rowsOfPage(t, s, owner))
				require.Contains(t, plan, `"transactions_pkey"`)
				require.NotContains(t, plan, `"Seq Scan"`)
			}
		}
	})
}

// A database that is older than the feed has one after its migration, which
// begins with all that is there.
func TestRowsOfBeforeTheFeedAreInIt(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		provider, err := sqliteMigrations(s.write.DB)
		require.NoError(t, err)
		bringsItsRows(t, s, provider)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		config := Config{DSN: database(t, "")}
		s := openDSN(t, config)
		session, err := sessionOf(config)
		require.NoError(t, err)
		db, provider, err := postgresMigrations(session)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		bringsItsRows(t, s, provider)
	})
}

func bringsItsRows(t *testing.T, s *Store, provider *goose.Provider) {
	t.Helper()
	settled(t, s, 2)
	var want []ident.Transaction
	require.NoError(t, s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		for u := 1; u <= 2; u++ {
			for n := range 3 {
				row := benchTransaction(u, n)
				if row.Removed = n == 0; !row.Removed {
					want = append(want, row.ID)
				}
				require.NoError(t, tx.Transactions().Put(t.Context(), row))
			}
		}
		return tx.Events().Append(t.Context(), "cli_1", event.Draft{Name: event.TransactionsAdded}, event.Draft{Name: event.AccountsAdded})
	}))
	_, err := provider.DownTo(t.Context(), 9)
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
	for owner, ids := range map[store.Owner][]ident.Transaction{{Client: "cli_1"}: want, {Client: "cli_1", User: userID(2)}: want[2:]} {
		var got []ident.Transaction
		for from, more := (store.Place{}), true; more; {
			require.NoError(t, s.View(t.Context(), func(tx store.Tx) error {
				page, err := tx.Feed().After(t.Context(), owner, from, 1)
				for _, row := range page.Added {
					got = append(got, row.ID)
				}
				from, more = page.Next, page.More
				return err
			}))
		}
		require.Equal(t, ids, got)
	}
}

// rowsOfPage is the statement that reads the rows of a page.
func rowsOfPage(t *testing.T, s *Store, owner store.Owner) string {
	t.Helper()
	for _, statement := range statements(t, s, feedPage(owner, 10)) {
		if strings.Contains(statement, `FROM "transactions"`) {
			return statement
		}
	}
	require.Fail(t, "no rows were read")
	return ""
}
