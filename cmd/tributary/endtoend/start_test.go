package endtoend

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStart_that_fails says why, ends with 1, greets nobody and leaves nothing
// running.
func TestStart_that_fails(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })
	spoilt := func(t *testing.T, file, content string) string {
		t.Helper()
		s := startSandbox(t, options{})
		s.stop(t)
		require.NoError(t, os.WriteFile(filepath.Join(s.data, file), []byte(content), 0o600))
		return s.data
	}
	occupied := startSandbox(t, options{})
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"Address_in_use":          {[]string{"--data", t.TempDir(), "--listen", taken.Addr().String()}, "address already in use"},
		"Address_malformed":       {[]string{"--data", t.TempDir(), "--listen", "nowhere"}, "listen"},
		"Data_folder_in_use":      {[]string{"--data", occupied.data, "--listen", "127.0.0.1:0"}, "in use"},
		"Data_folder_is_a_file":   {[]string{"--data", filepath.Join(programs, "tributary"), "--listen", "127.0.0.1:0"}, "data folder"},
		"Master_key_spoilt":       {[]string{"--data", spoilt(t, "master.key", "nonsense"), "--listen", "127.0.0.1:0"}, "master key"},
		"Database_spoilt":         {[]string{"--data", spoilt(t, "tributary.db", "nonsense, and not a database at all"), "--listen", "127.0.0.1:0"}, "database"},
		"No_folder_of_plugins":    {[]string{"--data", t.TempDir(), "--plugins", "/nowhere"}, "plugins"},
		"No_test_bank":            {[]string{"--data", t.TempDir(), "--testbank", "/nowhere"}, "test bank"},
		"Test_bank_misconfigured": {[]string{"--data", t.TempDir(), "--testbank-config", "/nowhere"}, "test bank"},
	} {
		t.Run(name, func(t *testing.T) {
			command := bounded(t, filepath.Join(programs, "tributary"), append([]string{"sandbox", "--json"}, c.args...)...)
			command.Env = []string{"PATH=" + os.Getenv("PATH"), "TRIBUTARY_LISTEN=127.0.0.1:0"}
			var said, complained output
			command.Stdout, command.Stderr = &said, &complained
			err := command.Run()
			var failed *exec.ExitError
			require.ErrorAs(t, err, &failed, "%s", complained)
			require.Equal(t, 1, failed.ExitCode(), "%s", complained)
			require.Contains(t, string(complained), c.says)
			require.Empty(t, string(said), "it greets although it does not run")
			require.NotContains(t, string(complained), "goroutine ")
		})
	}
	require.Equal(t, 200, caller{sandbox: occupied}.get(t, "/healthz").status, "the first one goes on")
}

// output keeps what a program wrote.
type output []byte

func (o *output) Write(text []byte) (int, error) {
	*o = append(*o, text...)
	return len(text), nil
}
