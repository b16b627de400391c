package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// running is a server in a process of its own.
type running struct {
	url string
	log *os.File
	// kill is SIGKILL.
	kill func()
}

// serve starts a server and reads its greeting; it ends with the test.
func serve(t *testing.T, data string, args ...string) running {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	args = append([]string{"serve", "--json", "--data", data, "--plugins", t.TempDir(), "--listen", "127.0.0.1:0"}, args...)
	command := program(context.Background(), args...)
	command.Stderr = log
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	killed := false
	t.Cleanup(func() {
		if !killed {
			_ = command.Process.Signal(os.Interrupt)
			require.NoError(t, command.Wait(), "it ends as asked")
		}
	})
	line, _ := bufio.NewReader(stdout).ReadBytes('\n')
	var greeting struct {
		BaseURL string `json:"base_url"`
	}
	if json.Unmarshal(line, &greeting) != nil {
		text, _ := os.ReadFile(log.Name())
		require.FailNow(t, "it does not greet", "%s", text)
	}
	return running{greeting.BaseURL, log, func() {
		killed = true
		_ = command.Process.Kill()
		_ = command.Wait()
	}}
}

// pair writes a certificate of our own for 127.0.0.1.
func pair(t *testing.T) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certFile, keyFile = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	roots = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots.AddCert(parsed)
	return certFile, keyFile, roots
}

func get(t *testing.T, client *http.Client, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	answer, err := client.Do(request)
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, answer.Body)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

func TestServe_in_production(t *testing.T) {
	t.Parallel()

	t.Run("with_a_certificate", func(t *testing.T) {
		t.Parallel()
		certFile, keyFile, roots := pair(t)
		data := folder(t)
		r := serve(t, data, "--public-url", "https://bank-data.example.com", "--tls-cert-file", certFile, "--tls-key-file", keyFile, "--log-level", "debug")
		require.Equal(t, "https://bank-data.example.com", r.url)
		mark, err := os.ReadFile(filepath.Join(data, "environment"))
		require.NoError(t, err)
		require.Equal(t, "production\n", string(mark))
		require.NotNil(t, roots)
	})

	t.Run("on_this_machine_behind_a_proxy", func(t *testing.T) {
		t.Parallel()
		serve(t, folder(t), "--public-url", "https://bank-data.example.com", "--behind-proxy", "10.0.0.0/8")
	})
}

// S6, and stricter: without its key, or with anything else that is wrong, a
// production server opens no port at all.
func TestServe_refuses(t *testing.T) {
	t.Parallel()
	certFile, keyFile, _ := pair(t)
	_, otherKey, _ := pair(t)
	good := func(t *testing.T, more ...string) []string {
		return append([]string{"--plugins", t.TempDir(), "--data", folder(t), "--public-url", "https://x.example", "--listen", "127.0.0.1:0"}, more...)
	}
	in := func(data string) []string {
		return []string{"--data", data, "--plugins", filepath.Dir(certFile), "--public-url", "https://x.example"}
	}
	withPlugin, keyless, open := t.TempDir(), t.TempDir(), folder(t)
	require.NoError(t, os.WriteFile(filepath.Join(withPlugin, "testbank.json"), nil, 0o600))
	require.NoError(t, os.Chmod(filepath.Join(open, "master.key"), 0o644))
	marked := folder(t)
	require.NoError(t, os.WriteFile(filepath.Join(marked, "environment"), []byte("sandbox\n"), 0o600))
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no key":               {in(keyless), "master.key is not there: make one with 'tributary keys generate'"},
		"a key for everybody":  {in(open), "mode 0644"},
		"no folder":            {in(filepath.Join(keyless, "none")), "is not there: make it (mkdir -m 700), or mount its volume"},
		"a sandbox's folder":   {in(marked), "belongs to a sandbox; this is to be a production"},
		"no public URL":        {[]string{"--plugins", withPlugin, "--data", open}, "public_url is needed, with https"},
		"a public URL in http": {good(t, "--public-url", "http://x.example"), "public_url is needed, with https"},
		"plain HTTP for all":   {good(t, "--listen", "0.0.0.0:0"), "plain HTTP on 0.0.0.0:0 can be read on its way"},
		"plain HTTP by name":   {good(t, "--listen", "bank.example:80"), "plain HTTP on bank.example:80"},
		"plain HTTP, no host":  {good(t, "--listen", ":8080"), "plain HTTP on :8080"},
		"everybody a proxy":    {good(t, "--listen", "0.0.0.0:0", "--behind-proxy", "0.0.0.0/0"), "is everybody"},
		"half a pair":          {good(t, "--tls-cert-file", certFile), "given together"},
		"two halves":           {good(t, "--tls-cert-file", certFile, "--tls-key-file", otherKey), "the certificate: "},
		"no certificate":       {good(t, "--tls-cert-file", "/none", "--tls-key-file", keyFile), "the certificate: "},
		"the test bank":        {good(t, "--plugins", withPlugin), "the test bank has no place in production: remove testbank*"},
		"the test bank's URL":  {good(t, "--testbank-url", "http://x"), "the test bank has no place in production: remove testbank,"},
		"no plugins":           {good(t, "--plugins", "/none"), "the folder of plugins /none cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := call(t, nil, append([]string{"serve"}, c.args...)...)
			require.Equal(t, 1, s.status)
			require.Contains(t, s.log, "this server does not start:")
			require.Contains(t, s.log, c.says)
			require.Empty(t, s.out)
		})
	}
	t.Run("all_at_once", func(t *testing.T) {
		t.Parallel()
		data := filepath.Join(keyless, "none")
		s := call(t, nil, "serve", "--data", data, "--listen", "0.0.0.0:1", "--plugins", withPlugin, "--tls-key-file", keyFile)
		require.Len(t, strings.Split(strings.TrimSpace(s.log), "\n"), 7, s.log)
		require.NoDirExists(t, data)
	})
}

