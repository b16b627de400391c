package bunstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// The figures of this file stand beside a raw limit: the same statements, ready
// made, on the same driver in the same run, without translation or transaction.
// N is how many rows a page is read out of; a million for the record:
//
//	N=1000000 go test ./adapters/bunstore -run '^$' -bench . -benchtime 3s -timeout 30m

// rowsOfUser is how many rows a user has.
const rowsOfUser = 10_000

func benchRows(b *testing.B) int {
	b.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv("N"), "20000"))
	require.NoError(b, err)
	return max(n, rowsOfUser)
}

var benchStores = map[string]func(*testing.B) *Store{
	"sqlite": func(b *testing.B) *Store {
		s, err := OpenSQLite(b.Context(), Config{Path: filepath.Join(b.TempDir(), "bench.db")})
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, s.Close()) })
		return s
	},
	"postgres": func(b *testing.B) *Store {
		c, err := durable()
		require.NoError(b, err)
		name, err := c.Create(b.Context(), "")
		require.NoError(b, err)
		s, err := OpenPostgres(b.Context(), Config{DSN: secret.New(c.SocketDSN(name))})
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, s.Close()); require.NoError(b, c.Drop(context.Background(), name)) })
		return s
	},
}

// durable is a server that keeps its word: what was committed is on the disk.
var durable = sync.OnceValues(func() (*pgcluster.Cluster, error) {
	c, err := pgcluster.Start(context.Background(), "fsync=on", "synchronous_commit=on", "full_page_writes=on", "autovacuum=on",
		"shared_buffers=512MB", "max_wal_size=4GB", "random_page_cost=1.1")
	benched = c
	return c, err
})

// benched is ended by TestMain.
var benched *pgcluster.Cluster

// eachStore runs a benchmark for both dialects, in one order.
func eachStore(b *testing.B, run func(*testing.B, *Store)) {
	for _, name := range slices.Sorted(maps.Keys(benchStores)) {
		b.Run(name, func(b *testing.B) { run(b, benchStores[name](b)) })
	}
}

func userID(n int) ident.User             { return ident.User(fmt.Sprintf("usr_%026d", n)) }
func connectionID(n int) ident.Connection { return ident.Connection(fmt.Sprintf("con_%026d", n)) }
func accountID(n int) ident.Account       { return ident.Account(fmt.Sprintf("acc_%026d", n)) }

// benchTransaction is the n-th row of a user's account, as a bank tells one.
func benchTransaction(u, n int) ledger.Transaction {
	day := bank.DayOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).AddDays(-n / 10)
	seen := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return ledger.Transaction{
		ID: ident.Transaction(fmt.Sprintf("txn_%013d%013d", u, n)), ClientID: "cli_1", UserID: userID(u), ConnectionID: connectionID(u),
		AccountID: accountID(u), Amount: money.Must(fmt.Sprintf("-%d.%02d", n%900, n%100), "EUR"), Status: "BOOKED",
		BookingDate: day, ValueDate: day, EffectiveDate: day, FirstSeenAt: seen, UpdatedAt: seen,
		Label: "Grocery Store 12 Paris", RawLabel: "CARD 12/01 GROCERY STORE 12 PARIS 75011", Merchant: "Grocery Store",
		Category: ledger.Category{ID: "groceries", Source: "engine", Confidence: 0.75},
		BankID:   fmt.Sprintf("b-%d-%d", u, n), Fingerprint: fmt.Sprintf("%064d", n),
	}
}

// settled stores the users 1 to n, each with one account, and no rows.
func settled(b testing.TB, s *Store, n int) {
	b.Helper()
	require.NoError(b, s.Update(b.Context(), store.Fence{}, func(tx store.Tx) error {
		err := tx.Clients().Put(b.Context(), client.Client{ID: "cli_1"})
		for u := 1; u <= n && err == nil; u++ {
			if err = tx.Users().Put(b.Context(), &user.User{ID: userID(u), ClientID: "cli_1"}); err != nil {
				return err
			}
			if err = tx.Connections().Put(b.Context(), &connection.Connection{ID: connectionID(u), ClientID: "cli_1", UserID: userID(u)}); err != nil {
				return err
			}
			err = tx.Accounts().Put(b.Context(), ledger.Account{
				ID: accountID(u), ClientID: "cli_1", UserID: userID(u), ConnectionID: connectionID(u),
			})
		}
		return err
	}))
}

