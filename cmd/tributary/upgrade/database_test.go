package upgrade

import (
	"context"
	"database/sql"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of PostgreSQL
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver of SQLite

	"github.com/tributary-dev/tributary/migrations"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// database is one that is upgraded, seen by the program and by the test.
type database struct {
	dialect
	// place are the flags by which the program finds it.
	place []string
	db    *sql.DB
	goose *goose.Provider
}

// dialect is what differs in the statements of the test.
type dialect struct {
	name string
	// quick is said before many rows are written, usual afterwards.
	quick, usual string
	// bare lists indexes that are no constraints, and how each is made.
	bare string
	// numbers is a table of one column, i, from 1 to a number.
	numbers string
	// whole makes one text of a row.
	whole func(columns []string) string
	// keep remembers a database as it is, restore makes it so again at a version.
	keep    func(*testing.T, database)
	restore func(*testing.T, database, int64)
	// columns lists table, column, type, whether it may be empty, and default;
	// indexes lists the statements of indexes and constraints.
	columns, indexes string
	files            fs.FS
	engine           goose.Dialect
}

// each runs a test on both.
func each(t *testing.T, test func(t *testing.T, open func(*testing.T) database)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, newSQLite)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		cluster := server(t)
		test(t, func(t *testing.T) database { return newPostgres(t, cluster) })
	})
}

// server is a PostgreSQL server for one test.
func server(t *testing.T) *pgcluster.Cluster {
	t.Helper()
	cluster, err := pgcluster.Start(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Stop()) })
	return cluster
}

func newSQLite(t *testing.T) database {
	t.Helper()
	data := dataFolder(t)
	db, err := sql.Open("sqlite", filepath.Join(data, "tributary.db")+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
	require.NoError(t, err)
	return opened(t, sqlite, db, "--data", data)
}

func newPostgres(t *testing.T, cluster *pgcluster.Cluster) database {
	t.Helper()
	name, err := cluster.Create(t.Context(), "template0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Drop(context.Background(), name)) })
	dsn := filepath.Join(t.TempDir(), "database.url")
	require.NoError(t, os.WriteFile(dsn, []byte(cluster.DSN(name)), 0o600))
	db, err := sql.Open("pgx", cluster.DSN(name))
	require.NoError(t, err)
	return opened(t, postgres, db, "--data", dataFolder(t), "--database-url-file", dsn)
}

func dataFolder(t *testing.T) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.Mkdir(data, 0o700))
	return data
}

func opened(t *testing.T, d dialect, db *sql.DB, place ...string) database {
	t.Helper()
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1) // what is set once holds
	provider, err := goose.NewProvider(d.engine, db, d.files, goose.WithDisableGlobalRegistry(true))
	require.NoError(t, err)
	made := database{dialect: d, place: place, db: db, goose: provider}
	made.program(t, current, "keys", "generate").succeeds(t)
	return made
}

// version is how far the schema has come; 0 before its first migration.
func (d database) version(t *testing.T) (version int64) {
	t.Helper()
	version, err := d.goose.GetDBVersion(t.Context())
	require.NoError(t, err)
	return version
}

// copyFile is how a SQLite file is kept and restored: to take a column back
// rewrites its table, for each column anew. Nobody has the file open meanwhile;
// who had was killed, and left a log.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	for _, companion := range []string{"-wal", "-shm"} {
		require.NoError(t, os.RemoveAll(to+companion))
	}
	in, err := os.Open(from)
	require.NoError(t, err)
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
}

// file of a SQLite database.
func (d database) file() string { return filepath.Join(d.place[1], "tributary.db") }

func (d database) kept() string { return d.file() + ".kept" }

// release closes the connection; the next statement makes another.
func (d database) release() {
	d.db.SetMaxIdleConns(0)
	d.db.SetMaxIdleConns(1)
}

// read gives each row of a statement as texts.
func (d database) read(t *testing.T, statement string) (rows [][]string) {
	t.Helper()
	found, err := d.db.QueryContext(t.Context(), statement)
	require.NoError(t, err, statement)
	defer func() { require.NoError(t, found.Close()) }()
	names, err := found.Columns()
	require.NoError(t, err)
	for found.Next() {
		cells, places := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			places[i] = &cells[i]
		}
		require.NoError(t, found.Scan(places...))
		row := make([]string, len(names))
		for i, cell := range cells {
			row[i] = cell.String
		}
		rows = append(rows, row)
	}
	require.NoError(t, found.Err())
	return rows
}

// schema is everything that migrations made, whatever the order of columns.
func (d database) schema(t *testing.T) [][]string {
	t.Helper()
	return append(d.read(t, d.columns), d.read(t, d.indexes)...)
}

func files(folder fs.FS) ([]string, error) { return fs.Glob(folder, "0*.sql") }

var sqlite = dialect{
	name: "SQLite", files: migrations.SQLite(), engine: goose.DialectSQLite3,
	quick: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY",
	usual: "PRAGMA journal_mode = WAL",
	bare:  "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1",
	keep: func(t *testing.T, d database) {
		d.release() // the last one who closes it writes its log into it
		require.NoFileExists(t, d.file()+"-wal")
		copyFile(t, d.file(), d.kept())
	},
	restore: func(t *testing.T, d database, _ int64) {
		d.release()
		copyFile(t, d.kept(), d.file())
	},
	numbers: "WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < %d)",
	whole:   func(columns []string) string { return "quote(" + joined(columns, ") || ',' || quote(") + ")" },
	columns: `SELECT m.name, c.name, c.type, c."notnull", c.dflt_value FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'river%' ORDER BY 1, 2`,
	indexes: `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name NOT LIKE 'river%' ORDER BY 1, 2`,
}

var postgres = dialect{
	name: "PostgreSQL", files: migrations.Postgres(), engine: goose.DialectPostgres,
	quick: "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'",
	usual: "RESET maintenance_work_mem",
	bare: `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%'
		AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY 1`,
	keep: func(*testing.T, database) {},
	restore: func(t *testing.T, d database, version int64) {
		_, err := d.goose.DownTo(t.Context(), version)
		require.NoError(t, err)
	},
	numbers: "WITH numbers (i) AS (SELECT generate_series(1, %d))",
	whole:   func(columns []string) string { return "CAST(ROW(" + joined(columns, ", ") + ") AS TEXT)" },
	columns: `SELECT table_name, column_name, data_type, CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END, column_default FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%' AND table_name NOT LIKE 'river%' ORDER BY 1, 2`,
	indexes: `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'river%'
		UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'river%' ORDER BY 1, 2`,
}
