package endtoend

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// sandbox is a real server with its plugins, on a folder of data.
type sandbox struct {
	greeting greeting
	process  *process
	bank     *bank
	data     string
	logs     []string
	options  options
	heard    *recorder
	http     *http.Client
}

// greeting is the one line that a sandbox prints with --json.
type greeting struct {
	BaseURL      string `json:"base_url"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	TestbankURL  string `json:"testbank_url"`
	Personas     []struct{ Login, Password, Challenge, Code, Description string }
}

type options struct {
	// bank that runs already; else the sandbox starts its own, with the file
	// that ships.
	bank *bank
	// file is that of a bank that the sandbox starts itself.
	file string
	// plugins is another folder of plugins.
	plugins string
	// level of the log.
	level string
	// databaseURL is a file with the address of a PostgreSQL database; else the
	// database is a file in the folder of data.
	databaseURL string
	// environment adds to what the server is given.
	environment []string
}

func startSandbox(t *testing.T, o options) *sandbox {
	t.Helper()
	s := &sandbox{data: t.TempDir(), options: o, heard: &recorder{next: &http.Transport{MaxIdleConnsPerHost: 8}}}
	s.http = &http.Client{Transport: s.heard, Timeout: 60 * time.Second, CheckRedirect: browser.CheckRedirect}
	address, err := pgcluster.FreeAddress() // where it will be again after a restart
	require.NoError(t, err)
	s.start(t, address)
	return s
}

func (s *sandbox) start(t *testing.T, address string) {
	t.Helper()
	args := []string{"sandbox", "--json", "--listen", address, "--data", s.data}
	if s.options.bank != nil {
		args = append(args, "--testbank-url", s.options.bank.url)
	}
	if s.options.file != "" {
		args = append(args, "--testbank-config", s.options.file)
	}
	if s.options.plugins != "" {
		args = append(args, "--plugins", s.options.plugins)
	}
	if s.options.level != "" {
		args = append(args, "--log-level", s.options.level)
	}
	if s.options.databaseURL != "" {
		args = append(args, "--database-url-file", s.options.databaseURL)
	}
	s.process = launchWith(t, s.options.environment, filepath.Join(programs, "tributary"), args...)
	s.logs = append(s.logs, s.process.log)
	require.NoError(t, json.Unmarshal(s.process.greeting, &s.greeting))
	s.bank = s.options.bank
	if s.bank == nil {
		s.bank = &bank{url: s.greeting.TestbankURL}
		s.bank.atNoon(t)
	}
}

// kill ends the server as a power cut would.
func (s *sandbox) kill(t *testing.T) {
	t.Helper()
	s.process.kill(t)
}

// stop ends it as Ctrl-C does.
func (s *sandbox) stop(t *testing.T) {
	t.Helper()
	require.Zero(t, s.process.interrupt(t))
}

// restart goes on with the same data at the same address: a bank may have been
// told where to send somebody back to.
func (s *sandbox) restart(t *testing.T) {
	t.Helper()
	s.heard.next.CloseIdleConnections()
	s.start(t, strings.TrimPrefix(s.greeting.BaseURL, "http://"))
}

// asClient has a token of the sandbox's client.
func (s *sandbox) asClient(t tester) caller {
	t.Helper()
	return s.asApplication(t, s.greeting.ClientID, s.greeting.ClientSecret)
}

func (s *sandbox) asApplication(t tester, id, secret string) caller {
	t.Helper()
	c := caller{sandbox: s, id: id, secret: secret}
	c.token = c.grant(t, url.Values{"grant_type": {"client_credentials"}})
	return c
}
