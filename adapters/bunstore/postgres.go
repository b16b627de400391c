package bunstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Pools of PostgreSQL where Config does not say: with what a job queue needs,
// three nodes stay below the server's usual hundred connections.
const (
	defaultWriters = 12
	defaultReaders = 12
)

// Connections are renewed, so that a server that moved is found again, and
// given back where nothing needs them.
const (
	longestLife = time.Hour
	longestIdle = 5 * time.Minute
)

// What a session may keep others waiting. An Update never calls a bank, so one
// that idles for this long has lost its process.
const (
	statementTimeout = 30 * time.Second
	lockTimeout      = 10 * time.Second
	idleTimeout      = time.Minute
)

// OpenPostgres opens a database on a PostgreSQL server and brings its schema up
// to date; of several that start at once one does so and the others wait. Any
// number of processes may have it open. Neither errors nor logs hold the DSN.
func OpenPostgres(ctx context.Context, config Config) (*Store, error) {
	config.Writers, config.Readers = cmp.Or(config.Writers, defaultWriters), cmp.Or(config.Readers, defaultReaders)
	config = config.withDefaults()
	session, err := sessionOf(config)
	if err != nil {
		return nil, err
	}
	s := &Store{
		config: config,
		engine: engine{
			violation: postgresViolation, migrate: func(ctx context.Context, _ *sql.DB) error { return migratePostgres(ctx, session) },
			schema:   lookPostgres,
			view:     &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
			rowLocks: true, savepoints: true,
		},
		write:   bun.NewDB(pool(session, config.Writers), tolerant{pgdialect.New()}),
		read:    bun.NewDB(pool(session, config.Readers), tolerant{pgdialect.New()}),
		release: func() error { return nil },
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, errFirst(err, s.Close)
	}
	return s, nil
}

// errDSN has no cause: what the driver says of an address repeats parts of it.
var errDSN = errors.New("bunstore: the address of the database cannot be read: it looks like postgres://user:password@host:5432/database")

// sessionOf is how each connection is begun. Bun writes values into its
// statements, so statements are not prepared: each would be another one.
func sessionOf(config Config) (pgx.ConnConfig, error) {
	parsed, err := pgx.ParseConfig(config.DSN.Reveal())
	if err != nil || config.DSN.Empty() {
		return pgx.ConnConfig{}, errDSN
	}
	parsed.DefaultQueryExecMode = pgx.QueryExecModeExec
	for name, value := range map[string]string{
		// Written values are safe under this reading of a quote and no other.
		"standard_conforming_strings": "on", "client_encoding": "UTF8",
		"timezone": "UTC", "datestyle": "ISO", "lc_messages": "C",
		"default_transaction_isolation": "read committed", "default_transaction_read_only": "off",
		"synchronous_commit": "on", "statement_timeout": millis(statementTimeout), "lock_timeout": millis(lockTimeout),
		"idle_in_transaction_session_timeout": millis(idleTimeout),
		// A process whose machine vanished holds its locks until the server knows.
		"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3",
	} {
		parsed.RuntimeParams[name] = value
	}
	parsed.RuntimeParams["application_name"] = cmp.Or(parsed.RuntimeParams["application_name"], "tributary")
	// And we do not wait for a server that vanished.
	parsed.DialFunc = (&net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3,
	}}).DialContext
	parsed.ConnectTimeout = cmp.Or(parsed.ConnectTimeout, 10*time.Second)
	return *parsed, nil
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func pool(session pgx.ConnConfig, size int) *sql.DB {
	db := stdlib.OpenDB(session)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	db.SetConnMaxIdleTime(longestIdle)
	db.SetConnMaxLifetime(longestLife)
	return db
}

var errTwo = errors.New("bunstore: there is one database: either a file or a server")

// Open opens what the configuration names: a PostgreSQL server where it has a
// DSN, else a SQLite file.
func Open(ctx context.Context, config Config) (*Store, error) {
	switch {
	case config.DSN.Empty():
		return OpenSQLite(ctx, config)
	case config.Path != "":
		return nil, errTwo
	}
	return OpenPostgres(ctx, config)
}
