package endtoend

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pluginFolder is a folder of plugins that a test can spoil.
func pluginFolder(t *testing.T, names ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range names {
		from := "others/"
		if name == "testbank" {
			from = "plugins/"
		}
		for _, file := range []string{name, name + ".json"} {
			content, err := os.ReadFile(filepath.Join(programs, from+file))
			require.NoError(t, err)
			replace(t, filepath.Join(folder, file), content)
		}
	}
	return folder
}

// replace puts a file in the place of another: a program that runs cannot be
// written to.
func replace(t *testing.T, path string, content []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(path+".new~", content, 0o755))
	require.NoError(t, os.Rename(path+".new~", path))
}

func (c caller) faulty(t *testing.T, mode string) link {
	t.Helper()
	return c.connectTo(t, "faulty", "faulty-embedded", map[string]string{"mode": mode})
}

// end kills the plugin's process, and waits until it is gone.
func (s *sandbox) end(t *testing.T, plugin string) {
	t.Helper()
	p, ok := running(s.process.pid(), plugin)
	require.True(t, ok, "%s does not run", plugin)
	require.NoError(t, syscall.Kill(p.pid, syscall.SIGKILL))
	eventually(t, survivalLimit, "it lives on", func() bool { return len(alive([]being{p})) == 0 })
}

// TestPlugin_that_does_wrong gets a typed status for its connection; the server
// and the other connections go on, those of the same plugin too.
func TestPlugin_that_does_wrong(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna")), plugins: pluginFolder(t, "testbank", "faulty")})
	user := s.asClient(t).enrol(t, "ana")
	other := user.connect(t, "anna", "anna-pass1")
	other.succeeds(t)
	for _, mode := range []string{"says-nothing", "sends-nonsense", "names-a-stranger", "crashes", "panics", "exits-in-the-middle"} {
		t.Run(mode, func(t *testing.T) {
			l := user.faulty(t, mode)
			l.fails(t, "TECHNICAL_ERROR")
			require.Empty(t, user.every(t, "/v1/accounts?connection_id="+l.id), "half of a reading was kept")
			other.synchronize(t).succeeds(t)
			user.faulty(t, "well").succeeds(t)
		})
	}
	t.Run("prints", func(t *testing.T) {
		user.faulty(t, "prints").succeeds(t)
		log, err := os.ReadFile(s.process.log)
		require.NoError(t, err)
		require.NotContains(t, string(log), "panic: faulty: on purpose\n\ngoroutine", "the server itself panicked")
	})
	other.equalsTruth(t, "anna")
	gapless(t, s.asClient(t).facts(t))
}

// TestPlugin_that_hangs holds up nobody else, can be cancelled, and gets a
// status once its time is over.
func TestPlugin_that_hangs(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna")), plugins: pluginFolder(t, "testbank", "faulty")})
	user := s.asClient(t).enrol(t, "ana")
	stuck, withdrawn := user.faulty(t, "hangs"), user.faulty(t, "hangs")
	stuck.until(t, "RUNNING")
	withdrawn.until(t, "RUNNING")
	user.connect(t, "anna", "anna-pass1").succeeds(t)
	user.faulty(t, "well").succeeds(t)
	user.post(t, "/v1/synchronizations/"+withdrawn.run+"/cancel", nil).want(t, 200)
	require.Equal(t, "CANCELLED", withdrawn.over(t).text(t, ".status"))
	require.NotEqual(t, "RUNNING", withdrawn.look(t).text(t, ".status"))
	require.Equal(t, "RUNNING", stuck.look(t).text(t, ".status"))
	eventually(t, 90*time.Second, "it hangs for ever", func() bool {
		return user.get(t, "/v1/synchronizations/"+stuck.run).text(t, ".status") == "FAILED"
	})
	code := stuck.look(t).text(t, ".channels[0].status")
	require.Contains(t, []string{"TECHNICAL_ERROR", "PROVIDER_UNAVAILABLE"}, code)
	stuck.fails(t, code)
	require.Equal(t, "CANCELLED", withdrawn.over(t).text(t, ".status"), "what was cancelled stays so")
	user.faulty(t, "well").succeeds(t)
}

// TestPlugin_killed_in_the_middle of a fetch costs that run at most.
func TestPlugin_killed_in_the_middle(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, rich("anna")), plugins: pluginFolder(t, "testbank", "minimal")})
	user := s.asClient(t).enrol(t, "ana")
	s.bank.hold(t, "/api/accounts/anna-savings/transactions", 1)
	l := user.connect(t, "anna", "anna-pass1")
	s.bank.caught(t, 1)
	s.end(t, "testbank")
	s.bank.release(t)
	run := l.over(t)
	require.Equal(t, "PARTIAL_SUCCESS", run.text(t, ".status"), "what was read before stays")
	require.Equal(t, "SUCCESS", run.text(t, ".accounts[0].outcome"))
	require.Equal(t, "TECHNICAL_ERROR", run.text(t, ".accounts[1].error.code"))
	user.pig(t).succeeds(t)
	l = l.synchronize(t)
	l.succeeds(t)
	l.equalsTruth(t, "anna")
}

