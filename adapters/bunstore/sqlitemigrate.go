package bunstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"github.com/tributary-dev/tributary/migrations"
)

// migrateSQLite applies what is new. The lock beside the database keeps others
// out meanwhile, which goose does not do on SQLite.
func migrateSQLite(ctx context.Context, db *sql.DB) error {
	provider, err := sqliteMigrations(db)
	if err != nil {
		return err
	}
	schema, err := sqliteSchema(ctx, db, provider)
	if err != nil {
		return err
	}
	if err := schema.usable(); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bunstore: migrate: %w", err)
	}
	return nil
}

// lookSQLite tells how far an open database has come.
func lookSQLite(ctx context.Context, db *sql.DB) (Schema, error) {
	provider, err := sqliteMigrations(db)
	if err != nil {
		return Schema{}, err
	}
	return sqliteSchema(ctx, db, provider)
}

func sqliteMigrations(db *sql.DB) (*goose.Provider, error) {
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.SQLite(), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("bunstore: read the migrations: %w", err)
	}
	return provider, nil
}