// A database whose key is missing or another one is left as it is.
func TestServe_refuses_the_wrong_key(t *testing.T) {
	t.Parallel()
	data := folder(t)
	owner := does[clientShape](t, "client", "create", "--data", data, "--name", "one").ID
	master, err := sealbox.Load(filepath.Join(data, "master.key"))
	require.NoError(t, err)
	id := ident.New[ident.User](ident.Real())
	key, err := sealbox.New(master).NewKey(owner, id)
	require.NoError(t, err)
	write(t, data, func(tx store.Tx) error {
		return tx.Users().Put(t.Context(), user.New(id, owner, user.Identity{ExternalID: "x"}, "", key, time.Now()))
	})
	start := func() said {
		return call(t, nil, "serve", "--environment", "sandbox", "--data", data, "--plugins", t.TempDir(), "--listen", "127.0.0.1:0")
	}
	require.NoError(t, os.Remove(filepath.Join(data, "master.key")))
	s := start()
	require.Equal(t, 1, s.status)
	require.Contains(t, s.log, "the database needs the key it was made with")
	require.NoFileExists(t, filepath.Join(data, "master.key"))

	_, err = sealbox.Create(filepath.Join(data, "master.key"))
	require.NoError(t, err)
	s = start()
	require.Equal(t, 1, s.status)
	require.Contains(t, s.log, "does not open what this database holds")
	s = call(t, nil, "keys", "rotate", "--data", data)
	require.Equal(t, 1, s.status)
	require.Contains(t, s.log, "does not open what this database holds")
}

func TestServe_answers_over_TLS_and_takes_up_a_renewal(t *testing.T) {
	t.Parallel()
	certFile, keyFile, roots := pair(t)
	r := serve(t, folder(t), "--environment", "sandbox", "--tls-cert-file", certFile, "--tls-key-file", keyFile)
	client := func(roots *x509.CertPool) *http.Client {
		return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	}
	require.Contains(t, r.url, "https://127.0.0.1:")
	require.Equal(t, http.StatusOK, get(t, client(roots), r.url+"/healthz"))

	newCert, newKey, newRoots := pair(t)
	for from, to := range map[string]string{newKey: keyFile, newCert: certFile} {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(to, text, 0o600))
	}
	later := time.Now().Add(time.Minute)
	require.NoError(t, os.Chtimes(certFile, later, later))
	require.Equal(t, http.StatusOK, get(t, client(newRoots), r.url+"/healthz"))
}
