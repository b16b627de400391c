package node

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/jobqueue"
	"github.com/tributary-dev/tributary/core/secret"
)

// Database is the file of the database in a data folder.
func Database(data string) string { return filepath.Join(data, "tributary.db") }

// DatabaseName is what an operator may be told of the database.
func (c Config) DatabaseName() string {
	if c.DatabaseURLFile != "" {
		return "the server that " + c.DatabaseURLFile + " names"
	}
	return Database(c.Data)
}

// Schema looks at the database without changing it; version 0 is one that is
// still to be made.
func (c Config) Schema(ctx context.Context) (bunstore.Schema, error) {
	if c.DatabaseURLFile == "" {
		return bunstore.InspectSQLite(ctx, Database(c.Data))
	}
	dsn, err := c.dsn()
	if err != nil {
		return bunstore.Schema{}, err
	}
	return bunstore.InspectPostgres(ctx, bunstore.Config{DSN: dsn})
}

// OpenStore opens the database that the configuration names; more says the
// rest. A shared store brings no server's schema up to date behind its back.
func (c Config) OpenStore(ctx context.Context, more bunstore.Config) (*bunstore.Store, error) {
	if c.DatabaseURLFile == "" {
		more.Path = Database(c.Data)
		return bunstore.Open(ctx, more)
	}
	if more.Shared {
		found, err := c.Schema(ctx)
		if err != nil {
			return nil, err
		}
		if found.Current != 0 { // else it is still to be made
			if err := found.Check(); err != nil {
				return nil, err
			}
		}
	}
	var err error
	if more.DSN, err = c.dsn(); err != nil {
		return nil, err
	}
	return bunstore.Open(ctx, more)
}

// OpenQueue opens the jobs beside a store, and brings their tables up to date.
func (c Config) OpenQueue(ctx context.Context, state *bunstore.Store, more jobqueue.Config) (*jobqueue.Queue, error) {
	if c.DatabaseURLFile != "" {
		return jobqueue.OpenPostgres(ctx, state.WriteDB(), more)
	}
	return jobqueue.Open(ctx, state.WriteDB(), more)
}

// fresh reports whether there is no database yet, as far as can be seen.
func (c Config) fresh(ctx context.Context) bool {
	if c.DatabaseURLFile == "" {
		_, err := os.Stat(Database(c.Data))
		return errors.Is(err, os.ErrNotExist)
	}
	found, err := c.Schema(ctx)
	return err == nil && found.Current == 0
}

// dsn reads the address of the database, which holds a password: only its owner
// may read the file.
func (c Config) dsn() (secret.String, error) {
	return secretIn("database_url_file", c.DatabaseURLFile)
}
