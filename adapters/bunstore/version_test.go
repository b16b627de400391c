package bunstore

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A process that has the database open learns what others do to its schema.
func TestAnOpenStoreSeesItsSchemaChange(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) *Store{
		"SQLite": func(t *testing.T) *Store {
			s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
			t.Cleanup(func() { require.NoError(t, s.Close()) })
			return s
		},
		"PostgreSQL": func(t *testing.T) *Store { return openDSN(t, Config{DSN: database(t, "")}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			for _, step := range []struct {
				statement string
				want      error
				says      string
			}{
				{"", nil, ""},
				{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)", ErrNewer, "schema 99999"},
				{"DELETE FROM goose_db_version WHERE version_id = 99999", nil, ""},
				{"DELETE FROM goose_db_version WHERE version_id > 1", ErrOlder, "schema 1, this program knows"},
				{"DROP TABLE goose_db_version", ErrOlder, "schema 0, this program knows"},
			} {
				if step.statement != "" {
					_, err := s.write.ExecContext(t.Context(), step.statement)
					require.NoError(t, err)
				}
				found, err := s.Schema(t.Context())
				require.NoError(t, err)
				err = found.Check()
				require.ErrorIs(t, err, step.want, step.statement)
				if step.want != nil {
					require.ErrorContains(t, err, step.says)
				}
			}
		})
	}
}

func TestASchemaThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	require.NoError(t, s.Close())
	_, err := s.Schema(t.Context())
	require.Error(t, err)
}
