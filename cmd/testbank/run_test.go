package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/bank"
)

// try runs one command line and gives its status and what it printed.
func try(t *testing.T, args ...string) (status int, out, err string) {
	t.Helper()
	var outBuffer, errBuffer bytes.Buffer
	status = run(t.Context(), args, streams{in: strings.NewReader(""), out: &outBuffer, err: &errBuffer})
	return status, outBuffer.String(), errBuffer.String()
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bank.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestValidate(t *testing.T) {
	t.Parallel()
	t.Run("good_file_in_one_line", func(t *testing.T) {
		t.Parallel()
		path := file(t, string(testbank.DefaultConfig()))
		status, out, errors := try(t, "validate", path)
		require.Zero(t, status)
		require.Equal(t, path+": valid: 28 personas, 36 accounts, 0 transactions, 140 recurring rules\n", out)
		require.Empty(t, errors)
	})
	t.Run("every_mistake_with_its_place", func(t *testing.T) {
		t.Parallel()
		path := file(t, "personas:\n  - login: ann\n    pasword: canary\naccount: []\n")
		status, out, _ := try(t, "validate", path)
		require.Equal(t, 1, status)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		require.Len(t, lines, 4)
		require.Equal(t, path+`:2:5: personas[0]: key "password" is missing`, lines[0])
		require.Contains(t, lines[2], path+`:3:5: personas[0]: unknown key "pasword"`)
		require.Contains(t, lines[3], path+`:4:1: the file: unknown key "account"`)
		require.NotContains(t, out, "canary")
	})
	t.Run("no_file", func(t *testing.T) {
		t.Parallel()
		status, _, errors := try(t, "validate", "/nowhere/bank.yaml")
		require.Equal(t, 1, status)
		require.Contains(t, errors, "no such file")
	})
}

func TestPersonas(t *testing.T) {
	t.Parallel()
	status, out, _ := try(t, "personas", "--json")
	require.Zero(t, status)
	var list []map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.Equal(t, "paul", list[1]["login"])
	require.Equal(t, "123456", list[1]["code"])
	_, table, _ := try(t, "personas")
	require.Contains(t, table, "app_approval")
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	status, out, _ := try(t, "scenarios", "--json")
	require.Zero(t, status)
	var list []struct {
		Name, Title string
		Days        int
	}
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.Equal(t, "01-accounts-again", list[0].Name)
	require.Positive(t, list[0].Days)
	_, table, _ := try(t, "scenarios")
	require.Contains(t, table, "Every log-in gives every row another id.")
	for _, story := range list {
		status, text, _ := try(t, "scenarios", story.Name)
		require.Zero(t, status)
		status, _, _ = try(t, "validate", file(t, text))
		require.Zero(t, status, "what is printed is a file to start from")
	}
	status, _, errors := try(t, "scenarios", "no-such")
	require.Equal(t, 1, status)
	require.Contains(t, errors, "there is no such scenario")
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	status, out, _ := try(t, "--help")
	require.Zero(t, status)
	require.Contains(t, out, "validate")
	status, _, errors := try(t, "serve", "--bogus")
	require.Equal(t, 2, status)
	require.Contains(t, errors, "unknown flag --bogus")
	status, _, errors = try(t, "serve", "--listen", "127.0.0.1:99999")
	require.Equal(t, 1, status)
	require.Contains(t, errors, "invalid port")
	status, _, errors = try(t, "serve", "--config", file(t, "personas: 1"))
	require.Equal(t, 1, status)
	require.Contains(t, errors, ":1:11: personas: must be a list")
}

// running is a serve command under way.
type running struct {
	url    string
	psd2   string // where third parties find the interface
	issuer string // and that of UK Open Banking
	seal   string // and where a third party's seal lies
	login  string // of the first persona
	status chan int
	stdin  *io.PipeWriter
}

func start(ctx context.Context, t *testing.T, args ...string) running {
	t.Helper()
	stdin, stdinWriter := io.Pipe()
	stdout, stdoutWriter := io.Pipe()
	r := running{status: make(chan int, 1), stdin: stdinWriter}
	go func() {
		r.status <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), streams{in: stdin, out: stdoutWriter, err: io.Discard})
	}()
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	require.NoError(t, err)
	var said announcement
	require.NoError(t, json.Unmarshal(line, &said))
	r.url, r.psd2, r.issuer, r.seal, r.login = said.URL, said.PSD2URL, said.OpenBankingURL, said.SealURL, said.Personas[0].Login
	return r
}

