package endtoend

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// receiving lets a sandbox send to this machine.
var receiving = []string{"TRIBUTARY_OUTBOUND_ALLOW=127.0.0.0/8"}

// page is what integrators read; its receivers run here as they stand there.
const page = "../../../docs/how-to/receive-webhooks.md"

func receiver(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	found := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(string(text))
	require.Len(t, found, 2, "the page has no receiver in %s", language)
	return found[1]
}

// library installs the reference library of Standard Webhooks for node.
func library(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "verify.mjs"} {
		text, err := os.ReadFile(filepath.Join("testdata", "receiver", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o600))
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund")
	install.Dir = folder
	out, err := install.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return folder
}

// programme makes the command of a receiver.
func programme(t *testing.T, language string) *exec.Cmd {
	t.Helper()
	text, folder := receiver(t, language), t.TempDir()
	write := func(name string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	switch language {
	case "js":
		folder = library(t)
		run := exec.Command("node", write("receiver.mjs"))
		run.Dir = folder
		return run
	case "python":
		return exec.Command("python3", write("receiver.py"))
	}
	out := filepath.Join(folder, "receiver")
	build, err := exec.CommandContext(t.Context(), "go", "build", "-o", out, write("main.go")).CombinedOutput()
	require.NoError(t, err, "%s", build)
	return exec.Command(out)
}

// TestReceivers runs what the page tells integrators to write, in each language,
// and sends it what happens.
func TestReceivers(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{environment: receiving})
	client := s.asClient(t)
	for _, language := range []string{"js", "go", "python"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			run := programme(t, language)
			address, err := pgcluster.FreeAddress()
			require.NoError(t, err)
			made := client.post(t, "/v1/webhooks", `{"url":"http://`+address+`/","description":"`+language+`"}`).want(t, 201)
			hook := "/v1/webhooks/" + made.text(t, ".id")
			// Nothing is sent before somebody listens: the second retry is minutes away.
			client.send(t, client.request(t, http.MethodPatch, hook, `{"enabled":false}`)).want(t, 200)
			printed := printing(t, run, made.text(t, ".secret"), address)
			eventually(t, patience, "the receiver does not answer", func() bool {
				return client.post(t, hook+"/test", "").want(t, 200).text(t, ".status") == "DELIVERED"
			})
			client.send(t, client.request(t, http.MethodPatch, hook, `{"enabled":true}`)).want(t, 200)
			for n := range 30 {
				client.post(t, "/v1/users", fmt.Sprintf(`{"external_id":"%s %d"}`, language, n)).want(t, 201)
			}
			eventually(t, patience, "not all arrived", func() bool {
				arrived := printed()
				for _, f := range client.facts(t)[int(made.at(t, ".seq").(float64)):] {
					if !arrived[f.ID] {
						return false
					}
				}
				return true
			})
		})
	}
}

// printing runs a receiver until the test ends, and gives what it printed so far.
func printing(t *testing.T, run *exec.Cmd, secret, address string) func() map[string]bool {
	t.Helper()
	port := regexp.MustCompile(`\d+$`).FindString(address)
	run.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "SECRET=" + secret, "PORT=" + port}
	run.Stderr = os.Stderr
	out, err := run.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	var mu sync.Mutex
	lines := map[string]bool{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			mu.Lock()
			lines[scanner.Text()] = true
			mu.Unlock()
		}
	}()
	t.Cleanup(func() { _ = run.Process.Kill(); <-done; _ = run.Wait() })
	return func() map[string]bool {
		mu.Lock()
		defer mu.Unlock()
		all := map[string]bool{}
		for line := range lines {
			all[line] = true
		}
		return all
	}
}

// sink counts what arrives, by id.
type sink struct {
	*httptest.Server
	mu   sync.Mutex
	seen map[string]int
	// holds, where it is not nil, is told what arrived; the answer waits until
	// whoever sent it is gone.
	holds chan string
}

func (s *sink) count(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[id]++
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{seen: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		id := r.Header.Get("webhook-id")
		s.count(id)
		if holds := s.held(); holds != nil {
			select {
			case holds <- id:
			default:
			}
			<-r.Context().Done()
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) held() chan string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holds
}

func (s *sink) hold(holds chan string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holds = holds
}

func (s *sink) arrived() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]int{}
	for id, times := range s.seen {
		all[id] = times
	}
	return all
}

// TestWebhooksSurviveTheServer kills the server while it sends, again and again:
// every event arrives, and whatever comes twice has the id that it had.
func TestWebhooksSurviveTheServer(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{environment: receiving})
	got := newSink(t)
	hook := s.asClient(t).post(t, "/v1/webhooks", `{"url":"`+got.URL+`"}`).want(t, 201)
	for round := range 3 {
		client := s.asClient(t)
		arrived := make(chan string, 1)
		for n := range 40 {
			if n == 20 {
				got.hold(arrived)
			}
			client.post(t, "/v1/users", fmt.Sprintf(`{"external_id":"%d %d"}`, round, n)).want(t, 201)
		}
		select {
		case <-arrived: // and the server has no answer yet
		case <-time.After(patience):
			require.FailNow(t, "nothing is sent")
		}
		s.kill(t)
		got.hold(nil)
		s.restart(t)
	}
	client := s.asClient(t)
	log := client.facts(t)[int(hook.at(t, ".seq").(float64)):]
	require.GreaterOrEqual(t, len(log), 120)
	eventually(t, patience, "something was lost", func() bool {
		arrived := got.arrived()
		for _, f := range log {
			if arrived[f.ID] == 0 {
				return false
			}
		}
		return true
	})
	known, twice := map[string]bool{}, 0
	for _, f := range log {
		known[f.ID] = true
	}
	for id, times := range got.arrived() {
		require.True(t, known[id], "an id that the log does not have")
		twice += times - 1
	}
	require.GreaterOrEqual(t, twice, 3, "each time the server is killed between sending and writing down")
	t.Logf("%d events, %d came again", len(log), twice)
}
