package openbanking_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
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

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/openbanking"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

type certificates struct {
	authority *eidas.Authority
	bank, web tls.Certificate
	seal      operator.Seal
	// keys are what the bank signs with, the newer one second.
	keys [2]*rsa.PrivateKey
}

// papers are the certificates of all tests: making keys takes long.
var papers = sync.OnceValue(func() *certificates {
	p := &certificates{}
	us := eidas.Organization{Name: "Example", Country: "GB", ID: clientID}
	var err error
	p.authority, err = eidas.NewAuthority("Test", time.Now(), time.Hour)
	ours, err1 := p.authority.Web(us)
	sealed, err2 := p.authority.Seal(us)
	theirs, err3 := p.authority.Web(eidas.Organization{Name: "Bank", Country: "GB", ID: "PSDGB-FCA-1", Roles: []eidas.Role{eidas.AccountServicing}}, "127.0.0.1")
	var err4, err5 error
	p.keys[0], err4 = rsa.GenerateKey(rand.Reader, 2048)
	p.keys[1], err5 = rsa.GenerateKey(rand.Reader, 2048)
	for _, err := range []error{err, err1, err2, err3, err4, err5} {
		if err != nil {
			panic(err)
		}
	}
	p.web, _ = tls.X509KeyPair(ours.Certificate, ours.Key)
	p.bank, _ = tls.X509KeyPair(theirs.Certificate, theirs.Key)
	block, _ := pem.Decode(sealed.Key)
	key, _ := x509.ParsePKCS8PrivateKey(block.Bytes)
	p.seal = operator.Seal{Key: key.(*rsa.PrivateKey), KeyID: "our-key"}
	return p
})

const clientID = "PSDGB-FCA-123456"

// aspsp is a small bank that answers by a script and refuses what the standard forbids, whatever the script says. It
// reads and makes JOSE with another implementation than the plugin's.
type aspsp struct {
	t      testing.TB
	url    string
	mu     sync.Mutex
	calls  []heard
	script map[string]answerer
	spent  map[string]bool
	proof  string
	clock  time.Time
}

// now is the clock of both sides.
func (b *aspsp) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

