package endtoend

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPlugin_that_is_given_up is told to every client, once, by an event, and
// stands in /healthz and in the catalogue; that it is back is told as well, also
// by the server that comes after this one.
func TestPlugin_that_is_given_up(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna")), plugins: pluginFolder(t, "testbank", "minimal")})
	id, secret := s.addClient(t)
	callers := map[string]caller{"the first client": s.asClient(t), "another": s.asApplication(t, id, secret)}
	for deadline := time.Now().Add(2 * time.Minute); s.stateOf(t, "minimal") != "GIVEN_UP"; time.Sleep(20 * time.Millisecond) {
		require.True(t, time.Now().Before(deadline), "it is started again for ever")
		if p, ok := running(s.process.pid(), "minimal"); ok {
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
		}
	}
	for name, c := range callers {
		eventually(t, survivalLimit, "nobody told "+name, func() bool { return len(c.outages(t)) == 1 })
		told := c.outages(t)[0]
		require.Equal(t, "provider.unavailable", told.Name)
		require.Equal(t, []any{"piggy-bank"}, told.Data["provider_ids"])
		require.NotEmpty(t, told.Data["retry_at"])
		require.Equal(t, "DOWN", c.get(t, "/v1/providers/piggy-bank").text(t, ".status"))
	}
	s.stop(t)
	s.restart(t)
	user := s.asClient(t).enrol(t, "ana")
	user.pig(t).succeeds(t)
	for name, c := range callers {
		eventually(t, survivalLimit, "nobody told "+name, func() bool { return len(c.outages(t)) == 2 })
		require.Equal(t, "provider.available", c.outages(t)[1].Name)
		gapless(t, c.facts(t))
	}
}

// outages are the events about providers.
func (c caller) outages(t tester) (told []fact) {
	t.Helper()
	for _, f := range c.facts(t) {
		if f.Name == "provider.unavailable" || f.Name == "provider.available" {
			told = append(told, f)
		}
	}
	return told
}

// stateOf is what /healthz says of a plugin.
func (s *sandbox) stateOf(t tester, plugin string) string {
	t.Helper()
	var health struct {
		Plugins []struct{ Name, State string }
	}
	caller{sandbox: s}.get(t, "/healthz").want(t, 200).decode(t, &health)
	for _, p := range health.Plugins {
		if p.Name == plugin {
			return p.State
		}
	}
	return ""
}
