package berlin_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/berlin"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

type certificates struct {
	authority *eidas.Authority
	bank, web tls.Certificate
	seal      operator.Seal
}

// papers are the certificates of all tests: making keys takes long.
var papers = sync.OnceValue(func() *certificates {
	p := &certificates{}
	us := eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345", Supervisor: "ACPR", SupervisorID: "FR-ACPR"}
	them := eidas.Organization{Name: "Bank", Country: "DE", ID: "PSDDE-BAFIN-1", Supervisor: "BaFin", SupervisorID: "DE-BAFIN", Roles: []eidas.Role{eidas.AccountServicing}}
	var err error
	p.authority, err = eidas.NewAuthority("Test", time.Now(), time.Hour)
	ours, err1 := p.authority.Web(us)
	sealed, err2 := p.authority.Seal(us)
	theirs, err3 := p.authority.Web(them, "127.0.0.1")
	for _, err := range []error{err, err1, err2, err3} {
		if err != nil {
			panic(err)
		}
	}
	p.web, _ = tls.X509KeyPair(ours.Certificate, ours.Key)
	p.bank, _ = tls.X509KeyPair(theirs.Certificate, theirs.Key)
	block, _ := pem.Decode(sealed.Key)
	key, _ := x509.ParsePKCS8PrivateKey(block.Bytes)
	leaf, _ := pem.Decode(sealed.Certificate)
	certificate, _ := x509.ParseCertificate(leaf.Bytes)
	p.seal = operator.Seal{Certificate: certificate, Key: key.(*rsa.PrivateKey)}
	return p
})

// aspsp is a small bank that answers by a script and refuses what the standard forbids, whatever the script says.
type aspsp struct {
	t      testing.TB
	url    string
	mu     sync.Mutex
	calls  []heard
	script map[string]answerer
	bank   catalogue.Bank
}

type heard struct {
	what   string // "GET /v1/accounts"
	query  url.Values
	header http.Header
	body   string
}

type answerer func(r heard) (status int, body string)

func says(status int, body string) answerer { return func(heard) (int, string) { return status, body } }

// inTurn answers with one after the other, and stays with the last.
func inTurn(answers ...answerer) answerer {
	n := 0
	return func(r heard) (int, string) {
		n++
		return answers[min(n, len(answers))-1](r)
	}
}

const now = "2026-03-15T10:00:00Z"

func entry(t testing.TB, changes string) catalogue.Bank {
	t.Helper()
	text := "id: bank\nname: Bank\ncountry: DE\nstandard: berlin-group\nversion: '1.3.11'\naddresses: {api: 'https://placeholder.test/psd2'}\nsignature: {}\n" + changes
	if !strings.Contains(changes, "sca:") {
		text += "sca: {approaches: [redirect]}\n"
	}
	if !strings.Contains(changes, "consent:") {
		text += "consent: {model: global}\n"
	}
	bank, err := catalogue.Parse("bank.yaml", []byte(text), map[string]catalogue.Quirks{catalogue.BerlinGroup: berlin.Quirks()})
	require.NoError(t, err)
	return bank
}

// open starts a bank and a dialect that speaks with it.
func open(t testing.TB, changes string, script map[string]answerer) (*aspsp, *berlin.Dialect) {
	t.Helper()
	b := &aspsp{t: t, script: script, bank: entry(t, changes)}
	server := httptest.NewUnstartedServer(b)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{papers().bank}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: papers().authority.Pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	b.url = server.URL
	b.bank.Addresses.API = b.url + "/psd2"
	if b.bank.OAuth != nil && b.bank.OAuth.Token != "" {
		b.bank.OAuth.Authorization, b.bank.OAuth.Token = b.url+"/authorize", b.url+"/token"
	}
	identity := operator.Identity{Transport: &papers().web, Seal: &papers().seal, Roots: papers().authority.Pool(), ClientID: "PSDFR-ACPR-12345"}
	line, err := bankhttp.New(b.bank, identity)
	require.NoError(t, err)
	at, err := time.Parse(time.RFC3339, now)
	require.NoError(t, err)
	return b, &berlin.Dialect{Bank: b.bank, Identity: identity, Line: line, Now: func() time.Time { return at }, Random: rand.Reader}
}