func batchOf(u, from int) []ledger.Transaction {
	rows := make([]ledger.Transaction, batch)
	for i := range rows {
		rows[i] = benchTransaction(u, from+i)
	}
	return rows
}

// BenchmarkUpsert puts rows that are new, 500 in an Update.
func BenchmarkUpsert(b *testing.B) {
	eachStore(b, func(b *testing.B, s *Store) {
		settled(b, s, 3)
		b.Run("store", func(b *testing.B) {
			upserts(b, func(n int) error {
				return s.Update(b.Context(), store.Fence{}, func(tx store.Tx) error {
					if err := tx.Transactions().Put(b.Context(), batchOf(1, n)...); err != nil {
						return err
					}
					return tx.Events().Append(b.Context(), "cli_1", event.Draft{Name: event.TransactionsAdded, Version: 1})
				})
			})
		})
		b.Run("raw", func(b *testing.B) {
			upserts(b, func(n int) error {
				b.StopTimer()
				statement := upsertSQL(s, batchOf(2, n))
				b.StartTimer()
				_, err := s.write.DB.ExecContext(b.Context(), statement)
				return err
			})
		})
		if s.engine.rowLocks {
			b.Run("copy", func(b *testing.B) { copies(b, s) })
		}
	})
}

func upserts(b *testing.B, put func(from int) error) {
	for n := 0; b.Loop(); n += batch {
		if err := put(n); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "rows/s")
}

func upsertSQL(s *Store, rows []ledger.Transaction) string {
	model := each(rows, transactionRowOf)
	return s.write.NewInsert().Model(&model).On("CONFLICT (?) DO UPDATE", bun.Ident("id")).String()
}

// copies is what PostgreSQL takes at most: COPY into the same table.
func copies(b *testing.B, s *Store) {
	conn, err := s.write.DB.Conn(b.Context())
	require.NoError(b, err)
	defer func() { require.NoError(b, conn.Close()) }()
	require.NoError(b, conn.Raw(func(driver any) error {
		raw := driver.(*stdlib.Conn).Conn()
		names, _ := columnsOf(s, benchTransaction(3, 0))
		upserts(b, func(n int) error {
			_, err := raw.CopyFrom(b.Context(), pgx.Identifier{"transactions"}, names, pgx.CopyFromSlice(batch, func(i int) ([]any, error) {
				_, values := columnsOf(s, benchTransaction(3, n+i))
				return values, nil
			}))
			return err
		})
		return nil
	}))
}

// columnsOf gives a row as COPY takes it.
func columnsOf(s *Store, t ledger.Transaction) (names []string, values []any) {
	row := transactionRowOf(t)
	v := reflect.ValueOf(&row).Elem()
	for _, field := range s.write.Table(v.Type()).Fields {
		value := field.Value(v)
		names = append(names, field.Name)
		switch {
		case field.NullZero && value.IsZero():
			values = append(values, nil)
		case value.Kind() == reflect.String:
			values = append(values, value.String())
		default:
			values = append(values, value.Interface())
		}
	}
	return names, values
}

// BenchmarkPage reads pages of 100 out of N rows of many users, newest first,
// from any place of theirs.
func BenchmarkPage(b *testing.B) {
	eachStore(b, func(b *testing.B, s *Store) {
		users := benchRows(b) / rowsOfUser
		settled(b, s, users)
		for u := 1; u <= users; u++ {
			for n := 0; n < rowsOfUser; n += batch {
				_, err := s.write.DB.ExecContext(b.Context(), upsertSQL(s, batchOf(u, n)))
				require.NoError(b, err)
			}
		}
		_, err := s.write.DB.ExecContext(b.Context(), "ANALYZE")
		require.NoError(b, err)
		place := func() (store.Owner, store.Page) {
			u := 1 + rand.IntN(users)
			after := benchTransaction(u, rand.IntN(rowsOfUser-1000))
			return store.Owner{Client: "cli_1", User: userID(u)}, store.Page{Limit: 100, After: transactionRowOf(after).place()}
		}
		b.Run("store", func(b *testing.B) {
			pages(b, func() (int, error) {
				owner, page := place()
				var found store.Slice[ledger.Transaction]
				err := s.View(b.Context(), func(tx store.Tx) (err error) {
					found, err = tx.Transactions().List(b.Context(), owner, store.TransactionFilter{}, page)
					return err
				})
				return len(found.Items), err
			})
		})
		b.Run("raw", func(b *testing.B) {
			pages(b, func() (int, error) {
				owner, page := place()
				return rawPage(b.Context(), s.read.DB, fmt.Sprintf("SELECT * FROM transactions WHERE user_id = '%s' "+
					"AND (effective_date, id) < ('%s', '%s') ORDER BY effective_date DESC, id DESC LIMIT 100", owner.User, page.After[0], page.After[1]))
			})
		})
	})
}

