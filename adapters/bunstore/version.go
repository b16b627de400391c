package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"

	"github.com/tributary-dev/tributary/migrations"
)

// Schema is how far a database has come.
type Schema struct {
	// Current is the version of the database, 0 before its first migration.
	Current int64
	// Newest is the version that this program knows.
	Newest int64
	// Pending names the migrations that are still to come, in their order.
	Pending []string
}

// What is wrong with a schema, and what mends it.
var (
	// ErrNewer says that a later version of the program has changed the schema.
	ErrNewer = errors.New("bunstore: the database was changed by a newer version of this program: use that one, or restore a backup")
	// ErrOlder says that migrations are still to come.
	ErrOlder = errors.New("bunstore: the database's schema is older than this program: run 'tributary migrate up', or start the server")
)

// Newest is the version of the schema that this program knows.
func Newest() (newest int64) {
	names, err := fs.Glob(migrations.SQLite(), "*.sql")
	if err != nil {
		panic("bunstore: " + err.Error()) // the pattern is a constant
	}
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			panic("bunstore: " + err.Error()) // the names are ours
		}
		newest = max(newest, version)
	}
	return newest
}

// Check tells whether the schema is the one that this program knows.
func (s Schema) Check() error {
	if s.Current < s.Newest {
		return fmt.Errorf("%w (schema %d, this program knows %d)", ErrOlder, s.Current, s.Newest)
	}
	return s.usable()
}

// usable refuses a schema that this program does not know. An older one is
// usable: what opens it brings it up to date.
func (s Schema) usable() error {
	if s.Current > s.Newest {
		return fmt.Errorf("%w (schema %d, this program knows %d)", ErrNewer, s.Current, s.Newest)
	}
	return nil
}

// Schema looks at the schema of an open store: another program may have
// changed it since.
func (s *Store) Schema(ctx context.Context) (Schema, error) {
	found, err := s.engine.schema(ctx, s.read.DB)
	if err != nil {
		return Schema{}, s.fail(err)
	}
	return found, nil
}

// InspectSQLite looks at a file without changing it; one that is not there has
// version 0.
func InspectSQLite(ctx context.Context, path string) (Schema, error) {
	db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)"}}))
	if err != nil {
		return Schema{}, fmt.Errorf("bunstore: open %s: %w", path, err)
	}
	defer func() { _ = db.Close() }()
	provider, err := sqliteMigrations(db)
	if err != nil {
		return Schema{}, err
	}
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || (err == nil && info.Size() == 0) {
		return schemaAt(0, provider), nil
	}
	found, err := sqliteSchema(ctx, db, provider)
	if err != nil {
		return Schema{}, err
	}
	return found, found.usable()
}

// sqliteSchema reads the table of versions itself: goose would make it.
func sqliteSchema(ctx context.Context, db *sql.DB, provider *goose.Provider) (Schema, error) {
	var tables int
	err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", goose.DefaultTablename).Scan(&tables)
	if err != nil {
		return Schema{}, fmt.Errorf("bunstore: read the schema's version: %w", err)
	}
	if tables == 0 {
		return schemaAt(0, provider), nil
	}
	return appliedSchema(ctx, db, provider)
}

// appliedSchema reads a table of versions that is there.
func appliedSchema(ctx context.Context, db *sql.DB, provider *goose.Provider) (Schema, error) {
	var current int64
	err := db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM "+goose.DefaultTablename+" WHERE is_applied").Scan(&current)
	if err != nil {
		return Schema{}, fmt.Errorf("bunstore: read the schema's version: %w", err)
	}
	return schemaAt(current, provider), nil
}

func schemaAt(current int64, provider *goose.Provider) Schema {
	found := Schema{Current: current}
	for _, source := range provider.ListSources() {
		found.Newest = max(found.Newest, source.Version)
		if source.Version > current {
			found.Pending = append(found.Pending, source.Path)
		}
	}
	return found
}
