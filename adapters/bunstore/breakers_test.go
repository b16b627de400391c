package bunstore

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/ports/store"
)

// What was known of a bank is known of its channels after version 33, and the
// other way round.
func TestBreakersGoFromBanksToTheirChannels(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		provider, err := sqliteMigrations(s.write.DB)
		require.NoError(t, err)
		keepsBreakers(t, s, provider)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		config := Config{DSN: database(t, "")}
		s := openDSN(t, config)
		session, err := sessionOf(config)
		require.NoError(t, err)
		db, provider, err := postgresMigrations(session)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		keepsBreakers(t, s, provider)
	})
}

func keepsBreakers(t *testing.T, s *Store, provider *goose.Provider) {
	t.Helper()
	settled(t, s, 3)
	down := schedule.Breaker{Failures: 5, Since: time.Unix(1_800_000_000, 0).UTC(), Trips: 2, Until: time.Unix(1_800_000_300, 0).UTC()}
	require.NoError(t, s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		for u, definitions := range map[int][]string{1: {"oak-api", "oak-web"}, 2: {"oak-web"}, 3: {"elm-web"}} {
			c := connection.Connection{ID: connectionID(u), ClientID: "cli_1", UserID: userID(u), ProviderID: definitions[0][:3]}
			for _, definition := range definitions {
				c.Channels = append(c.Channels, connection.Channel{DefinitionID: definition, Type: bank.Embedded})
			}
			if err := tx.Connections().Put(t.Context(), &c); err != nil {
				return err
			}
		}
		return tx.Breakers().Put(t.Context(), "oak-web", down)
	}))
	all := func() (found map[string]schedule.Breaker) {
		require.NoError(t, s.View(t.Context(), func(tx store.Tx) (err error) {
			found, err = tx.Breakers().All(t.Context())
			return err
		}))
		return found
	}
	_, err := provider.DownTo(t.Context(), 32)
	require.NoError(t, err)
	var id string
	require.NoError(t, s.write.QueryRowContext(t.Context(), "SELECT provider_id FROM breakers").Scan(&id))
	require.Equal(t, "oak", id)
	require.NoError(t, s.Migrate(t.Context()))
	require.Equal(t, map[string]schedule.Breaker{"oak-api": down, "oak-web": down}, all())
}
