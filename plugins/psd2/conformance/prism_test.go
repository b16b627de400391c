//go:build conformance

package conformance

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/berlin"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// prismLimit is how long Prism may take to be there: it reads a description of 300 kB, on a busy machine.
const prismLimit = 3 * time.Minute

// prism installs the bank side that we did not write, once for a lock file: it is 185 packages.
func prism(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs("../../../.cache/prism")
	require.NoError(t, err)
	program, done := filepath.Join(folder, "node_modules/@stoplight/prism-cli/dist/index.js"), filepath.Join(folder, "installed.json")
	wanted, err := os.ReadFile("testdata/prism/package-lock.json")
	require.NoError(t, err)
	if has, err := os.ReadFile(done); err == nil && bytes.Equal(has, wanted) {
		return program
	}
	require.NoError(t, os.RemoveAll(folder))
	require.NoError(t, os.CopyFS(folder, os.DirFS("testdata/prism")))
	install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = folder
	out, err := install.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.NoError(t, os.WriteFile(done, wanted, 0o600))
	return program
}

// loosened is a description in which what fits several alternatives is good, as for our own judge (overlapping): Prism
// refuses the description's own examples otherwise.
func loosened(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(os.Getenv("TRIBUTARY_SPECS"), "berlin-group", name))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, bytes.ReplaceAll(text, []byte("oneOf:"), []byte("anyOf:")), 0o600))
	return path
}

// mock serves a description and gives its address.
func mock(t *testing.T, program, description string) *url.URL {
	t.Helper()
	return listening(t, "node", program, "mock", "-h", "127.0.0.1", "-p", "0", description)
}

// listening starts a program and waits until it says where it listens.
func listening(t *testing.T, program string, args ...string) *url.URL {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, args...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		_ = command.Wait()
	})
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, address, listens := strings.Cut(lines.Text(), "is listening on "); listens {
				found <- strings.TrimSpace(address)
			}
		}
	}()
	select {
	case address := <-found:
		at, err := url.Parse(address)
		require.NoError(t, err)
		return at
	case <-time.After(prismLimit):
		require.FailNow(t, "Prism is not there in time")
	}
	return nil
}

// front is TLS before Prism, which has none. It chooses among the description's examples, and hears what Prism says.
type front struct {
	mu sync.Mutex
	// examples by method and the last word of the path.
	examples map[string]string
	asked    map[string]int
	wrong    []string
	// asksForCode: the description has one example of a start, and that is of the decoupled approach.
	asksForCode bool
	// plain leaves the balances out of the list of cards, so that they are asked for.
	plain bool
	host  string
}

// payments: the examples of authorisations are those of payments, in the place of a consent's.
var payments = regexp.MustCompile(`"/?(psd2/)?v1/payments/[^"]*/authorisations[^"]*"`)

// balances are those of a list of cards, up to the links that follow.
var balances = regexp.MustCompile(`"balances":\[[^\]]*\],`)

// misplaced is a property of the card's account that stands among its balances, in the description's example of them.
var misplaced = []byte(`{"debitAccounting":true},`)

// onward are the links of a card's transactions: there is no example of them, and what Prism makes up leads to payments.
var onward = regexp.MustCompile(`"(next|download)":\{"href":"[^"]*"\},?`)

// download is where the description's example of a large report is.
var download = []byte("www.test-api.com/xs2a/")

const ownAuthorisation = `"/v1/consents/1234-wertiq-983/authorisations/123auth567"`

var place = regexp.MustCompile(`/v1/([a-z-]+)(/[^/]+)?(/[a-z]+)?`)

func operationOf(r *http.Request) string {
	parts := place.FindStringSubmatch(r.URL.Path)
	if parts == nil {
		return r.Method + " " + r.URL.Path
	}
	id := ""
	if parts[2] != "" {
		id = "/{id}"
	}
	return r.Method + " " + parts[1] + id + parts[3]
}

