package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the store's driver of PostgreSQL
	_ "modernc.org/sqlite"             // the store's driver of SQLite
)

// database is one of the two kinds that the server runs on. name, where it is a
// parameter, is that of a data folder; the same name is the same database.
type database interface {
	name() string
	// settings are the server's variables that make it use the database.
	settings(ctx context.Context, name string) ([]string, error)
	// open opens it bare, on the store's driver.
	open(ctx context.Context, name string) (*sql.DB, error)
	// place is the path of the file, or the address of the server's database.
	place(ctx context.Context, name string) (path, address string, err error)
	// writers is how many connections write at once.
	writers() int
	// parameter is how the n-th parameter of a statement is written, from 1.
	parameter(n int) string
	// digits writes a number as text, with leading zeroes.
	digits(number string, length int) string
	// daysAgo writes the day that lies so many days back.
	daysAgo(number string) string
	// indices gives the statements that make the indices of transactions.
	indices(ctx context.Context, db *sql.DB) ([]string, error)
	// hurry makes a connection write fast and carelessly; settled ends that.
	hurry() []string
	settled() []string
	// remove takes a data folder away, with its database.
	remove(ctx context.Context, name string) error
	// copied gives the statements that make an empty table "rewritten" that is
	// like transactions, with the same indices.
	copied(ctx context.Context, db *sql.DB) ([]string, error)
}

type sqlite struct{ *bench }

func (sqlite) name() string { return "SQLite" }

func (sqlite) settings(context.Context, string) ([]string, error) { return nil, nil }

func (d sqlite) open(ctx context.Context, name string) (*sql.DB, error) {
	path, _, err := d.place(ctx, name)
	if err != nil {
		return nil, err
	}
	return sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
}

func (d sqlite) place(_ context.Context, name string) (path, address string, err error) {
	path = filepath.Join(d.home(d, name), "tributary.db")
	return path, "", os.MkdirAll(filepath.Dir(path), 0o700)
}

func (sqlite) writers() int { return 1 }

func (sqlite) parameter(int) string { return "?" }

func (sqlite) digits(number string, length int) string {
	return "printf('%0" + strconv.Itoa(length) + "d', " + number + ")"
}

func (sqlite) daysAgo(number string) string { return "date('now', '-' || (" + number + ") || ' days')" }

func (sqlite) indices(ctx context.Context, db *sql.DB) ([]string, error) {
	return texts(ctx, db, "SELECT sql FROM sqlite_schema WHERE tbl_name = 'transactions' AND type = 'index' AND sql IS NOT NULL")
}

func (sqlite) hurry() []string {
	return []string{"PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -200000"}
}

func (sqlite) settled() []string {
	return []string{"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"}
}

func (d sqlite) remove(_ context.Context, name string) error { return os.RemoveAll(d.home(d, name)) }

func (sqlite) copied(ctx context.Context, db *sql.DB) ([]string, error) {
	return texts(ctx, db, `SELECT replace(sql, 'transactions', 'rewritten') FROM sqlite_schema
		WHERE tbl_name = 'transactions' AND sql IS NOT NULL ORDER BY type DESC`)
}

type postgres struct{ *bench }

func (postgres) name() string { return "PostgreSQL" }

// file holds the address of a data folder's database.
func (d postgres) file(name string) string { return filepath.Join(d.folder, name+".dsn") }

func (d postgres) settings(ctx context.Context, name string) ([]string, error) {
	if _, err := d.address(ctx, name); err != nil {
		return nil, err
	}
	return []string{"TRIBUTARY_DATABASE_URL_FILE=" + d.file(name)}, nil
}

// address is that of a data folder's database, which is made where there is none.
func (d postgres) address(ctx context.Context, name string) (string, error) {
	if text, err := os.ReadFile(d.file(name)); err == nil {
		return string(text), nil
	}
	made, err := d.cluster.Create(ctx, "")
	if err != nil {
		return "", err
	}
	address := d.cluster.DSN(made)
	return address, os.WriteFile(d.file(name), []byte(address), 0o600)
}

func (d postgres) open(ctx context.Context, name string) (*sql.DB, error) {
	address, err := d.address(ctx, name)
	if err != nil {
		return nil, err
	}
	return sql.Open("pgx", address)
}

func (d postgres) place(ctx context.Context, name string) (path, address string, err error) {
	address, err = d.address(ctx, name)
	return "", address, err
}

func (postgres) writers() int { return 12 }

func (postgres) parameter(n int) string { return "$" + strconv.Itoa(n) }

func (postgres) digits(number string, length int) string {
	return "lpad((" + number + ")::text, " + strconv.Itoa(length) + ", '0')"
}

func (postgres) daysAgo(number string) string {
	return "to_char(current_date - (" + number + ")::integer, 'YYYY-MM-DD')"
}

func (postgres) indices(ctx context.Context, db *sql.DB) ([]string, error) {
	return texts(ctx, db, "SELECT indexdef FROM pg_indexes WHERE tablename = 'transactions' AND indexname NOT LIKE '%pkey'")
}

// hurry does without the checks of keys that other tables hold.
func (postgres) hurry() []string { return []string{"SET session_replication_role = replica"} }

func (postgres) settled() []string { return []string{"VACUUM ANALYZE transactions"} }

func (d postgres) remove(ctx context.Context, name string) error {
	if err := os.RemoveAll(d.home(d, name)); err != nil {
		return err
	}
	address, err := os.ReadFile(d.file(name))
	if err != nil {
		return err
	}
	made, err := url.Parse(string(address))
	if err != nil {
		return err
	}
	return errors.Join(d.cluster.Drop(ctx, strings.TrimPrefix(made.Path, "/")), os.Remove(d.file(name)))
}

func (postgres) copied(context.Context, *sql.DB) ([]string, error) {
	return []string{"CREATE TABLE rewritten (LIKE transactions INCLUDING ALL)"}, nil
}

// texts reads a column.
func texts(ctx context.Context, db *sql.DB, query string, args ...any) (all []string, err error) {
	found, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var text string
		if err := found.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, found.Err()
}
