package endtoend

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// wiretap stands between our plugin and a bank's PSD2 interface, with the
// certificates of both, and learns every secret that passes.
type wiretap struct {
	server *httptest.Server
	mu     sync.Mutex
	heard  map[string]bool
}

// tap listens in front of a bank. The certificates are those that both sides
// have.
func tap(t *testing.T, bank, certificates string) *wiretap {
	t.Helper()
	in := func(name string) string { return filepath.Join(certificates, name) }
	own, err := tls.LoadX509KeyPair(in("qwac.pem"), in("qwac.key"))
	require.NoError(t, err)
	text, err := os.ReadFile(in("ca.pem"))
	require.NoError(t, err)
	trusted := x509.NewCertPool()
	require.True(t, trusted.AppendCertsFromPEM(text))
	w := &wiretap{heard: map[string]bool{}}
	to := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "https", Host: bank})
			r.Out.Host = r.In.Host // the bank's links are to lead here
		},
		Transport:      &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{own}, RootCAs: trusted, MinVersion: tls.VersionTLS12}},
		ModifyResponse: w.answered,
	}
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.asked(r)
		to.ServeHTTP(out, r)
	}))
	w.server.TLS = &tls.Config{Certificates: []tls.Certificate{own}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: trusted, MinVersion: tls.VersionTLS12}
	w.server.StartTLS()
	t.Cleanup(w.server.Close)
	return w
}

// secretFields are those of a token request that only both sides may know.
var secretFields = []string{"code", "code_verifier", "refresh_token", "client_secret"}

func (w *wiretap) asked(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	found := []string{strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), signatureOf(r.Header.Get("Signature"))}
	if form, err := url.ParseQuery(string(body)); err == nil {
		for _, name := range secretFields {
			found = append(found, form.Get(name))
		}
	}
	w.note(found...)
}

var signed = regexp.MustCompile(`signature="([^"]+)"`)

func signatureOf(header string) string {
	if found := signed.FindStringSubmatch(header); found != nil {
		return found[1]
	}
	return ""
}

var tokensTold = regexp.MustCompile(`"(?:access|refresh)_token":"([^"]+)"`)

func (w *wiretap) answered(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	for _, found := range tokensTold.FindAllSubmatch(body, -1) {
		w.note(string(found[1]))
	}
	return err
}

func (w *wiretap) note(found ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range found {
		if one != "" {
			w.heard[one] = true
		}
	}
}

// secrets are all that passed so far.
func (w *wiretap) secrets() (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.heard {
		all = append(all, one)
	}
	return all
}

func (w *wiretap) address() string { return strings.TrimPrefix(w.server.URL, "https://") }
