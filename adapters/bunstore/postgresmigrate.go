package bunstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
	sessionlock "github.com/pressly/goose/v3/lock"

	"github.com/tributary-dev/tributary/migrations"
)

// migratePostgres applies what is new, on a connection of its own: a statement
// that changes a long table may take its time. Who comes meanwhile waits for
// goose's lock, up to five minutes.
func migratePostgres(ctx context.Context, session pgx.ConnConfig) error {
	db, provider, err := postgresMigrations(session)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	found, err := postgresSchema(ctx, db, provider)
	if err != nil {
		return err
	}
	if err := found.usable(); err != nil || found.Current == found.Newest {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bunstore: migrate: %w", err)
	}
	return nil
}

// InspectPostgres looks at a database without changing it. Of Config only DSN
// counts.
func InspectPostgres(ctx context.Context, config Config) (Schema, error) {
	session, err := sessionOf(config)
	if err != nil {
		return Schema{}, err
	}
	db, provider, err := postgresMigrations(session)
	if err != nil {
		return Schema{}, err
	}
	defer func() { _ = db.Close() }()
	found, err := postgresSchema(ctx, db, provider)
	if err != nil {
		return Schema{}, err
	}
	return found, found.usable()
}

func postgresMigrations(session pgx.ConnConfig) (*sql.DB, *goose.Provider, error) {
	locker, err := sessionlock.NewPostgresSessionLocker(sessionlock.WithLockTimeout(1, 300)) // seconds, tries
	if err != nil {
		return nil, nil, fmt.Errorf("bunstore: read the migrations: %w", err)
	}
	patient := *session.Copy()
	patient.RuntimeParams["statement_timeout"] = "0"
	db := pool(patient, 2)
	provider, err := postgresProvider(db, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, nil, errFirst(err, db.Close)
	}
	return db, provider, nil
}

// lookPostgres tells how far an open database has come.
func lookPostgres(ctx context.Context, db *sql.DB) (Schema, error) {
	provider, err := postgresProvider(db)
	if err != nil {
		return Schema{}, err
	}
	return postgresSchema(ctx, db, provider)
}

func postgresProvider(db *sql.DB, options ...goose.ProviderOption) (*goose.Provider, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Postgres(),
		append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return nil, fmt.Errorf("bunstore: read the migrations: %w", err)
	}
	return provider, nil
}

// postgresSchema reads the table of versions itself: goose would make it.
func postgresSchema(ctx context.Context, db *sql.DB, provider *goose.Provider) (Schema, error) {
	var exists bool
	err := db.QueryRowContext(ctx, "SELECT to_regclass('"+goose.DefaultTablename+"') IS NOT NULL").Scan(&exists)
	if err != nil {
		return Schema{}, fmt.Errorf("bunstore: read the schema's version: %w", err)
	}
	if !exists {
		return schemaAt(0, provider), nil
	}
	return appliedSchema(ctx, db, provider)
}
