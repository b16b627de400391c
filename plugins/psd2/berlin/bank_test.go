package berlin_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/berlin"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
)

// papers are the certificates of all tests.
var papers = sync.OnceValue(func() *scripted.Papers {
	return scripted.PapersOf(
		eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345", Supervisor: "ACPR", SupervisorID: "FR-ACPR"},
		eidas.Organization{Name: "Bank", Country: "DE", ID: "PSDDE-BAFIN-1", Supervisor: "BaFin", SupervisorID: "DE-BAFIN", Roles: []eidas.Role{eidas.AccountServicing}},
	)
})

// aspsp is a small bank of the standard.
type aspsp struct {
	*scripted.Bank

	bank catalogue.Bank
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
	b := &aspsp{bank: entry(t, changes), Bank: scripted.Start(t, papers(), scripted.Standard{
		Prefix: "/psd2", Media: "application/json", Unknown: says(404, `{"tppMessages":[{"category":"ERROR","code":"RESOURCE_UNKNOWN"}]}`), Complain: inspect,
	}, script)}
	b.bank.Addresses.API = b.URL + "/psd2"
	if b.bank.OAuth != nil && b.bank.OAuth.Token != "" {
		b.bank.OAuth.Authorization, b.bank.OAuth.Token = b.URL+"/authorize", b.URL+"/token"
	}
	identity := papers().Identity("PSDFR-ACPR-12345")
	line, err := bankhttp.New(b.bank, identity)
	require.NoError(t, err)
	return b, &berlin.Dialect{Bank: b.bank, Identity: identity, Line: line, Now: scripted.Today, Random: rand.Reader}
}

var (
	uuid      = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	signed    = regexp.MustCompile(`^keyId="SN=([0-9A-F]+),CA=(.+)",algorithm="rsa-sha256",headers="([a-z -]+)",signature="([^"]+)"$`)
	mandatory = []string{"digest", "x-request-id"}
)

// inspect is the strict side of the standard: identity, signature, digest, mandatory headers. It shares no code with what
// it checks.
func inspect(r *http.Request, path string, body []byte) string {
	if !strings.HasPrefix(path, "/v1/") {
		return ""
	}
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

func fields(t *testing.T, text string) (out map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &out))
	return out
}