func (b *aspsp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	path := strings.TrimPrefix(r.URL.Path, "/psd2")
	call := heard{r.Method + " " + path, r.URL.Query(), r.Header, string(body)}
	b.mu.Lock()
	b.calls = append(b.calls, call)
	answer := b.script[call.what]
	b.mu.Unlock()
	if complaint := b.inspect(r, body); complaint != "" && strings.HasPrefix(path, "/v1/") {
		b.t.Errorf("%s: %s", call.what, complaint)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	if answer == nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"tppMessages":[{"category":"ERROR","code":"RESOURCE_UNKNOWN"}]}`)
		return
	}
	b.mu.Lock()
	status, text := answer(call)
	b.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if kind, rest, found := strings.Cut(text, "\x00"); found { // another type of content, or a header
		name, value, header := strings.Cut(kind, ": ")
		if !header {
			name, value = "Content-Type", kind
		}
		w.Header().Set(name, value)
		text = rest
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, strings.ReplaceAll(text, "{bank}", b.url))
}

var (
	uuid      = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	signed    = regexp.MustCompile(`^keyId="SN=([0-9A-F]+),CA=(.+)",algorithm="rsa-sha256",headers="([a-z -]+)",signature="([^"]+)"$`)
	mandatory = []string{"digest", "x-request-id"}
)

// inspect is the strict side of the standard: identity, signature, digest, mandatory headers. It shares no code with what
// it checks.
func (b *aspsp) inspect(r *http.Request, body []byte) string {
	sum := sha256.Sum256(body)
	found := signed.FindStringSubmatch(r.Header.Get("Signature"))
	der, _ := base64.StdEncoding.DecodeString(r.Header.Get("TPP-Signature-Certificate"))
	certificate, err := x509.ParseCertificate(der)
	switch {
	case len(r.TLS.PeerCertificates) == 0:
		return "no client certificate"
	case !uuid.MatchString(r.Header.Get("X-Request-Id")):
		return "X-Request-ID is no UUID"
	case r.Header.Get("Digest") != "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]):
		return "the digest is wrong"
	case found == nil || err != nil:
		return "no signature: " + r.Header.Get("Signature")
	}
	names := strings.Split(found[3], " ")
	var lines []string
	for _, name := range names {
		lines = append(lines, name+": "+r.Header.Get(name))
	}
	text := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	value, _ := base64.StdEncoding.DecodeString(found[4])
	if rsa.VerifyPKCS1v15(certificate.PublicKey.(*rsa.PublicKey), 5, text[:], value) != nil {
		return "the signature is wrong"
	}
	want := append([]string{}, mandatory...)
	for _, name := range []string{"psu-id", "psu-corporate-id", "tpp-redirect-uri"} {
		if r.Header.Get(name) != "" {
			want = append(want, name)
		}
	}
	if strings.Join(names, " ") != strings.Join(want, " ") {
		return "signed are " + found[3] + " and not " + strings.Join(want, " ")
	}
	return ""
}

// heardOf are the calls of one kind.
func (b *aspsp) heardOf(what string) (calls []heard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.calls {
		if c.what == what {
			calls = append(calls, c)
		}
	}
	return calls
}

func (b *aspsp) everything() (what []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.calls {
		what = append(what, c.what)
	}
	return what
}

func testdata(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(text)
}

func fields(t *testing.T, text string) (out map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &out))
	return out
}

// sink keeps what is streamed.
type sink struct{ items []sdk.Item }

func (s *sink) Send(item sdk.Item) error {
	s.items = append(s.items, item)
	return nil
}

func itemsOf[T sdk.Item](s *sink) (out []T) {
	for _, item := range s.items {
		if one, ok := item.(T); ok {
			out = append(out, one)
		}
	}
	return out
}

var someone = &sdk.PSU{IP: "192.0.2.1", UserAgent: "Browser"}

func failsWith(t *testing.T, code sdk.Code, err error) *sdk.Failure {
	t.Helper()
	var failure *sdk.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, code, failure.Code, "%v", failure.Cause)
	return failure
}