func rawPage(ctx context.Context, db *sql.DB, statement string) (count int, err error) {
	rows, err := db.QueryContext(ctx, statement)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	cells := make([]sql.RawBytes, len(names))
	targets := make([]any, len(names))
	for i := range cells {
		targets[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return count, err
		}
		count++
	}
	return count, rows.Err()
}

func pages(b *testing.B, read func() (int, error)) {
	var times []time.Duration
	for b.Loop() {
		began := time.Now()
		count, err := read()
		if err != nil || count != 100 {
			b.Fatal(count, err)
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	b.ReportMetric(float64(len(times))/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkFeedPage reads pages of 100 changes out of 10,000 and out of N of
// them, from any place of a feed that a user has for itself.
func BenchmarkFeedPage(b *testing.B) {
	eachStore(b, func(b *testing.B, s *Store) {
		for u, changes := range []int{10_000, max(benchRows(b), 20_000)} {
			settled(b, s, u+1)
			fed(b, s, u+1, changes)
			_, err := s.write.DB.ExecContext(b.Context(), "ANALYZE")
			require.NoError(b, err)
			b.Run(strconv.Itoa(changes), func(b *testing.B) {
				pages(b, func() (int, error) {
					var page store.Changes
					err := s.View(b.Context(), func(tx store.Tx) error {
						head, err := tx.Events().Head(b.Context(), "cli_1")
						if err != nil {
							return err
						}
						from := store.Place{Seq: head - rand.Int64N(int64(changes/2)-100) - 100}
						page, err = tx.Feed().After(b.Context(), store.Owner{Client: "cli_1", User: userID(u + 1)}, from, 100)
						return err
					})
					return len(page.Added) + len(page.Modified) + len(page.Removed), err
				})
			})
		}
	})
}

// fed writes the feed of a user: rows added 500 at a time, half of the changes,
// and as many changed one by one, half of them removed.
func fed(b *testing.B, s *Store, u, count int) {
	b.Helper()
	var head int64
	require.NoError(b, s.View(b.Context(), func(tx store.Tx) (err error) {
		head, err = tx.Events().Head(b.Context(), "cli_1")
		return err
	}))
	var lines []feedRow
	line := func(last int, added bool, rows ...ledger.Transaction) {
		ids := each(rows, func(t ledger.Transaction) ident.Transaction { return t.ID })
		lines = append(lines, feedRow{ClientID: "cli_1", Seq: head, Last: last, UserID: userID(u), Added: added, IDs: toText(ids)})
	}
	for n := 0; n < count/2; n += batch {
		rows := batchOf(u, n)
		head++
		for i := range rows {
			rows[i].Removed = i%2 == 0
			if (i+1)%lineLength == 0 {
				line(i+1, true, rows[i+1-lineLength:i+1]...)
			}
		}
		_, err := s.write.DB.ExecContext(b.Context(), upsertSQL(s, rows))
		require.NoError(b, err)
	}
	for n := range count / 2 {
		head++
		line(1, false, benchTransaction(u, n))
	}
	for part := range slices.Chunk(lines, 5000) {
		_, err := s.write.NewInsert().Model(&part).Exec(b.Context())
		require.NoError(b, err)
	}
	_, err := s.write.NewInsert().Model(&headRow{ClientID: "cli_1", Seq: head}).On("CONFLICT (client_id) DO UPDATE").Set("seq = EXCLUDED.seq").Exec(b.Context())
	require.NoError(b, err)
}
