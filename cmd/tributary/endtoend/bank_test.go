package endtoend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// tester is what a check needs: a test, or a transcript that stands for one.
type tester interface {
	require.TestingT
	Helper()
}

// bank is a test bank that we reach as its operator and its customers do.
type bank struct {
	url     string
	process *process
	config  string
}

// startBank runs a bank of our own: it lives on when a server is killed.
func startBank(t *testing.T, personas ...persona) *bank {
	t.Helper()
	config := filepath.Join(t.TempDir(), "bank.yaml")
	require.NoError(t, os.WriteFile(config, []byte(bankFile(personas)), 0o600))
	b := &bank{config: config}
	address, err := pgcluster.FreeAddress()
	require.NoError(t, err)
	b.open(t, address)
	b.atNoon(t)
	return b
}

func (b *bank) open(t *testing.T, address string) {
	t.Helper()
	b.process = launch(t, filepath.Join(programs, "testbank"), "serve", "--listen", address, "--until-stdin-closes", "--config", b.config)
	var said struct{ URL string }
	require.NoError(t, json.Unmarshal(b.process.greeting, &said))
	b.url = said.URL
}

// restart replaces the bank by a process that knows nothing but its file.
func (b *bank) restart(t *testing.T) {
	t.Helper()
	b.process.kill(t)
	b.open(t, strings.TrimPrefix(b.url, "http://"))
}

// atNoon moves the bank's clock to the middle of the day that the server has:
// a bank in Paris may be a day ahead of it.
func (b *bank) atNoon(t *testing.T) {
	t.Helper()
	b.daysAgo(t, 0)
}

// daysAgo moves the bank to an earlier day, as it was then.
func (b *bank) daysAgo(t *testing.T, days int) {
	t.Helper()
	noon := time.Now().UTC().Truncate(24*time.Hour).Add(12*time.Hour).AddDate(0, 0, -days)
	b.admin(t, http.MethodPost, "clock", map[string]any{"now": noon.Format(time.RFC3339)}, nil)
}

func (b *bank) admin(t tester, method, path string, body, out any) {
	t.Helper()
	var says io.Reader // nothing: who answers before a body was read may cut what a proxy between hears of the answer
	if body != nil {
		text, err := json.Marshal(body)
		require.NoError(t, err)
		says = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, b.url+"/api/admin/"+path, says)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	said, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Less(t, response.StatusCode, 300, "%s %s: %s", method, path, said)
	if out != nil {
		require.NoError(t, json.Unmarshal(said, out))
	}
}

// hold keeps requests below a path waiting, after the first few.
func (b *bank) hold(t tester, prefix string, skip int) {
	t.Helper()
	b.admin(t, http.MethodPost, "hold", map[string]any{"path_prefix": prefix, "skip": skip}, nil)
}

func (b *bank) release(t tester) {
	t.Helper()
	b.admin(t, http.MethodPost, "release", nil, nil)
}

func (b *bank) waiting(t tester) (held struct{ Waiting int }) {
	t.Helper()
	b.admin(t, http.MethodGet, "held", nil, &held)
	return held
}

// caught waits until so many requests are held.
func (b *bank) caught(t tester, count int) {
	t.Helper()
	eventually(t, patience, "nothing came to the bank", func() bool { return b.waiting(t).Waiting >= count })
}

func (b *bank) stats(t tester, login string) map[string]int {
	t.Helper()
	stats := map[string]int{}
	b.admin(t, http.MethodGet, "personas/"+url.PathEscape(login)+"/stats", nil, &stats)
	return stats
}

// browser follows no redirect, so that a test sees each.
var browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// post fills a form of a page and gives the status and where it leads.
func post(t tester, page string, form url.Values) (status int, location string) {
	t.Helper()
	response, err := browser.PostForm(page, form)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode, response.Header.Get("Location")
}

// eventually polls without the goroutines of require.Eventually, in which a
// check that fails cannot end the test.
func eventually(t tester, limit time.Duration, complaint string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !done(); time.Sleep(25 * time.Millisecond) {
		if time.Now().After(deadline) {
			require.FailNow(t, fmt.Sprintf("%s within %s", complaint, limit))
		}
	}
}
