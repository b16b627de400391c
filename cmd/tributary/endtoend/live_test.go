package endtoend

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// window connects through the plugin whose sessions live in its process.
func (c caller) window(t tester) link {
	t.Helper()
	return c.connectTo(t, "teller", "teller-embedded", map[string]string{"name": "Ana"})
}

var word = map[string]string{"word": "sesame"}

func liveSandbox(t *testing.T, o options) *sandbox {
	t.Helper()
	o.bank, o.plugins = startBank(t, plain("anna")), pluginFolder(t, "testbank", "minimal", "live")
	return startSandbox(t, o)
}

// TestLive_answered_at_another_server goes on where its page is: only that
// process could.
func TestLive_answered_at_another_server(t *testing.T) {
	t.Parallel()
	here := liveSandbox(t, options{databaseURL: startDatabase(t).url})
	user := here.asClient(t).enrol(t, "ana")
	l := user.window(t)
	asked := l.asked(t, "")
	there := startSandboxBeside(t, here)
	l.caller.sandbox = there
	l.answer(t, asked, map[string]string{"word": "wrong"}).want(t, http.StatusAccepted)
	again := l.asked(t, asked.text(t, ".id"))
	l.answer(t, again, word).want(t, http.StatusAccepted)
	l.succeeds(t)
	require.Equal(t, "Box of Ana", user.get(t, "/v1/accounts").text(t, ".data[0].name"))
	there.stop(t)
}

// startSandboxBeside starts another server on the same database and keys.
func startSandboxBeside(t *testing.T, s *sandbox) *sandbox {
	t.Helper()
	other := *s
	other.logs = nil
	other.start(t, "127.0.0.1:0")
	return &other
}

// TestLive_sessions_take_no_workers: many users think about it, and the others
// are not kept waiting.
func TestLive_sessions_take_no_workers(t *testing.T) {
	t.Parallel()
	s := liveSandbox(t, options{})
	user := s.asClient(t).enrol(t, "ana")
	const many = 15 // there are ten workers
	waiting := make([]link, many)
	for i := range waiting {
		waiting[i] = user.window(t)
	}
	asked := make([]answer, many)
	for i, l := range waiting {
		asked[i] = l.asked(t, "")
	}
	user.pig(t).succeeds(t)
	for i, l := range waiting {
		l.answer(t, asked[i], word).want(t, http.StatusAccepted)
	}
	for _, l := range waiting {
		l.succeeds(t)
	}
}

// TestLive_drain is a server that is told to end while a user is in the middle.
func TestLive_drain(t *testing.T) {
	t.Parallel()
	ending := func(t *testing.T, limit time.Duration) (*sandbox, link, answer) {
		s := liveSandbox(t, options{environment: []string{"TRIBUTARY_DRAIN_LIMIT=" + limit.String()}})
		l := s.asClient(t).enrol(t, "ana").window(t)
		asked := l.asked(t, "")
		l.caller.get(t, "/readyz").want(t, http.StatusOK)
		require.NoError(t, s.process.cmd.Process.Signal(os.Interrupt))
		return s, l, asked
	}
	t.Run("Waits_and_keeps_new_calls_away", func(t *testing.T) {
		t.Parallel()
		s, l, asked := ending(t, time.Minute)
		var probe answer
		eventually(t, patience, "it is ready still", func() bool {
			probe = l.caller.get(t, "/readyz")
			return probe.status == http.StatusServiceUnavailable
		})
		probe.refused(t, http.StatusServiceUnavailable, "not_ready")
		require.Equal(t, "shutdown", probe.text(t, ".errors[0].location"), "%s", probe.body)
		require.Equal(t, http.StatusOK, l.caller.get(t, "/healthz").status, "nobody has to kill it")
		l.answer(t, asked, word).want(t, http.StatusAccepted)
		require.Zero(t, s.process.exit(t), "it ends when the user is through")
		s.restart(t)
		l.succeeds(t)
		require.Len(t, l.caller.every(t, "/v1/accounts"), 1)
	})
	t.Run("Offers_to_begin_again_after_its_limit", func(t *testing.T) {
		t.Parallel()
		s, l, _ := ending(t, time.Second)
		require.Zero(t, s.process.exit(t))
		s.restart(t)
		l.offersOnce(t)
		l = l.synchronize(t)
		l.answer(t, l.asked(t, ""), word).want(t, http.StatusAccepted)
		l.succeeds(t)
	})
}

// offersOnce wants the typed status of a session that was lost.
func (l link) offersOnce(t tester) {
	t.Helper()
	told := l.fails(t, "CHALLENGE_REQUIRED")
	require.Contains(t, told.text(t, ".channels[0].message"), "not at fault", "%s", told.body)
	l.caller.get(t, "/v1/connections/"+l.id+"/challenge").want(t, http.StatusNotFound)
}

// TestLive_plugin_killed loses its sessions: the user is offered to begin again,
// once in a row.
func TestLive_plugin_killed(t *testing.T) {
	t.Parallel()
	s := liveSandbox(t, options{})
	l := s.asClient(t).enrol(t, "ana").window(t)
	for _, status := range []string{"CHALLENGE_REQUIRED", "TECHNICAL_ERROR"} {
		asked := l.asked(t, "")
		s.end(t, "live")
		l.answer(t, asked, word).want(t, http.StatusAccepted)
		if status == "CHALLENGE_REQUIRED" {
			l.offersOnce(t)
		} else {
			l.fails(t, status)
		}
		require.Empty(t, l.caller.every(t, "/v1/accounts"), fmt.Sprint(status))
		l = l.synchronize(t)
	}
	l.answer(t, l.asked(t, ""), word).want(t, http.StatusAccepted)
	l.succeeds(t)
}