// TestPlugin_killed_while_a_code_is_waited_for does not matter: the state of
// the session is the server's, and the next process of the plugin goes on.
func TestPlugin_killed_while_a_code_is_waited_for(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, texted("anna", "123456"))})
	l := s.asClient(t).enrol(t, "ana").connect(t, "anna", "anna-pass1")
	asked := l.asked(t, "")
	s.end(t, "testbank")
	l.answer(t, asked, map[string]string{"code": "123456"}).want(t, 202)
	l.succeeds(t)
	l.equalsTruth(t, "anna")
	require.Equal(t, 1, s.bank.stats(t, "anna")["codes_sent"])
}

// pig is a connection of a plugin that has nothing to do with any of this.
func (c caller) pig(t *testing.T) link {
	t.Helper()
	return c.connectTo(t, "piggy-bank", "piggy-bank-embedded", map[string]string{"name": "Ana"})
}

// TestPlugin_tampered_with after the start is not started again. Once the file
// is what it was, all is well.
func TestPlugin_tampered_with(t *testing.T) {
	t.Parallel()
	folder := pluginFolder(t, "testbank", "minimal")
	s := startSandbox(t, options{bank: startBank(t, texted("anna", "123456")), plugins: folder})
	user := s.asClient(t).enrol(t, "ana")
	l := user.connect(t, "anna", "anna-pass1")
	l.answer(t, l.asked(t, ""), map[string]string{"code": "123456"}).want(t, 202)
	l.succeeds(t)
	program := filepath.Join(folder, "testbank")
	original, err := os.ReadFile(program)
	require.NoError(t, err)
	replace(t, program, append(original[:len(original):len(original)], '!'))
	s.end(t, "testbank")

	l = l.synchronize(t)
	code := l.over(t).text(t, ".error.code")
	require.Contains(t, []string{"TECHNICAL_ERROR", "PROVIDER_UNAVAILABLE"}, code)
	l.fails(t, code)
	_, runs := running(s.process.pid(), "testbank")
	require.False(t, runs, "a program with another checksum was started")
	require.Equal(t, "DOWN", user.get(t, "/v1/providers/testbank").text(t, ".status"))
	user.pig(t).succeeds(t)

	replace(t, program, original)
	eventually(t, patience, "it does not come back", func() bool {
		l = l.synchronize(t)
		return l.until(t, "SUCCESS", "FAILED", "WAITING").text(t, ".status") == "SUCCESS"
	})
	l.equalsTruth(t, "anna")
	require.Equal(t, 1, s.bank.stats(t, "anna")["codes_sent"], "the device is trusted still")
}

// TestPlugin_missing at a start: the server runs without it, and what was
// connected says so. When it is back, nobody has to sign in again.
func TestPlugin_missing(t *testing.T) {
	t.Parallel()
	folder := pluginFolder(t, "testbank", "minimal")
	s := startSandbox(t, options{bank: startBank(t, texted("anna", "123456")), plugins: folder})
	user := s.asClient(t).enrol(t, "ana")
	l := user.connect(t, "anna", "anna-pass1")
	l.answer(t, l.asked(t, ""), map[string]string{"code": "123456"}).want(t, 202)
	l.succeeds(t)
	for _, file := range []string{"testbank.json", "testbank"} { // the manifest, the program
		content, err := os.ReadFile(filepath.Join(folder, file))
		require.NoError(t, err)
		require.NoError(t, os.Remove(filepath.Join(folder, file)))
		s.stop(t)
		s.restart(t)
		user.get(t, "/v1/providers/testbank").refused(t, 404, "provider_not_found")
		user.post(t, "/v1/connections", order("testbank", embedded, `{"login":"x","password":"y"}`)).refused(t, 404, "provider_not_found")
		user.pig(t).succeeds(t)
		l = l.synchronize(t)
		l.fails(t, "PROVIDER_UNAVAILABLE")
		l.equalsTruth(t, "anna")

		replace(t, filepath.Join(folder, file), content)
		s.stop(t)
		s.restart(t)
		l = l.synchronize(t)
		require.Equal(t, "SUCCESS", l.until(t, "SUCCESS", "FAILED", "WAITING").text(t, ".status"))
		require.Equal(t, 1, s.bank.stats(t, "anna")["codes_sent"], "the device is trusted still")
	}
}
