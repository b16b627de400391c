package stet_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
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
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/stet"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

type certificates struct {
	authority *eidas.Authority
	bank, web tls.Certificate
	seal      operator.Seal
}

const sealAddress = "https://us.example/qseal.pem"

// papers are the certificates of all tests: making keys takes long.
var papers = sync.OnceValue(func() *certificates {
	p := &certificates{}
	us := eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345", Supervisor: "ACPR", SupervisorID: "FR-ACPR"}
	var err error
	p.authority, err = eidas.NewAuthority("Test", time.Now(), time.Hour)
	ours, err1 := p.authority.Web(us)
	sealed, err2 := p.authority.Seal(us)
	theirs, err3 := p.authority.Web(eidas.Organization{Name: "Banque", Country: "FR", ID: "PSDFR-ACPR-1", Roles: []eidas.Role{eidas.AccountServicing}}, "127.0.0.1")
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
	p.seal = operator.Seal{Certificate: certificate, Key: key.(*rsa.PrivateKey), Address: sealAddress}
	return p
})

// aspsp is a small bank that answers by a script and refuses what the standard forbids, whatever the script says.
type aspsp struct {
	t      testing.TB
	url    string
	mu     sync.Mutex
	calls  []heard
	script map[string]answerer
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

// open starts a bank, with certain lines in its catalogue entry, and a dialect that speaks with it.
func open(t testing.TB, model, changes string, script map[string]answerer) (*aspsp, *stet.Dialect) {
	t.Helper()
	b := &aspsp{t: t, script: script}
	server := httptest.NewUnstartedServer(b)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{papers().bank}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: papers().authority.Pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	b.url = server.URL
	entry, err := catalogue.Parse("bank.yaml", []byte("id: bank\nname: Banque\ncountry: FR\nstandard: stet\nversion: '1.4.0'\naddresses: {api: '"+b.url+"/stet/psd2'}\nsca: {approaches: [redirect]}\n"+
		"oauth: {kind: pre-step, authorization: '"+b.url+"/authorize', token: '"+b.url+"/token', scope: aisp extended_transaction_history}\nconsent: {model: "+model+"}\nsignature: {}\n"+changes),
		map[string]catalogue.Quirks{catalogue.STET: stet.Quirks()})
	require.NoError(t, err)
	identity := operator.Identity{Transport: &papers().web, Seal: &papers().seal, Roots: papers().authority.Pool(), ClientID: "PSDFR-ACPR-12345"}
	line, err := bankhttp.New(entry, identity)
	require.NoError(t, err)
	at, err := time.Parse(time.RFC3339, now)
	require.NoError(t, err)
	return b, &stet.Dialect{Bank: entry, Identity: identity, Line: line, Now: func() time.Time { return at }, Random: rand.Reader}
}

func (b *aspsp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	path := strings.TrimPrefix(r.URL.Path, "/stet/psd2")
	call := heard{r.Method + " " + path, r.URL.Query(), r.Header, string(body)}
	b.mu.Lock()
	b.calls = append(b.calls, call)
	answer := b.script[call.what]
	b.mu.Unlock()
	if complaint := b.inspect(r, body); complaint != "" && path != "/token" {
		b.t.Errorf("%s: %s", call.what, complaint)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	status, text := http.StatusNotFound, `{"status":404,"message":"canary-text"}`
	if answer != nil {
		b.mu.Lock()
		status, text = answer(call)
		b.mu.Unlock()
	}
	w.Header().Set("Content-Type", "application/hal+json; charset=utf-8")
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
	uuid   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	signed = regexp.MustCompile(`^keyId="([^"]+)",algorithm="rsa-sha256",headers="([a-z() -]+)",signature="([^"]+)"$`)
)

// inspect is the strict side of the standard: identity, token, signature by the address of its certificate. It shares no
// code with what it checks.
func (b *aspsp) inspect(r *http.Request, body []byte) string {
	sum := sha256.Sum256(body)
	found := signed.FindStringSubmatch(r.Header.Get("Signature"))
	switch {
	case len(r.TLS.PeerCertificates) == 0:
		return "no client certificate"
	case !uuid.MatchString(r.Header.Get("X-Request-Id")):
		return "X-Request-ID is no UUID"
	case !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer canary-"):
		return "no token"
	case !strings.HasPrefix(r.Header.Get("Accept"), "application/hal+json; charset=utf-8"):
		return "another type of content is accepted"
	case r.Header.Get("Digest") != "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]):
		return "the digest is wrong"
	case found == nil || found[1] != sealAddress || r.Header.Get("TPP-Signature-Certificate") != "":
		return "no signature: " + r.Header.Get("Signature")
	}
	var names, lines []string
	for _, name := range []string{"(request-target)", "date", "digest", "content-type", "content-length", "x-request-id", "psu-ip-address", "psu-user-agent"} {
		value := r.Header.Get(name)
		if name == "(request-target)" {
			value = strings.ToLower(r.Method) + " " + r.URL.RequestURI()
		}
		if value != "" {
			names, lines = append(names, name), append(lines, name+": "+value)
		}
	}
	if found[2] != strings.Join(names, " ") || r.Header.Get("Date") == "" {
		return "the signature covers less than the standard names, or more: " + found[2]
	}
	text := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	value, _ := base64.StdEncoding.DecodeString(found[3])
	if rsa.VerifyPKCS1v15(papers().seal.Certificate.PublicKey.(*rsa.PublicKey), 5, text[:], value) != nil {
		return "the signature is wrong"
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
	require.NotContains(t, failure.Cause.Error(), "canary")
	return failure
}
