package conformance

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
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
	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

const bankFile = `bank: {page_size: 2, origin: 2026-03-14}
personas:
  - {login: plain, password: canary-password, holder: Ann}
  - {login: texted, password: canary-password, holder: Bob, challenge: {kind: sms_code, code: "123456", phone: "+33 6 12 34 56 12"}}
  - {login: phoned, password: canary-password, holder: Cat, challenge: {kind: app_approval, approve_after_polls: 2}}
  - {login: chooser, password: canary-password, holder: Flo, challenge: {kind: options, code: "1234", question: Where to, options: [{value: sms, label: Text}, {value: mail, label: Mail}]}}
  - {login: reader, password: canary-password, holder: Gil, challenge: {kind: image, code: "4711"}}
  - {login: metered, password: canary-password, holder: Kim, behaviours: [{kind: quota, calls: 1, reason: canary-reason}]}
  - {login: weekly, password: canary-password, holder: Nia, behaviours: [{kind: consent_lifetime, days: 7}]}
accounts:
  - ref: current
    owner: plain
    co_owners: [texted, phoned, chooser, reader, weekly]
    type: CHECKINGS
    name: Current
    iban: FR76 9999 1004 2000 0001 0010 180
    currency: EUR
    balance: 100.00
    transactions:
      - {date: 2026-03-14, amount: -3.00, label: three, kind: card, mcc: "5411", status: PENDING}
      - {date: 2026-03-13, amount: 2.00, label: two, kind: transfer, counterparty: Employer}
      - {date: 2026-03-12, amount: -1.00, label: one, kind: direct_debit, counterparty: Power}
      - {date: 2026-02-01, value_date: 2026-02-02, transaction_date: 2026-01-31, amount: -0.50, label: old, kind: atm}
  - ref: card
    owner: plain
    type: CREDIT_CARD
    name: Card
    number: "525412******3241"
    currency: EUR
    balance: -12.30
    credit_limit: 1000.00
    transactions:
      - {date: 2026-03-10, amount: -12.30, label: Shop, kind: card, mcc: "5411"}
  - {ref: metered-current, owner: metered, type: CHECKINGS, name: Current, iban: FR76 9999 1004 2000 0001 0010 277, currency: EUR, balance: 1.00}
`

// world is the plugin's dialect before the test bank, with a tap between them.
type world struct {
	t         *testing.T
	bank      *bank.Bank
	tap       *tap
	authority *eidas.Authority
	base      string
	// seals are certificates by the address where the bank looks for them.
	seals sync.Map
	// credentials are what the user gave at the beginning.
	credentials sdk.Secrets
	http        *http.Client
	mu          sync.Mutex
	now         time.Time
}

var company = eidas.Organization{Name: "Example SAS", Country: "FR", ID: "PSDFR-ACPR-12345", Supervisor: "ACPR", SupervisorID: "FR-ACPR"}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func open(t *testing.T) *world {
	t.Helper()
	return openWith(t, bankFile)
}

func openWith(t *testing.T, text string) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)}
	var err error
	w.authority, err = issuer()
	require.NoError(t, err)
	file, err := config.Parse([]byte(text))
	require.NoError(t, err)
	served, err := testbank.New(file, bank.Options{Now: w.clock, Authorities: w.authority.Pool(), Seals: w.sealAt})
	require.NoError(t, err)
	w.bank, w.tap = served.Bank, &tap{next: served}
	own := webOf(t, eidas.Organization{Name: "Bank", Country: "DE", ID: "PSDDE-BAFIN-1", Roles: []eidas.Role{eidas.AccountServicing}}, "127.0.0.1")
	server := httptest.NewUnstartedServer(w.tap)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{loaded(t, own)}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: w.authority.Pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	w.base = server.URL
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	w.http = &http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.authority.Pool(), MinVersion: tls.VersionTLS12}},
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if !strings.HasPrefix(r.URL.String(), w.base) {
				return http.ErrUseLastResponse
			}
			return nil
		}}
	return w
}

// sealAt is where the bank looks for a certificate.
func (w *world) sealAt(_ context.Context, address string) (*x509.Certificate, error) {
	if found, known := w.seals.Load(address); known {
		return found.(*x509.Certificate), nil
	}
	return nil, errors.New("there is nothing at " + address)
}

// keep has another process of the same bank take the place of the one before: it writes consents down, and knows some.
func (w *world) keep(text string, into, known map[string]bank.Kept) {
	w.t.Helper()
	file, err := config.Parse([]byte(text))
	require.NoError(w.t, err)
	served, err := testbank.New(file, bank.Options{
		Now: w.clock, Authorities: w.authority.Pool(), Seals: w.sealAt, Kept: slices.Collect(maps.Values(known)), Keep: func(k bank.Kept) { into[k.ID] = k },
	})
	require.NoError(w.t, err)
	w.bank, w.tap.next = served.Bank, served
}

func loaded(t *testing.T, p eidas.Pair) tls.Certificate {
	t.Helper()
	out, err := tls.X509KeyPair(p.Certificate, p.Key)
	require.NoError(t, err)
	return out
}

