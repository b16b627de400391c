package bunstore

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/migrations"
)

// The dialects keep one schema: the same code reads and writes both.
func TestDialectsHaveOneSchema(t *testing.T) {
	t.Parallel()
	lite := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	t.Cleanup(func() { require.NoError(t, lite.Close()) })
	server := openDSN(t, Config{DSN: database(t, emptyTemplate)})
	for name, question := range parity {
		want, got := answers(t, lite.write.DB, question.sqlite), answers(t, server.write.DB, question.postgres)
		require.NotEmpty(t, want, name)
		require.Equal(t, want, got, name)
	}
}

// emptyTemplate is what the server copies for an empty database.
const emptyTemplate = "template1"

// parity asks both dialects the same, in words that both can answer.
var parity = map[string]struct{ sqlite, postgres string }{
	"columns": {
		`SELECT m.name || '.' || c.name || ' ' || CASE WHEN c."notnull" THEN 'not null' ELSE 'null' END || ' ' || c.type || ' ' || c.pk
		FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'`,
		`SELECT c.table_name || '.' || c.column_name || ' ' || CASE c.is_nullable WHEN 'NO' THEN 'not null' ELSE 'null' END || ' ' ||
		CASE c.data_type WHEN 'text' THEN CASE c.collation_name WHEN 'C' THEN 'TEXT' ELSE 'text in some order' END
			WHEN 'bytea' THEN 'BLOB' WHEN 'double precision' THEN 'REAL'
			WHEN 'bigint' THEN 'INTEGER' WHEN 'integer' THEN 'INTEGER' WHEN 'boolean' THEN 'INTEGER' ELSE c.data_type END || ' ' ||
		coalesce((SELECT k.ordinal_position FROM information_schema.key_column_usage k JOIN information_schema.table_constraints o
			USING (constraint_schema, constraint_name) WHERE o.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name
			AND k.column_name = c.column_name), 0)
		FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE 'goose%'`,
	},
	"indices": { // those that a constraint makes have no name that both know
		`SELECT CASE WHEN l.origin = 'c' THEN l.name ELSE m.name END || ' ' || CASE WHEN l."unique" THEN 'unique' ELSE 'plain' END || ' ' ||
		CASE WHEN l.partial THEN 'partial' ELSE 'whole' END || ' ' ||
		(SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno))
		FROM sqlite_schema m, pragma_index_list(m.name) l WHERE m.type = 'table' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'`,
		`SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u'))
			THEN r.relname ELSE x.relname END || ' ' || CASE WHEN i.indisunique THEN 'unique' ELSE 'plain' END || ' ' ||
		CASE WHEN i.indpred IS NULL THEN 'whole' ELSE 'partial' END || ' ' ||
		(SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k (number, place)
			JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)
		FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
		WHERE r.relnamespace = 'public'::regnamespace AND r.relname NOT LIKE 'goose%'`,
	},
	"references": {
		`SELECT m.name || '.' || f."from" || ' to ' || f."table" || '.' || f."to" || ' ' || f.on_delete
		FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`,
		`SELECT o.conrelid::regclass || '.' || a.attname || ' to ' || o.confrelid::regclass || '.' || b.attname || ' ' ||
		CASE o.confdeltype WHEN 'c' THEN 'CASCADE' ELSE 'NO ACTION' END
		FROM pg_constraint o JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = o.conkey[1]
		JOIN pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = o.confkey[1] WHERE o.contype = 'f'`,
	},
}

// answers gives the lines of a question, sorted byte by byte here: the servers
// would not agree.
func answers(t *testing.T, db *sql.DB, question string) map[string]int {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), question)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	all := map[string]int{}
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		all[line]++
	}
	require.NoError(t, rows.Err())
	return all
}

func TestDialectsHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	names := func(folder fs.FS) []string {
		found, err := fs.Glob(folder, "0*.sql")
		require.NoError(t, err)
		require.NotEmpty(t, found)
		return found
	}
	require.Equal(t, names(migrations.SQLite()), names(migrations.Postgres()))
}

func TestPostgresMigrationsGoUpAndDownAndUp(t *testing.T) {
	t.Parallel()
	config := Config{DSN: database(t, emptyTemplate)}
	s := openDSN(t, config)
	newest := structure(t, s.write.DB)
	require.NoError(t, s.Migrate(t.Context()), "nothing is left to do")
	session, err := sessionOf(config)
	require.NoError(t, err)
	db, provider, err := postgresMigrations(session)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	_, err = provider.DownTo(t.Context(), 0)
	require.NoError(t, err)
	require.Equal(t, "", structure(t, s.write.DB), "down leaves nothing")
	require.NoError(t, s.Migrate(t.Context()))
	require.Equal(t, newest, structure(t, s.write.DB))
}

func structure(t *testing.T, db *sql.DB) string {
	t.Helper()
	var all strings.Builder
	for _, name := range []string{"columns", "indices", "references"} {
		if found := answers(t, db, parity[name].postgres); len(found) > 0 {
			fmt.Fprintln(&all, name, found) // maps print sorted
		}
	}
	return all.String()
}

// Of many that start at once one migrates, and the others wait for it.
func TestManyStartOnAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	dsn := database(t, emptyTemplate)
	opened := make(chan error, 6)
	for range cap(opened) {
		go func() {
			s, err := OpenPostgres(context.Background(), Config{DSN: dsn})
			if err == nil {
				err = s.Close()
			}
			opened <- err
		}()
	}
	for range cap(opened) {
		require.NoError(t, <-opened)
	}
}

func TestInspectingPostgresChangesNothing(t *testing.T) {
	t.Parallel()
	config := Config{DSN: database(t, emptyTemplate)}
	found, err := InspectPostgres(t.Context(), config)
	require.NoError(t, err)
	require.Zero(t, found.Current)
	all, err := fs.Glob(migrations.Postgres(), "0*.sql")
	require.NoError(t, err)
	require.Len(t, found.Pending, len(all))
	s := openDSN(t, config)
	found, err = InspectPostgres(t.Context(), config)
	require.NoError(t, err)
	require.Equal(t, found.Newest, found.Current)
	require.Empty(t, found.Pending)

	_, err = s.write.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	require.NoError(t, err)
	for _, open := range []func() error{
		func() error { _, err := InspectPostgres(t.Context(), config); return err },
		func() error { _, err := OpenPostgres(t.Context(), config); return err },
	} {
		require.ErrorIs(t, open(), ErrNewer)
	}
}
