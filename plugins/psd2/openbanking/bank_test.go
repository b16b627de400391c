package openbanking_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
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
	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
)

// papers are the certificates of all tests.
var papers = sync.OnceValue(func() *scripted.Papers {
	p := scripted.PapersOf(
		eidas.Organization{Name: "Example", Country: "GB", ID: clientID},
		eidas.Organization{Name: "Bank", Country: "GB", ID: "PSDGB-FCA-1", Roles: []eidas.Role{eidas.AccountServicing}},
	)
	p.Seal.KeyID = "our-key"
	return p
})

// signing are the keys of the bank, the newer one second.
var signing = sync.OnceValue(func() (keys [2]*rsa.PrivateKey) {
	for i := range keys {
		var err error
		if keys[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			panic(err)
		}
	}
	return keys
})

const clientID = "PSDGB-FCA-123456"

// aspsp is a small bank of the standard. It reads and makes JOSE with another implementation than the plugin's.
type aspsp struct {
	*scripted.Bank

	mu sync.Mutex
	// spent are the statements that were made, of a client that proves itself by them.
	spent map[string]bool
	proof string
	clock time.Time
}

// now is the clock of both sides.
func (b *aspsp) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

type (
	heard    = scripted.Heard
	answerer = scripted.Answerer
	sink     = scripted.Sink
)

var (
	says      = scripted.Says
	inTurn    = scripted.InTurn
	failsWith = scripted.FailsWith
	testdata  = scripted.Testdata
	someone   = scripted.Someone()
)

const now = scripted.Now

var today = scripted.Today()

// open starts a bank, with certain lines in its catalogue entry, and a dialect that speaks with it.
func open(t testing.TB, changes string, script map[string]answerer) (*aspsp, *openbanking.Dialect) {
	t.Helper()
	b := &aspsp{spent: map[string]bool{}, proof: "client_assertion", clock: today}
	b.Bank = scripted.Start(t, papers(), scripted.Standard{
		Prefix: "/open-banking/v3.1/aisp", Media: "application/json; charset=utf-8", Echo: "x-fapi-interaction-id", Complain: b.complain,
		Unknown: says(400, `{"Code":"400","Message":"canary","Errors":[{"ErrorCode":"UK.OBIE.Resource.NotFound","Message":"canary-text"}]}`),
		Name: func(path string, body []byte) string {
			form, _ := url.ParseQuery(string(body))
			if path != "/token" {
				return ""
			}
			return " " + form.Get("grant_type")
		},
	}, map[string]answerer{})
	b.Script["GET /.well-known/openid-configuration"] = says(200, `{"issuer":"{bank}","authorization_endpoint":"{bank}/authorize","token_endpoint":"{bank}/token","jwks_uri":"{bank}/keys"}`)
	b.Script["GET /keys"] = func(heard) (int, string) { return 200, keys(0) }
	b.Script["POST /token client_credentials"] = says(200, `{"access_token":"canary-ours","token_type":"Bearer","expires_in":300}`)
	for what, answer := range script {
		b.Script[what] = answer
	}
	text := "id: bank\nname: Bank\ncountry: GB\nstandard: open-banking-uk\nversion: '3.1.11'\naddresses: {api: '" + b.URL + "'}\nsca: {approaches: [redirect]}\n" +
		"oauth: {kind: openid, issuer: '" + b.URL + "'}\nconsent: {model: permissions}\n"
	for line := range strings.Lines(changes) { // a line takes the place of the one of its name
		name, _, _ := strings.Cut(line, ":")
		if at := regexp.MustCompile(`(?m)^` + name + `:.*\n`); at.MatchString(text) {
			text = at.ReplaceAllLiteralString(text, strings.ReplaceAll(line, "{bank}", b.URL))
			continue
		}
		text += line
	}
	entry, err := catalogue.Parse("bank.yaml", []byte(text), map[string]catalogue.Quirks{catalogue.OpenBankingUK: openbanking.Quirks()})
	require.NoError(t, err)
	if entry.OAuth.Proof == catalogue.Certificate {
		b.proof = "client_id"
	}
	identity := papers().Identity(clientID)
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
		set = append(set, fmt.Sprintf(`{"kty":"RSA","use":"sig","kid":"key-%d","n":%q,"e":"AQAB"}`, i, base64.RawURLEncoding.EncodeToString(signing()[i].N.Bytes())))
	}
	return `{"keys":[` + strings.Join(set, ",") + `]}`
}

// complain is what is wrong with a call of the standard, or of the token server.
func (b *aspsp) complain(r *http.Request, path string, body []byte) string {
	switch {
	case path != r.URL.Path:
		return inspect(r)
	case path == "/token":
		form, _ := url.ParseQuery(string(body))
		return b.knows(form)
	}
	return ""
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
	said, err := ours(form.Get("client_assertion"), jwt.WithIssuer(clientID), jwt.WithSubject(clientID), jwt.WithAudience(b.URL+"/token"), jwt.WithExpirationRequired())
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
		return &papers().Seal.Key.(*rsa.PrivateKey).PublicKey, nil
	}, options...)
	return said, err
}

// signs makes an id_token with another implementation than the plugin's.
func signs(method jwt.SigningMethod, key int, claims jwt.MapClaims) string {
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = fmt.Sprint("key-", key)
	text, err := token.SignedString(signing()[key])
	if err != nil {
		panic(err)
	}
	return text
}

// fields reads JSON.
func fields(t *testing.T, text string) (out map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &out))
	return out
}