func (f *front) before(to *url.URL) http.Handler {
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(answer *http.Response) error {
		f.violations(answer)
		body, err := io.ReadAll(answer.Body)
		body = payments.ReplaceAll(body, []byte(ownAuthorisation))
		body = bytes.Replace(bytes.Replace(body, misplaced, nil, 1), download, []byte(f.host+"/"), 1)
		switch operation := operationOf(answer.Request); {
		case f.plain && operation == "GET card-accounts":
			body = balances.ReplaceAll(body, nil)
		case operation == "GET card-accounts/{id}/transactions":
			body = onward.ReplaceAll(body, nil)
		}
		if f.asksForCode && operationOf(answer.Request) == "POST consents/{id}/authorisations" && answer.StatusCode == http.StatusCreated {
			body = []byte(`{"scaStatus":"psuAuthenticated","authorisationId":"123auth567","_links":{"authoriseTransaction":{"href":` + ownAuthorisation + `}}}`)
		}
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		answer.Header.Set("Content-Length", fmt.Sprint(len(body)))
		return err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at := strings.LastIndex(r.URL.Path, "/v1/"); at > 0 { // some examples' links have what stands before, of which Prism knows nothing
			r.URL.Path = r.URL.Path[at:]
		}
		operation := operationOf(r)
		if list, rest, found := strings.Cut(r.URL.Path, "/download"); found { // no path of the description, but one of its examples
			operation, r.URL.Path = operation+"/download"+rest, list
			r.URL.RawQuery = "bookingStatus=both&dateFrom=2017-10-01" // what the list needs
		}
		f.mu.Lock()
		f.asked[operation]++
		if example := f.examples[operation]; example != "" {
			r.Header.Set("Prefer", `example="`+example+`"`)
		}
		f.mu.Unlock()
		proxy.ServeHTTP(w, r)
	})
}

// violations notes what Prism has against a request; the descriptions' own examples violate them a little, too.
func (f *front) violations(answer *http.Response) {
	var said []struct {
		Location []string `json:"location"`
		Message  string   `json:"message"`
	}
	_ = json.Unmarshal([]byte(answer.Header.Get("sl-violations")), &said)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, v := range said {
		if v.Location[0] == "request" {
			f.wrong = append(f.wrong, operationOf(answer.Request)+": "+v.Message)
		}
	}
}

func (f *front) prefers(operation, example string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.examples[operation] = example
}

// TestPrism has the plugin speak with Prism, which serves the official descriptions with their own examples: no request
// may violate them, and the examples are understood.
func TestOfficialPrism(t *testing.T) {
	require.NotEmpty(t, os.Getenv("TRIBUTARY_SPECS"), "TRIBUTARY_SPECS is to name the folder of the official descriptions")
	program := prism(t)
	operations, calls := map[string]int{}, 0
	for _, version := range slices.Sorted(maps.Keys(descriptions)) {
		f := before(t, mock(t, program, loosened(t, descriptions[version])), version)
		for operation, count := range f.asked {
			operations[operation] += count
			calls += count
		}
		require.Empty(t, f.wrong, version)
	}
	for _, wanted := range []string{
		"POST consents", "GET consents/{id}", "DELETE consents/{id}", "POST consents/{id}/authorisations", "PUT consents/{id}/authorisations", "GET consents/{id}/authorisations",
		"GET accounts", "GET accounts/{id}/balances", "GET accounts/{id}/transactions", "GET card-accounts", "GET card-accounts/{id}/balances", "GET card-accounts/{id}/transactions", "GET accounts/{id}/transactions/download/",
	} {
		require.Contains(t, operations, wanted)
	}
	t.Logf("prism: %d requests of %d operations against %d descriptions, 0 violations", calls, len(operations), len(descriptions))
}

// before plays the flows with one Prism.
func before(t *testing.T, at *url.URL, version string) *front {
	t.Helper()
	f := &front{examples: map[string]string{}, asked: map[string]int{}}
	w := &world{t: t, now: time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)}
	var err error
	w.authority, err = issuer()
	require.NoError(t, err)
	own := webOf(t, eidas.Organization{Name: "Bank", Country: "DE", ID: "PSDDE-BAFIN-1", Roles: []eidas.Role{eidas.AccountServicing}}, "127.0.0.1")
	server := httptest.NewUnstartedServer(f.before(at))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{loaded(t, own)}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	w.base, f.host = server.URL, strings.TrimPrefix(server.URL, "https://")
	as := func(changes string) *berlin.Dialect {
		return w.asAt(company, changes, w.base, version, "www.testbank.com", "api.testbank.com")
	}
	f.redirects(w, as(redirect))
	f.starts(w, as("sca: {approaches: [redirect], explicit_start: true}"))
	f.embeds(w, as(embedded))
	require.NotEmpty(t, f.asked)
	planted(t, f, w)
	return f
}

