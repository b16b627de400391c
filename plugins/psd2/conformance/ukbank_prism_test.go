//go:build conformance

package conformance

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOfficialPrism_UKBank has the bank judged by a checker that is not ours: Prism stands before it, and answers in its
// place where a request or an answer is not as the description has it.
func TestOfficialPrism_UKBank(t *testing.T) {
	program := prism(t)
	for version, api := range versionsUK {
		w := open(t)
		b := w.ukClient(t, company, api)
		read, rest := b.agreed(b.asks(everyone, ""), "plain").Access, b.agreed(b.asks(rest, ""), "plain").Access
		var spoil atomic.Bool
		judged := prismBefore(t, program, filepath.Join(os.Getenv("TRIBUTARY_SPECS"), "obie", ukDescriptions[version]), b.behind(t, &spoil)+api)
		ask := func(method, path, token, body string) (int, string) {
			r, err := http.NewRequestWithContext(t.Context(), method, judged+path, strings.NewReader(body))
			require.NoError(t, err)
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Accept", "application/json")
			if body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			response, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			defer func() { _ = response.Body.Close() }()
			text, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			return response.StatusCode, string(text)
		}
		checked := 0
		for operation, f := range ukFaults {
			method, path, _ := strings.Cut(operation, " ")
			path = strings.Replace(path, "{AccountId}", "current", 1)
			token, body, want := read, "", http.StatusOK
			switch {
			case strings.Contains(path, "consents"):
				token = b.own
			case f.was == "[]":
				token = rest
			}
			path = strings.Replace(path, "{ConsentId}", b.asks(everyone, ""), 1)
			switch method {
			case http.MethodPost:
				body, want = good, http.StatusCreated
			case http.MethodDelete:
				want = http.StatusNoContent
			}
			status, text := ask(method, path, token, body)
			require.Equal(t, want, status, "%s %s: %s", version, operation, text)
			checked++
			if f.was == "" || method == http.MethodPost {
				continue
			}
			spoil.Store(true)
			status, text = ask(method, path, token, body)
			spoil.Store(false)
			require.Equal(t, http.StatusInternalServerError, status, "%s %s: a planted fault is not seen: %s", version, operation, text)
			require.Contains(t, text, "VIOLATIONS")
		}
		for path, want := range map[string]int{"/accounts/foobar": 400, "/accounts/metered-current": 403, "/foobar": 404} {
			status, text := ask(http.MethodGet, path, read, "")
			require.Equal(t, want, status, "%s %s: %s", version, path, text)
		}
		status, text := ask(http.MethodPost, "/account-access-consents", b.own, `{"Data":{"Permissions":["ReadMinds"]},"Risk":{}}`)
		require.Equal(t, http.StatusUnprocessableEntity, status, text)
		t.Logf("UK Open Banking %s behind Prism: %d operations, 0 violations", version, checked)
	}
}

// behind is the bank for whoever has no certificate: with the party's. What is spoiled has no word that it should have.
func (b *british) behind(t *testing.T, spoil *atomic.Bool) string {
	t.Helper()
	to, err := url.Parse(b.base)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.Transport = b.http.Transport
	proxy.ModifyResponse = func(answer *http.Response) error {
		if !spoil.Load() {
			return nil
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			return err
		}
		text = bytes.Replace(text, []byte(`"Data":`), []byte(`"Date":`), 1)
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		answer.Header.Set("Content-Length", strconv.Itoa(len(text)))
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// prismBefore has Prism judge what passes to an address, and gives its own.
func prismBefore(t *testing.T, program, description, upstream string) string {
	t.Helper()
	at := listening(t, "node", program, "proxy", "--errors", "-h", "127.0.0.1", "-p", "0", description, upstream)
	return strings.TrimSuffix(at.String(), "/")
}