type heard struct {
	what   string // "GET /accounts", "POST /token refresh_token"
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

var today, _ = time.Parse(time.RFC3339, now)

// open starts a bank, with certain lines in its catalogue entry, and a dialect that speaks with it.
func open(t testing.TB, changes string, script map[string]answerer) (*aspsp, *openbanking.Dialect) {
	t.Helper()
	b := &aspsp{t: t, script: map[string]answerer{}, spent: map[string]bool{}, proof: "client_assertion", clock: today}
	server := httptest.NewUnstartedServer(b)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{papers().bank}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: papers().authority.Pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	b.url = server.URL
	b.script["GET /.well-known/openid-configuration"] = says(200, `{"issuer":"{bank}","authorization_endpoint":"{bank}/authorize","token_endpoint":"{bank}/token","jwks_uri":"{bank}/keys"}`)
	b.script["GET /keys"] = func(heard) (int, string) { return 200, keys(0) }
	b.script["POST /token client_credentials"] = says(200, `{"access_token":"canary-ours","token_type":"Bearer","expires_in":300}`)
	for what, answer := range script {
		b.script[what] = answer
	}
	text := "id: bank\nname: Bank\ncountry: GB\nstandard: open-banking-uk\nversion: '3.1.11'\naddresses: {api: '" + b.url + "'}\nsca: {approaches: [redirect]}\n" +
		"oauth: {kind: openid, issuer: '" + b.url + "'}\nconsent: {model: permissions}\n"
	for line := range strings.Lines(changes) { // a line takes the place of the one of its name
		name, _, _ := strings.Cut(line, ":")
		if at := regexp.MustCompile(`(?m)^` + name + `:.*\n`); at.MatchString(text) {
			text = at.ReplaceAllLiteralString(text, strings.ReplaceAll(line, "{bank}", b.url))
			continue
		}
		text += line
	}
	entry, err := catalogue.Parse("bank.yaml", []byte(text), map[string]catalogue.Quirks{catalogue.OpenBankingUK: openbanking.Quirks()})
	require.NoError(t, err)
	if entry.OAuth.Proof == catalogue.Certificate {
		b.proof = "client_id"
	}
	identity := operator.Identity{Transport: &papers().web, Seal: &papers().seal, Roots: papers().authority.Pool(), ClientID: clientID}
	line, err := bankhttp.New(entry, identity)
	require.NoError(t, err)
	d, err := openbanking.New(openbanking.Dialect{Bank: entry, Identity: identity, Line: line, Now: b.now, Random: rand.Reader})
	require.NoError(t, err)
	return b, d
}

// keys are the bank's, as it publishes them, with some that nobody can use.
func keys(which ...int) string {
	set := []string{`{"kty":"OKP","crv":"X9","kid":"strange","x":"AA"}`, `"none"`}
	for _, i := range which {
		set = append(set, fmt.Sprintf(`{"kty":"RSA","use":"sig","kid":"key-%d","n":%q,"e":"AQAB"}`, i, base64.RawURLEncoding.EncodeToString(papers().keys[i].N.Bytes())))
	}
	return `{"keys":[` + strings.Join(set, ",") + `]}`
}

func (b *aspsp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	path, resource := strings.CutPrefix(r.URL.Path, "/open-banking/v3.1/aisp")
	what := r.Method + " " + path
	form, _ := url.ParseQuery(string(body))
	if path == "/token" {
		what += " " + form.Get("grant_type")
	}
	call := heard{what, r.URL.Query(), r.Header, string(body)}
	b.mu.Lock()
	b.calls = append(b.calls, call)
	answer := b.script[what]
	b.mu.Unlock()
	complaint := ""
	switch {
	case resource:
		complaint = inspect(r)
	case path == "/token":
		complaint = b.knows(form)
	}
	if complaint != "" {
		b.t.Errorf("%s: %s", what, complaint)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	status, text := http.StatusBadRequest, `{"Code":"400","Message":"canary","Errors":[{"ErrorCode":"UK.OBIE.Resource.NotFound","Message":"canary-text"}]}`
	if answer != nil {
		b.mu.Lock()
		status, text = answer(call)
		b.mu.Unlock()
	}
	w.Header().Set("x-fapi-interaction-id", r.Header.Get("x-fapi-interaction-id"))
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	for kind, rest, found := strings.Cut(text, "\x00"); found; kind, rest, found = strings.Cut(text, "\x00") { // another header
		name, value, _ := strings.Cut(kind, ": ")
		w.Header().Set(name, value)
		text = rest
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, strings.ReplaceAll(text, "{bank}", b.url))
}

var (
	uuid     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	fullDate = regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} (GMT|UTC)$`)
)

// inspect is the strict side of the standard.
func inspect(r *http.Request) string {
	here, since := r.Header.Get("x-fapi-customer-ip-address"), r.Header.Get("x-fapi-auth-date")
	switch {
	case len(r.TLS.PeerCertificates) == 0:
		return "no client certificate"
	case !uuid.MatchString(r.Header.Get("x-fapi-interaction-id")):
		return "x-fapi-interaction-id is no UUID"
	case !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer canary-"):
		return "no token"
	case (here == "") != (since == "") || since != "" && !fullDate.MatchString(since):
		return "half an attendance: " + here + " " + since
	case here == "" && r.Header.Get("x-customer-user-agent") != "":
		return "somebody's browser, and nobody is there"
	case r.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		return "a body of another kind"
	}
	return ""
}

// knows is how the token server tells who calls: by a statement that is good once, or by the certificate.
func (b *aspsp) knows(form url.Values) string {
	if b.proof == "client_id" {
		if form.Get("client_id") != clientID || form.Has("client_assertion") {
			return "another client"
		}
		return ""
	}
	if form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		return "no statement"
	}
	said, err := ours(form.Get("client_assertion"), jwt.WithIssuer(clientID), jwt.WithSubject(clientID), jwt.WithAudience(b.url+"/token"), jwt.WithExpirationRequired())
	if err != nil {
		return err.Error()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	id, _ := said["jti"].(string)
	if id == "" || b.spent[id] {
		return "a statement for the second time"
	}
	b.spent[id] = true
	return ""
}

// ours reads what the plugin signed, with another implementation.
func ours(signed string, options ...jwt.ParserOption) (jwt.MapClaims, error) {
	said := jwt.MapClaims{}
	options = append(options, jwt.WithValidMethods([]string{"PS256"}), jwt.WithTimeFunc(func() time.Time { return today.Add(2 * time.Minute) }), jwt.WithIssuedAt())
	_, err := jwt.ParseWithClaims(signed, said, func(t *jwt.Token) (any, error) {
		if t.Header["kid"] != "our-key" || t.Header["typ"] != "JWT" {
			return nil, fmt.Errorf("another header: %v", t.Header)
		}
		return &papers().seal.Key.(*rsa.PrivateKey).PublicKey, nil
	}, options...)
	return said, err
}

// signs makes an id_token with another implementation than the plugin's.
func signs(method jwt.SigningMethod, key int, claims jwt.MapClaims) string {
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = fmt.Sprint("key-", key)
	text, err := token.SignedString(papers().keys[key])
	if err != nil {
		panic(err)
	}
	return text
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
	b.calls = nil
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
	require.NotContains(t, fmt.Sprint(failure.Cause), "canary")
	return failure
}

// fields reads JSON.
func fields(t *testing.T, text string) (out map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &out))
	return out
}
