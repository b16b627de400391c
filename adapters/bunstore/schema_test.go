package bunstore

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/migrations"
)

// The dump shows what the migrations add up to, and a review what changed.
func TestSchemaIsTheOneOnRecord(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	golden := filepath.Join("..", "..", "migrations", "sqlite", "schema.sql")
	got := "-- Generated from the migrations; do not edit.\n\n" + dump(t, s.write.DB)
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run the tests of this package with -update")
}

// dump gives every statement of the schema, except of goose's own table.
func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name`)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var all strings.Builder
	for rows.Next() {
		var statement string
		require.NoError(t, rows.Scan(&statement))
		all.WriteString(statement + ";\n")
	}
	require.NoError(t, rows.Err())
	return all.String()
}

func TestMigrationsGoUpAndDownAndUp(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	newest := dump(t, s.write.DB)
	require.NotEmpty(t, newest)
	require.NoError(t, s.Migrate(t.Context()), "nothing is left to do")
	provider, err := sqliteMigrations(s.write.DB)
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), 0)
	require.NoError(t, err)
	require.Empty(t, dump(t, s.write.DB), "down leaves nothing")
	require.NoError(t, s.Migrate(t.Context()))
	require.Equal(t, newest, dump(t, s.write.DB))
}

// A row that goes takes others with it: each of them is found by an index.
func TestEveryReferenceHasAnIndex(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	references := []struct{ Name, Column string }{}
	require.NoError(t, s.write.NewRaw(`SELECT m.name, f."from" AS "column" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND f.on_delete = 'CASCADE'`).Scan(t.Context(), &references))
	require.Len(t, references, 18)
	for _, r := range references {
		plan := explain(t, s, "SELECT 1 FROM "+r.Name+" WHERE "+r.Column+" = 'x'")
		require.Regexp(t, `SEARCH .*\(`+r.Column+`=\?`, plan)
	}
}

func TestMigrationsAreNumberedAndNamed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "migrations", "sqlite", "0*.sql"))
	require.NoError(t, err)
	entries, err := os.ReadDir(filepath.Join("..", "..", "migrations", "sqlite"))
	require.NoError(t, err)
	require.Len(t, entries, len(files)+1, "nothing but migrations and the dump")
	last := "00000"
	for _, file := range files { // by name; a number may be missing, because somebody else is at work on it
		base := filepath.Base(file)
		require.Regexp(t, `^[0-9]{5}_[a-z_]+\.sql$`, base)
		require.Greater(t, base[:5], last)
		last = base[:5]
		embedded, err := migrations.SQLite().Open(base)
		require.NoError(t, err, "it is inside the binary")
		require.NoError(t, embedded.Close())
	}
}