// as makes a dialect of the plugin for a company and an entry of the catalogue.
func (w *world) as(who eidas.Organization, changes string) *berlin.Dialect {
	w.t.Helper()
	return w.asAt(who, changes, w.base+"/xs2a", "1.3.11")
}

// asAt is as, for a bank at another address.
func (w *world) asAt(who eidas.Organization, changes, api, version string, hosts ...string) *berlin.Dialect {
	w.t.Helper()
	text := "{id: testbank, name: Test Bank, country: FR, standard: berlin-group, version: '" + version + "', addresses: {api: '" + api + "', hosts: [" + strings.Join(hosts, ", ") + "]}, signature: {}, " +
		"quirks: [until-latest], " + changes + "}"
	if !strings.Contains(changes, "accounts:") {
		text = strings.TrimSuffix(text, "}") + ", accounts: {cards: true}}"
	}
	if !strings.Contains(changes, "consent:") {
		text = strings.TrimSuffix(text, "}") + ", consent: {model: global}}"
	}
	entry, err := catalogue.Parse("testbank.yaml", []byte(text), map[string]catalogue.Quirks{catalogue.BerlinGroup: berlin.Quirks()})
	require.NoError(w.t, err)
	transport := loaded(w.t, webOf(w.t, who))
	identity := operator.Identity{Transport: &transport, Seal: seal(w.t, sealOf(w.t, who)), Roots: w.authority.Pool(), ClientID: who.ID}
	line, err := bankhttp.New(entry, identity)
	require.NoError(w.t, err)
	return &berlin.Dialect{Bank: entry, Identity: identity, Line: line, Now: w.clock, Random: rand.Reader}
}

func seal(t *testing.T, p eidas.Pair) *operator.Seal {
	t.Helper()
	block, _ := pem.Decode(p.Certificate)
	certificate, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	key, _ := pem.Decode(p.Key)
	private, err := x509.ParsePKCS8PrivateKey(key.Bytes)
	require.NoError(t, err)
	return &operator.Seal{Certificate: certificate, Key: private.(crypto.Signer)}
}

var (
	someone = &sdk.PSU{IP: "192.0.2.1", UserAgent: "Browser"}
	hidden  = regexp.MustCompile(`name="accounts" value="([^"]+)"`)
)

const returnURL = "https://us.example/connect/return"

func (w *world) begin(d *berlin.Dialect, credentials sdk.Secrets) sdk.Step {
	w.t.Helper()
	w.credentials = credentials
	step, err := d.Begin(w.t.Context(), sdk.BeginRequest{PSU: someone, Credentials: credentials, ReturnURL: returnURL, ReturnState: "s-1"})
	require.NoError(w.t, err)
	return step
}

func (w *world) next(d *berlin.Dialect, step sdk.Step, answers sdk.Secrets) (sdk.Step, error) {
	w.t.Helper()
	require.NotNil(w.t, step.Challenge)
	return d.Continue(w.t.Context(), sdk.ContinueRequest{
		PSU: someone, ChallengeID: step.Challenge.ID, Answers: answers, Poll: answers == nil, State: step.Challenge.State, ReturnURL: returnURL, ReturnState: "s-2",
		Credentials: w.credentials,
	})
}

// post sends one form of the bank's page and gives where the browser is then, and what it sees.
func (w *world) post(page string, form url.Values) (at string, text string) {
	w.t.Helper()
	response, err := w.http.PostForm(page, form)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	if location := response.Header.Get("Location"); location != "" {
		return location, string(body)
	}
	return response.Request.URL.String(), string(body)
}

// follow opens an address and gives the page where the browser arrives.
func (w *world) follow(address string) string {
	w.t.Helper()
	response, err := w.http.Get(address) //nolint:noctx // a browser
	require.NoError(w.t, err)
	require.NoError(w.t, response.Body.Close())
	require.Equal(w.t, http.StatusOK, response.StatusCode)
	return response.Request.URL.String()
}

// onPage is a customer in a browser who logs in and agrees, or does not.
func (w *world) onPage(page, login, decision string) (back url.Values) {
	w.t.Helper()
	_, text := w.post(page, url.Values{"login": {login}, "password": {"canary-password"}})
	form := url.Values{"decision": {decision}}
	for _, found := range hidden.FindAllStringSubmatch(text, -1) {
		form.Add("accounts", found[1])
	}
	at, _ := w.post(page, form)
	address, err := url.Parse(at)
	require.NoError(w.t, err)
	require.Equal(w.t, "us.example", address.Host, text)
	return address.Query()
}

func (w *world) fetch(d *berlin.Dialect, ready *sdk.Ready, psu *sdk.PSU) (*sink, error) {
	s := &sink{}
	return s, d.Fetch(w.t.Context(), sdk.FetchRequest{
		PSU: psu, Mode: sdk.FetchAll, State: ready.State, Secrets: ready.Secrets, Window: sdk.Window{Default: "2026-01-01", To: "2026-03-14"},
	}, s)
}

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
