package bunstore

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

func putClient(ctx context.Context, s store.Store, id ident.Client) error {
	return s.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		return tx.Clients().Put(ctx, client.Client{ID: id, Name: "name"})
	})
}

// A server that goes and comes back: what was asked meanwhile is told so, and
// the store needs no restart.
func TestAServerGoesAndComesBack(t *testing.T) {
	t.Parallel()
	c, err := pgcluster.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Stop()) })
	s := openDSN(t, Config{DSN: secret.New(c.SocketDSN("postgres"))})
	require.NoError(t, putClient(t.Context(), s, "cli_1"))

	require.NoError(t, c.Halt())
	for range 3 { // idle connections are dead, new ones refused
		require.Equal(t, fault.Unavailable, fault.KindOf(putClient(t.Context(), s, "cli_2")))
		require.Equal(t, fault.Unavailable, fault.KindOf(s.View(t.Context(), func(store.Tx) error { return nil })))
	}
	require.NoError(t, c.Resume(t.Context()))
	require.NoError(t, putClient(t.Context(), s, "cli_3"))
	require.NoError(t, s.View(t.Context(), func(tx store.Tx) error {
		found, err := tx.Clients().List(t.Context(), store.Page{Limit: 9})
		require.Len(t, found.Items, 2)
		return err
	}))
}

// A connection that breaks inside an Update takes back what that wrote.
func TestAConnectionBreaksInsideAnUpdate(t *testing.T) {
	t.Parallel()
	s := openDSN(t, Config{DSN: database(t, "")})
	require.NoError(t, putClient(t.Context(), s, "cli_1"))
	err := s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		require.NoError(t, tx.Clients().Put(t.Context(), client.Client{ID: "cli_lost"}))
		_, err := s.read.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "+
			"WHERE datname = current_database() AND pid <> pg_backend_pid()")
		require.NoError(t, err)
		_, err = tx.Clients().Get(t.Context(), "cli_1")
		return err
	})
	require.Equal(t, fault.Unavailable, fault.KindOf(err), "%v", err)
	require.NoError(t, putClient(t.Context(), s, "cli_2"), "the next one finds a whole connection")
	require.NoError(t, s.View(t.Context(), func(tx store.Tx) error {
		_, err := tx.Clients().Get(t.Context(), "cli_lost")
		require.True(t, fault.IsNotFound(err))
		return nil
	}))
}

