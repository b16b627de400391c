package endtoend

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEnding looks at what is left of a sandbox that runs everything itself.
func TestEnding(t *testing.T) {
	t.Parallel()
	both := func(t *testing.T, s *sandbox) []being {
		t.Helper()
		bank, ok := running(s.process.pid(), "testbank")
		require.True(t, ok, "a plugin or a bank runs")
		left := family(s.process.pid())
		require.Len(t, left, 2, "the bank and the plugin, beside %v", bank)
		return left
	}
	t.Run("Kill_leaves_nothing", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{})
		both(t, s)
		s.kill(t) // and looks for survivors
	})
	t.Run("Kill_in_the_middle_of_a_run_leaves_nothing", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{})
		s.bank.hold(t, "/api/accounts", 0)
		s.asClient(t).enrol(t, "camille").connect(t, "camille", "camille-pass1")
		s.bank.caught(t, 1)
		both(t, s)
		s.kill(t)
	})
	t.Run("Interrupt_ends_all_with_0", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{})
		left := both(t, s)
		require.Zero(t, s.process.interrupt(t))
		require.Empty(t, alive(left), "it ends after what it started")
	})
	t.Run("Interrupt_of_the_whole_group_as_a_terminal_sends_it", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{})
		s.bank.hold(t, "/api/accounts", 0)
		s.asClient(t).enrol(t, "camille").connect(t, "camille", "camille-pass1")
		s.bank.caught(t, 1)
		left := both(t, s)
		require.NoError(t, syscall.Kill(-s.process.pid(), syscall.SIGINT))
		require.Zero(t, s.process.exit(t))
		require.Empty(t, alive(left), "it ends after what it started")
	})
	t.Run("Terminate_ends_all_with_0", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{})
		left := both(t, s)
		require.NoError(t, s.process.cmd.Process.Signal(syscall.SIGTERM))
		require.Zero(t, s.process.exit(t))
		require.Empty(t, alive(left))
	})
	t.Run("Interrupt_in_the_middle_of_a_run_ends_all_and_the_run_goes_on_later", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{bank: startBank(t, rich("anna"))})
		user := s.asClient(t).enrol(t, "anna")
		s.bank.hold(t, "/api/accounts/", 3)
		l := user.connect(t, "anna", "anna-pass1")
		s.bank.caught(t, 1)
		left := family(s.process.pid())
		require.NotEmpty(t, left)
		s.stop(t)
		require.Empty(t, alive(left))
		s.bank.release(t)
		s.restart(t)
		l.recovers(t, "anna")
	})
}