func (r running) get(t *testing.T, path string) (*http.Response, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+path, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		require.NoError(t, response.Body.Close())
	}
	return response, err
}

func (r running) held(t *testing.T) int {
	t.Helper()
	var body struct{ Waiting int }
	r.read(t, "/api/admin/held", &body)
	return body.Waiting
}

func (r running) read(t *testing.T, path string, into any) {
	t.Helper()
	response, err := http.Get(r.url + path)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.NoError(t, json.NewDecoder(response.Body).Decode(into))
}

func TestServe(t *testing.T) {
	t.Parallel()
	t.Run("answers_once_it_has_said_where_and_ends_with_its_context", func(t *testing.T) {
		t.Parallel()
		ctx, interrupt := context.WithCancel(t.Context())
		bank := start(ctx, t)
		require.Equal(t, "camille", bank.login)
		response, err := bank.get(t, "/healthz")
		require.NoError(t, err)
		require.Equal(t, 200, response.StatusCode)
		interrupt()
		require.Zero(t, <-bank.status)
		_, err = bank.get(t, "/healthz")
		require.Error(t, err)
	})
	t.Run("plays_a_story_on_any_day", func(t *testing.T) {
		t.Parallel()
		bank := start(t.Context(), t, "--until-stdin-closes", "--scenario", "session-ids", "--now", "2026-03-14T12:00:00Z")
		require.Equal(t, "anna", bank.login)
		var clock struct{ Today string }
		bank.read(t, "/api/admin/clock", &clock)
		require.Equal(t, "2026-03-14", clock.Today)
		var play struct{ Steps []struct{ At time.Time } }
		bank.read(t, "/api/admin/scenario", &play)
		require.Equal(t, "2026-03-14T11:00:00Z", play.Steps[0].At.Format(time.RFC3339), "noon in Paris")
		require.NoError(t, bank.stdin.Close())
		require.Zero(t, <-bank.status)
	})
	t.Run("takes_one_source_only", func(t *testing.T) {
		t.Parallel()
		status, _, errors := try(t, "serve", "--scenario", "session-ids", "--config", "x.yaml")
		require.Equal(t, 2, status)
		require.Contains(t, errors, "can't be used together")
	})
	t.Run("ends_when_standard_input_closes_also_while_a_request_is_held", func(t *testing.T) {
		t.Parallel()
		bank := start(t.Context(), t, "--until-stdin-closes")
		response, err := http.Post(bank.url+"/api/admin/hold", "application/json", strings.NewReader(`{"path_prefix":"/api/accounts"}`))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		answered := make(chan error, 1)
		go func() { _, err := bank.get(t, "/api/accounts"); answered <- err }()
		require.Eventually(t, func() bool { return bank.held(t) == 1 }, 30*time.Second, 5*time.Millisecond)
		require.NoError(t, bank.stdin.Close())
		select {
		case status := <-bank.status:
			require.Zero(t, status)
		case <-time.After(30 * time.Second):
			t.Fatal("the bank did not end")
		}
		require.NoError(t, <-answered, "the held request is answered, not cut off")
	})
}

// TestRecord writes down each call of a program, and keeps what was there.
func TestRecord(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "visits")
	for range 2 {
		record, err := openRecord(path)
		require.NoError(t, err)
		record(bank.Visit{Login: "paul", What: "READ", Scope: bank.ScopeBalances, Account: "1"})
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(text), `"login":"paul","what":"READ","scope":"BALANCES","account":"1"}`+"\n"), "%s", text)
	_, err = openRecord(t.TempDir())
	require.Error(t, err, "a folder is no file")
	record, err := openRecord("")
	require.NoError(t, err)
	require.Nil(t, record)
}