func (f *front) redirects(w *world, d *berlin.Dialect) {
	f.prefers("POST consents", "Response in case of a redirect")
	step := w.begin(d, nil)
	require.Equal(w.t, "https://www.testbank.com/authentication/1234-wertiq-983", step.Challenge.URL)
	done, err := w.next(d, step, sdk.Secrets{"state": "s-1"})
	require.NoError(w.t, err)
	require.NotNil(w.t, done.Ready, "the description's example of a consent is valid")
	s, err := w.fetch(d, done.Ready, someone)
	require.NoError(w.t, err)
	require.Len(w.t, itemsOf[sdk.AccountItem](s), 3)
	var booked []string
	for _, item := range itemsOf[sdk.TransactionsItem](s) {
		for _, r := range item.Transactions {
			booked = append(booked, r.Amount+" "+r.Currency)
		}
	}
	require.Subset(w.t, booked, []string{"256.67 EUR", "-100.03 EUR"}, "the example of the description")
	f.reports(w, d, done.Ready)
	require.NoError(w.t, d.End(w.t.Context(), sdk.EndRequest{Secrets: done.Ready.Secrets, Revoke: true}))
}

// reports reads what the examples of the lists do not lead to: the balances of a card, and a report to be downloaded.
func (f *front) reports(w *world, d *berlin.Dialect, ready *sdk.Ready) {
	f.prefers("GET accounts/{id}/transactions", "Example 2")
	f.prefers("GET accounts/{id}/transactions/download/", "Example 1")
	f.plain = true
	s, err := w.fetch(d, ready, nil)
	require.NoError(w.t, err)
	require.Empty(w.t, itemsOf[sdk.AccountFailureItem](s))
	var told []string
	for _, item := range itemsOf[sdk.BalancesItem](s) {
		for _, b := range item.Balances {
			told = append(told, fmt.Sprint(b.Type, " ", b.Amount))
		}
	}
	require.Subset(w.t, told, []string{"BOOKED 14355.78", "OTHER 4175.86"}, "the example of a card")
	require.Equal(w.t, 2, len(itemsOf[sdk.TransactionsItem](s)), "of a download, and of the card; the third account has another currency")
}

func (f *front) starts(w *world, d *berlin.Dialect) {
	f.prefers("POST consents", "Response in case of a redirect with a dedicated start of the authorisation process")
	step := w.begin(d, nil)
	require.Equal(w.t, sdk.ChallengeDecoupled, step.Challenge.Type, "the description's example of a start")
	_, _ = w.next(d, step, nil) // what Prism makes up of a status may be anything
}

func (f *front) embeds(w *world, d *berlin.Dialect) {
	f.prefers("POST consents", "Response in case of the embedded approach")
	step := w.begin(d, sdk.Secrets{"psu_id": "psu-1234"})
	require.Equal(w.t, sdk.FieldPassword, step.Challenge.Fields[0].Type)
	f.asksForCode = true
	step, err := w.next(d, step, sdk.Secrets{"password": "start12"})
	require.NoError(w.t, err)
	f.prefers("PUT consents/{id}/authorisations", "Transaction authorisation (Embedded Approach)")
	done, err := w.next(d, step, sdk.Secrets{"code": "123456"})
	require.NoError(w.t, err)
	require.NotNil(w.t, done.Ready)
}

// planted is a request that violates the description: where Prism does not say so, it proves nothing.
func planted(t *testing.T, f *front, w *world) {
	t.Helper()
	clean := len(f.wrong)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.authority.Pool(), MinVersion: tls.VersionTLS12}}}
	for path, body := range map[string]string{
		"/v1/consents": `{"access":{"allPsd2":"allAccounts"},"recurringIndicator":"true","validUntil":"31/12/2026","combinedServiceIndicator":false}`, "/v1/accounts": "",
	} {
		method := http.MethodGet
		if body != "" {
			method = http.MethodPost
		}
		request, err := http.NewRequestWithContext(t.Context(), method, w.base+path, strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		before := len(f.wrong)
		response, err := client.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Greater(t, len(f.wrong), before, "%s: Prism does not see what is wrong", path)
	}
	f.wrong = f.wrong[:clean]
}