// Two that lock crosswise: the server ends one, which is run again.
func TestADeadlockIsRunAgain(t *testing.T) {
	t.Parallel()
	s := openDSN(t, Config{DSN: database(t, "")})
	require.NoError(t, putClient(t.Context(), s, "cli_1"))
	for _, hash := range []string{"a", "b"} {
		require.NoError(t, s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
			return tx.Tokens().Put(t.Context(), store.Token{Hash: hash, Owner: store.Owner{Client: "cli_1"}})
		}))
	}
	var met, all sync.WaitGroup
	met.Add(2)
	runs := make(chan string, 16)
	for _, way := range [][2]string{{"a", "b"}, {"b", "a"}} {
		var once sync.Once
		all.Go(func() {
			err := s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
				runs <- way[0]
				if _, err := tx.Tokens().Get(t.Context(), way[0]); err != nil {
					return err
				}
				once.Do(func() { met.Done(); met.Wait() })
				_, err := tx.Tokens().Get(t.Context(), way[1])
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Greater(t, len(runs), 2, "nobody was run again: there was no deadlock")
}

func TestRunningAgainHasAnEnd(t *testing.T) {
	t.Parallel()
	s := &Store{config: Config{}.withDefaults(), engine: engine{violation: postgresViolation}}
	runs := 0
	err := s.again(t.Context(), func() error { runs++; return errRepeat })
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.Equal(t, attempts, runs)
	ctx, cancel := context.WithCancel(t.Context())
	err = s.again(ctx, func() error { cancel(); return errRepeat })
	require.ErrorIs(t, err, context.Canceled)
	for n := 1; n < attempts; n++ {
		require.GreaterOrEqual(t, pause(n, s.config.IDs.Rand), firstPause/2)
		require.LessOrEqual(t, pause(n, s.config.IDs.Rand), longestPause)
	}
	require.Equal(t, fault.Conflict, fault.KindOf(s.again(t.Context(), func() error { return errNotUnique })))
}

// Whatever is wrong with an address, nobody is told the password in it.
func TestADSNIsNeverTold(t *testing.T) {
	t.Parallel()
	const canary = "canary-in-the-address"
	c, err := server()
	require.NoError(t, err)
	good, err := url.Parse(c.DSN(template))
	require.NoError(t, err)
	for _, dsn := range []string{
		"postgres://user:" + canary + "@[::1", "postgres://u:" + canary + "@host:99999999/x", "password=" + canary + " port=wrong",
		"postgres://u:" + canary + "@127.0.0.1:1/x?sslmode=wrong", canary,
		"postgres://u:" + canary + "@127.0.0.1:1/x", "postgres://tributary:" + canary + "@" + good.Host + "/" + template,
	} {
		config := Config{DSN: secret.New(dsn)}
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", config, config, config), canary)
		for _, open := range []func() error{
			func() error { _, err := OpenPostgres(t.Context(), config); return err },
			func() error { _, err := InspectPostgres(t.Context(), config); return err },
		} {
			err := open()
			require.Error(t, err)
			for ; err != nil; err = errors.Unwrap(err) {
				require.NotContains(t, fmt.Sprintf("%v %+v", err, err), canary)
			}
		}
	}
	_, err = OpenPostgres(t.Context(), Config{})
	require.ErrorIs(t, err, errDSN)
	_, err = Open(t.Context(), Config{DSN: secret.New("x"), Path: "y"})
	require.ErrorContains(t, err, "either a file or a server")
}

// A pool opens connections when it likes, and the server, the role or the DSN
// may say otherwise: each has what we ask for.
func TestEverySessionHasItsSettings(t *testing.T) {
	t.Parallel()
	dsn := database(t, "").Reveal() + "&standard_conforming_strings=off&timezone=Asia/Tokyo&default_transaction_isolation=serializable"
	s := openDSN(t, Config{DSN: secret.New(dsn), Readers: 3, Writers: 2})
	require.Equal(t, 2, s.write.Stats().MaxOpenConnections)
	require.Equal(t, 3, s.read.Stats().MaxOpenConnections)
	for name, want := range map[string]string{
		"standard_conforming_strings": "on", "client_encoding": "UTF8", "TimeZone": "UTC", "synchronous_commit": "on",
		"default_transaction_isolation": "read committed", "statement_timeout": "30s", "lock_timeout": "10s",
		"idle_in_transaction_session_timeout": "1min", "application_name": "tributary",
		"tcp_keepalives_idle": "30",
	} {
		var read, write string
		require.NoError(t, s.read.QueryRowContext(t.Context(), "SHOW "+name).Scan(&read))
		require.NoError(t, s.write.QueryRowContext(t.Context(), "SHOW "+name).Scan(&write))
		require.Equal(t, []string{want, want}, []string{read, write}, name)
	}
}

// A statement that takes too long ends, and says that it may be tried again.
func TestASlowStatementIsEnded(t *testing.T) {
	t.Parallel()
	s := openDSN(t, Config{DSN: database(t, "")})
	conn := hold(t, s.write.DB)
	_, err := conn.ExecContext(t.Context(), "SET statement_timeout = 20")
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "SELECT pg_sleep(10)")
	require.ErrorIs(t, s.fail(err), errUnavailable)
	_, err = conn.ExecContext(t.Context(), "SELECT nonsense FROM nowhere")
	require.ErrorIs(t, s.fail(err), errStorage)
	_, err = conn.ExecContext(t.Context(), "SELECT convert_from('\\xff', 'UTF8')")
	require.ErrorIs(t, s.fail(err), errUnstorable)
}
