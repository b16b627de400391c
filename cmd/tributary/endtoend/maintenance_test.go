package endtoend

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMaintenance_of_the_bank, as an operator sets it for the test bank's plugin:
// nothing is planned in it, what becomes due in it is put off, and a user who is
// there is served all the same.
func TestMaintenance_of_the_bank(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "tributary.yaml")
	require.NoError(t, os.WriteFile(config, []byte("plugin_settings:\n  testbank:\n    maintenance: \"00:00-23:00\"\n"), 0o600))
	s := startSandbox(t, options{bank: startBank(t, plain("anna")), environment: []string{"TRIBUTARY_CONFIG=" + config}})
	client := s.asClient(t)
	l := client.enrol(t, "ana").connect(t, "anna", "anna-pass1")
	l.succeeds(t) // whatever the time is
	c := calendar{client, []link{l}}
	next := func() time.Time {
		at := instantOf(t, l.look(t).text(t, ".next_synchronization_at"))
		require.Equal(t, 23, at.UTC().Hour(), "%s is in the maintenance", at)
		return at
	}
	for day := range 3 {
		c.move(t, next().Add(time.Minute).Sub(client.clock(t)).Truncate(time.Second).String())
		if at := client.clock(t); at.UTC().Hour() != 23 {
			continue // the hour was over with the minute
		}
		require.Equal(t, day+1, l.scheduled(t))
		require.Equal(t, 23, instantOf(t, l.newest(t).text(t, ".started_at")).UTC().Hour())
	}
	before := l.scheduled(t)
	require.Positive(t, before)
	c.move(t, next().Add(2*time.Hour).Sub(client.clock(t)).Truncate(time.Second).String())
	require.Equal(t, before, l.scheduled(t), "what became due is put off: the bank is not there")
	next()
	l.synchronize(t).succeeds(t)
}

// newest is the connection's last run.
func (l link) newest(t tester) answer {
	t.Helper()
	return l.caller.get(t, "/v1/synchronizations/"+l.look(t).text(t, ".last_synchronization_id")).want(t, http.StatusOK)
}
