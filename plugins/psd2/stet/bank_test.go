package stet_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/psd2/stet"
)

const sealAddress = "https://us.example/qseal.pem"

// papers are the certificates of all tests.
var papers = sync.OnceValue(func() *scripted.Papers {
	p := scripted.PapersOf(
		eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345", Supervisor: "ACPR", SupervisorID: "FR-ACPR"},
		eidas.Organization{Name: "Banque", Country: "FR", ID: "PSDFR-ACPR-1", Roles: []eidas.Role{eidas.AccountServicing}},
	)
	p.Seal.Address = sealAddress
	return p
})

// aspsp is a small bank of the standard.
type aspsp = scripted.Bank

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

// open starts a bank, with certain lines in its catalogue entry, and a dialect that speaks with it.
func open(t testing.TB, model, changes string, script map[string]answerer) (*aspsp, *stet.Dialect) {
	t.Helper()
	b := scripted.Start(t, papers(), scripted.Standard{
		Prefix: "/stet/psd2", Media: "application/hal+json; charset=utf-8", Unknown: says(404, `{"status":404,"message":"canary-text"}`), Complain: inspect,
	}, script)
	entry, err := catalogue.Parse("bank.yaml", []byte("id: bank\nname: Banque\ncountry: FR\nstandard: stet\nversion: '1.4.0'\naddresses: {api: '"+b.URL+"/stet/psd2'}\nsca: {approaches: [redirect]}\n"+
		"oauth: {kind: pre-step, authorization: '"+b.URL+"/authorize', token: '"+b.URL+"/token', scope: aisp extended_transaction_history}\nconsent: {model: "+model+"}\nsignature: {}\n"+changes),
		map[string]catalogue.Quirks{catalogue.STET: stet.Quirks()})
	require.NoError(t, err)
	identity := papers().Identity("PSDFR-ACPR-12345")
	line, err := bankhttp.New(entry, identity)
	require.NoError(t, err)
	return b, &stet.Dialect{Bank: entry, Identity: identity, Line: line, Now: scripted.Today, Random: rand.Reader}
}

var (
	uuid   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	signed = regexp.MustCompile(`^keyId="([^"]+)",algorithm="rsa-sha256",headers="([a-z() -]+)",signature="([^"]+)"$`)
)

// inspect is the strict side of the standard: identity, token, signature by the address of its certificate. It shares no
// code with what it checks.
func inspect(r *http.Request, path string, body []byte) string {
	if path == "/token" {
		return ""
	}
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
	if rsa.VerifyPKCS1v15(papers().Seal.Certificate.PublicKey.(*rsa.PublicKey), 5, text[:], value) != nil {
		return "the signature is wrong"
	}
	return ""
}
