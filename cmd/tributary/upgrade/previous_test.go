package upgrade

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// refusesPrevious starts the program that does not know the newest migration on
// a database that has it: whatever it is asked to do, it says what is wrong and
// leaves everything as it was.
func (d database) refusesPrevious(t *testing.T) {
	t.Helper()
	of := d.shape(t)
	schema, rows := d.schema(t), d.sums(t, of)
	for _, call := range [][]string{
		{"migrate", "up"}, {"migrate", "status"},
		{"client", "create", "--name", "one"}, {"client", "list"}, {"keys", "rotate", "--settle", "0s"},
		{"serve", "--environment", "sandbox", "--listen", "127.0.0.1:0", "--plugins", t.TempDir()},
	} {
		s := d.program(t, previous, call...)
		require.Equal(t, 1, s.status, "%v: %s%s", call, s.out, s.log)
		require.Contains(t, s.log, "the database was changed by a newer version of this program: use that one, or restore a backup", "%v", call)
		require.Contains(t, s.log, fmt.Sprintf("schema %d, this program knows %d", latest, before), "%v", call)
		require.Empty(t, s.out, "%v", call)
	}
	require.Equal(t, schema, d.schema(t))
	require.Equal(t, rows, d.sums(t, of))
	require.Equal(t, latest, d.version(t))
}

// The program without the newest migration is a whole one: what it knows, it
// does.
func TestPrevious_serves_what_it_knows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func(*testing.T) database) {
		d := open(t)
		d.program(t, previous, "migrate", "up").succeeds(t)
		require.Equal(t, before, d.version(t))
		d.program(t, previous, "client", "create", "--name", "one").succeeds(t)
		require.Equal(t, latest, d.status(t).Newest, "this one knows more")
		require.Len(t, d.status(t).Pending, 1)
	})
}
