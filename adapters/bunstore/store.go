package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// Config is what a store is opened with.
type Config struct {
	// Path of the database file (SQLite). Its folder must exist.
	Path string
	// DSN of the database (PostgreSQL), as a URL or in libpq's keywords. With it
	// there is no Path.
	DSN secret.String
	// Readers bounds the connections that only read; 0 means 4 on SQLite, 12 on
	// PostgreSQL.
	Readers int
	// Writers bounds those that write, on PostgreSQL; 0 means 12. SQLite has one.
	Writers int
	// Shared opens a SQLite file beside the server that may have it: writers of
	// two processes take turns in SQLite itself. Whoever runs jobs opens it
	// without: the lock keeps a second server away, not an operator's command.
	Shared bool
	// Hint, if any, is called after each commit that appended events, outside
	// the transaction.
	Hint store.Hint
	// Wake enqueues a job inside the transaction it is given. Without it, Wake
	// on a transaction fails.
	Wake func(ctx context.Context, tx *sql.Tx, job jobs.Job) error
	// Clock stamps events; nil is that of IDs.
	Clock func() time.Time
	// IDs makes the ids of events; the zero Source is the real one.
	IDs ident.Source
}

func (c Config) withDefaults() Config {
	if c.Readers == 0 {
		c.Readers = 4
	}
	if c.Hint == nil {
		c.Hint = func(ident.Client, int64) {}
	}
	if c.Wake == nil {
		c.Wake = func(context.Context, *sql.Tx, jobs.Job) error { return errNoQueue }
	}
	if c.IDs.Rand == nil {
		c.IDs = ident.Real()
	}
	if c.Clock == nil {
		c.Clock = c.IDs.Now
	}
	return c
}

// Store implements store.Store.
type Store struct {
	config Config
	engine engine
	write  *bun.DB
	read   *bun.DB
	// prepared are statements that are ready, by their text, on SQLite: there it
	// is our process that reads them. They end with the handle.
	prepared map[string]*sql.Stmt
	release  func() error
}

// engine is what differs between databases at run time.
type engine struct {
	// violation tells what an error of the driver means.
	violation func(error) violation
	migrate   func(context.Context, *sql.DB) error
	// schema tells how far the database has come, by a handle that only reads.
	schema func(context.Context, *sql.DB) (Schema, error)
	// view begins a transaction whose reads all see one state.
	view *sql.TxOptions
	// rowLocks: writers run side by side, so what an Update reads it locks.
	rowLocks bool
	// savepoints: a failed statement spoils its transaction.
	savepoints bool
}

// WriteDB is the handle that writes, for a job queue in the same database. On
// SQLite it has one connection: who holds it keeps every Update waiting.
func (s *Store) WriteDB() *sql.DB { return s.write.DB }

// Migrate brings the schema to the newest version; without anything to do it
// does nothing.
func (s *Store) Migrate(ctx context.Context) error { return s.engine.migrate(ctx, s.write.DB) }

// Close ends all connections and gives the database free.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close(), s.release()) }

// View implements store.Store: one transaction that only reads.
func (s *Store) View(ctx context.Context, fn func(store.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, s.engine.view)
	if err != nil {
		return s.fail(err)
	}
	defer func() { _ = tx.Rollback() }() // there is nothing to lose
	return fn(&transaction{store: s, db: tx, readOnly: true})
}

// Update implements store.Store.
func (s *Store) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	var heads map[ident.Client]int64
	if err := s.again(ctx, func() (err error) {
		heads, err = s.commit(ctx, fence, fn)
		return err
	}); err != nil {
		return err
	}
	for client, seq := range heads {
		s.config.Hint(client, seq)
	}
	return nil
}

func (s *Store) commit(ctx context.Context, fence store.Fence, fn func(store.Tx) error) (map[ident.Client]int64, error) {
	db, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, s.fail(err)
	}
	defer func() { _ = db.Rollback() }() // after an error or a panic; after a commit it does nothing
	tx := &transaction{store: s, db: db}
	if err := tx.check(ctx, fence); err != nil {
		return nil, err
	}
	if err := fn(tx); err != nil {
		return nil, err
	}
	heads, err := tx.number(ctx)
	if err != nil {
		return nil, err
	}
	return heads, s.fail(db.Commit())
}
