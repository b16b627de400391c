package bunstore

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the driver, in pure Go
)

// OpenSQLite opens a database file, making it where there is none, and brings
// its schema up to date. A second process on the same file fails with an error
// that says so, unless it is Shared.
func OpenSQLite(ctx context.Context, config Config) (*Store, error) {
	config = config.withDefaults()
	path, err := filepath.Abs(config.Path)
	if err != nil {
		return nil, fmt.Errorf("bunstore: path of the database: %w", err)
	}
	if config.Shared {
		return openShared(ctx, path, config)
	}
	release, err := lock(path + ".lock")
	if err != nil {
		return nil, err
	}
	s, err := openSQLite(path, config)
	if err != nil {
		return nil, errFirst(err, release)
	}
	s.release = release
	if err := s.Migrate(ctx); err != nil {
		return nil, errFirst(err, s.Close)
	}
	if err := s.prepare(ctx, clientByID, bearerByHash); err != nil {
		return nil, errFirst(err, s.Close)
	}
	return s, nil
}

// errFirst undoes what was opened; what went wrong first is what is told.
func errFirst(err error, undo func() error) error {
	_ = undo()
	return err
}

func openSQLite(path string, config Config) (*Store, error) {
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", writerDSN(path))
	if err != nil {
		return nil, fmt.Errorf("bunstore: open %s: %w", path, err)
	}
	read, err := sql.Open("sqlite", readerDSN(path))
	if err != nil {
		return nil, errFirst(fmt.Errorf("bunstore: open %s: %w", path, err), write.Close)
	}
	write.SetMaxOpenConns(1) // SQLite has one writer: waiting here is fair and ends with the context
	read.SetMaxOpenConns(config.Readers)
	read.SetMaxIdleConns(config.Readers)
	return &Store{
		config: config,
		engine: engine{violation: sqliteViolation, migrate: migrateSQLite, schema: lookSQLite, view: &sql.TxOptions{ReadOnly: true}},
		write:  bun.NewDB(write, tolerant{sqlitedialect.New()}),
		read:   bun.NewDB(read, tolerant{sqlitedialect.New()}),
	}, nil
}

// makePrivate makes the file readable by its owner only; SQLite gives its
// companion files the same mode.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("bunstore: %w", err)
	}
	return file.Close()
}

// The pragmas hold for each connection by itself, so they stand in the address.
// FULL keeps a commit through a power cut; secure_delete overwrites what is
// deleted, an erased user's key first of all.
func writerDSN(path string) string {
	return dsn(path, url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
	}})
}

func readerDSN(path string) string {
	return dsn(path, url.Values{"_txlock": {"deferred"}, "_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "query_only(1)",
	}})
}

func dsn(path string, options url.Values) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: options.Encode()}).String()
}
