package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// sandbox is a server with its plugin and test bank, and a client's application
// whose users come to the widget.
type sandbox struct {
	base, bank         string
	id, secret, token  string
	app                *httptest.Server
	data               string
	users              atomic.Int64
	redirects, cancels string
	// site is where the client's pages are that embed the widget: for browsers
	// another site than ours, which the app's own address is not.
	site   string
	embeds sync.Map
	// playground has the demo client's credentials in its fragment.
	playground string
}

// startLimit is how long a server may take to say that it answers.
const startLimit = 60 * time.Second

func startSandbox(t testing.TB, more ...string) *sandbox {
	t.Helper()
	s := &sandbox{data: t.TempDir()}
	address, err := pgcluster.FreeAddress()
	require.NoError(t, err)
	var said struct {
		BaseURL     string `json:"base_url"`
		TestBankURL string `json:"testbank_url"`
		Playground  string `json:"playground_url"`
	}
	require.NoError(t, json.Unmarshal(greeting(t, append([]string{"sandbox", "--json", "--listen", address, "--data", s.data}, more...)...), &said))
	s.base, s.bank, s.playground = said.BaseURL, said.TestBankURL, said.Playground
	s.app = httptest.NewServer(http.HandlerFunc(s.application))
	t.Cleanup(s.app.Close)
	s.redirects, s.cancels = s.app.URL+"/back?x=1", s.app.URL+"/cancelled"
	s.site = strings.Replace(s.app.URL, "127.0.0.1", "localhost", 1)
	s.enlist(t)
	return s
}

// application is what a client shows when its user comes back.
func (s *sandbox) application(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	if strings.HasPrefix(r.URL.Path, "/embed/") {
		s.embedding(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/cookie/") {
		crumb(w, r)
		return
	}
	if r.URL.Path == "/frame" { // what somebody else would build around the widget
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Other site</title><link rel="icon" href="data:,"><iframe src="%s"></iframe>`, html.EscapeString(r.URL.Query().Get("of")))
		return
	}
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Budget app</title><link rel="icon" href="data:,"><h1>Back at %s</h1>`, r.URL.Path)
}

// greeting starts the server, and gives its first line once it is there.
func greeting(t testing.TB, args ...string) []byte {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "server.log"))
	require.NoError(t, err)
	command := exec.Command(filepath.Join(programs, "tributary"), args...)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.Getenv("TMPDIR")}
	command.Stderr = log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	lines, first, ended := bufio.NewReader(stdout), make(chan []byte, 1), make(chan struct{})
	go func() {
		line, _ := lines.ReadBytes('\n')
		first <- line
		_, _ = io.Copy(io.Discard, lines)
		_ = command.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt) // it ends its bank and plugins itself
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		}
		if text, _ := os.ReadFile(log.Name()); t.Failed() {
			t.Logf("the server said:\n%s", text[max(0, len(text)-6000):])
		}
	})
	select {
	case line := <-first:
		require.NotEmpty(t, line, "no greeting")
		return line
	case <-time.After(startLimit):
		require.FailNow(t, "no greeting in time")
	}
	return nil
}

// enlist makes the client of the tests.
func (s *sandbox) enlist(t testing.TB) {
	t.Helper()
	out, err := exec.Command(filepath.Join(programs, "tributary"), "client", "create", "--data", s.data, "--name", "Budget app", "--json",
		"--redirect-url", s.redirects, "--redirect-url", s.cancels, "--origin", s.site, "--app-link", appLink).Output()
	require.NoError(t, err)
	var made struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	require.NoError(t, json.Unmarshal(out, &made))
	s.id, s.secret = made.ClientID, made.ClientSecret
	request, err := http.NewRequest(http.MethodPost, s.base+"/oauth/token", strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode()))
	require.NoError(t, err)
	request.SetBasicAuth(s.id, s.secret)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var got struct {
		AccessToken string `json:"access_token"`
	}
	s.send(t, request, http.StatusOK, &got)
	s.token = got.AccessToken
}

func (s *sandbox) send(t testing.TB, request *http.Request, status int, out any) {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, status, response.StatusCode, "%s: %s", request.URL, body)
	if out != nil {
		require.NoError(t, json.Unmarshal(body, out))
	}
}

// call makes a call of the API as the client.
func (s *sandbox) call(t testing.TB, method, path string, body any, status int, out any) {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	request, err := http.NewRequest(method, s.base+path, bytes.NewReader(text))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", "application/json")
	s.send(t, request, status, out)
}

// session is what the API tells of a widget session.
type session struct {
	ID            string   `json:"id"`
	UserID        string   `json:"user_id"`
	Status        string   `json:"status"`
	Result        *string  `json:"result"`
	Step          *string  `json:"step"`
	ConnectionIDs []string `json:"connection_ids"`
	Links         struct {
		AddConnection   string `json:"add_connection"`
		EditCredentials string `json:"edit_credentials"`
		UserInput       string `json:"user_input"`
		ManageAccounts  string `json:"manage_accounts"`
	} `json:"links"`
}

// order makes a widget session for a new user.
func (s *sandbox) order(t testing.TB, wanted map[string]any) session {
	t.Helper()
	var user struct{ ID string }
	s.call(t, http.MethodPost, "/v1/users", map[string]any{"email": fmt.Sprintf("ana%d@example.org", s.users.Add(1)), "password": "passw0rd"}, http.StatusCreated, &user)
	wanted["user_id"] = user.ID
	var made session
	s.call(t, http.MethodPost, "/v1/widget_sessions", wanted, http.StatusCreated, &made)
	return made
}

// told is what the API says of a session now.
func (s *sandbox) told(t *testing.T, id string) (now session) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.base+"/v1/widget_sessions/"+id, nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+s.token)
	s.send(t, request, http.StatusOK, &now)
	return now
}
