package bunstore

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/ports/store"
)

// recorder keeps the statements that went to the database.
type recorder struct {
	mutex      sync.Mutex
	statements []string
}

func (r *recorder) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if strings.HasPrefix(e.Query, "SELECT") {
		r.statements = append(r.statements, e.Query)
	}
	return ctx
}

func (*recorder) AfterQuery(context.Context, *bun.QueryEvent) {}

// A page must cost what it holds, however long the table: every statement finds
// its rows by an index that already has their order.
func TestNoListSortsOrScans(t *testing.T) {
	t.Parallel()
	for _, c := range plans {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := OpenSQLite(t.Context(), Config{Path: filepath.Join(t.TempDir(), "plan.db")})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, s.Close()) })
			sent := &recorder{}
			s.read = s.read.WithQueryHook(sent)
			for _, after := range []func(store.Key) store.Page{
				func(store.Key) store.Page { return store.Page{Limit: 10} },
				func(key store.Key) store.Page { return store.Page{Limit: 10, After: key} },
			} {
				require.NoError(t, s.View(t.Context(), func(tx store.Tx) error { return c.read(t.Context(), tx, after) }))
			}
			require.NotEmpty(t, sent.statements)
			for _, statement := range sent.statements {
				plan := explain(t, s, statement)
				require.NotContains(t, plan, "TEMP B-TREE", statement)
				require.Regexp(t, regexp.MustCompile(c.step), plan, statement)
				if c.name != "clients" && c.name != "configurations" { // all of them are wanted
					require.NotRegexp(t, `\bSCAN\b`, strings.ReplaceAll(plan, "SCAN named", ""), statement) // named is a page of names
				}
			}
		})
	}
}

func explain(t *testing.T, s *Store, statement string) string {
	t.Helper()
	rows, err := s.write.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	require.NoError(t, rows.Err())
	return strings.Join(steps, "\n")
}
