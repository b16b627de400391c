//go:build conformance

package conformance

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/oidc"
	"github.com/tributary-dev/tributary/plugins/psd2/openbanking"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// openBanking are the official descriptions of UK Open Banking, each with the words of its version.
var openBanking = map[string]struct {
	description, path string
	words             *strings.Replacer
}{
	"3.1.11": {"obie/account-info-openapi-3.1.11r5.json", "v3.1", strings.NewReplacer()},
	"4.0": {"obie/account-info-openapi-4.0-update4.json", "v4.0", strings.NewReplacer(
		"AwaitingAuthorisation", "AWAU", "Authorised", "AUTH", `"AccountType"`, `"AccountCategory"`, `"AccountSubType":"CurrentAccount"`, `"AccountTypeCode":"CACC"`, "InterimBooked", "ITBD", "Booked", "BOOK",
	)},
}

// openBank is a bank that answers as the description has it, and its third party.
type openBank struct {
	*tap
	t  *testing.T
	d  *openbanking.Dialect
	at string
	// id is the consent that the bank gave, for the proof of the code.
	id  func() string
	key *rsa.PrivateKey
}

// openBankOf starts it before what answers its calls.
func openBankOf(t *testing.T, version string, next http.Handler, id func() string) *openBank {
	t.Helper()
	authority, err := issuer()
	require.NoError(t, err)
	own := webOf(t, eidas.Organization{Name: "Bank", Country: "GB", ID: "PSDGB-FCA-1", Roles: []eidas.Role{eidas.AccountServicing}}, "127.0.0.1")
	web, sealed := webOf(t, company), sealOf(t, company)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	b := &openBank{tap: &tap{below: "/open-banking/"}, t: t, id: id, key: key}
	b.next = b.knowing(next)
	server := httptest.NewUnstartedServer(b.tap)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{loaded(t, own)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authority.Pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	b.at = server.URL
	entry, err := catalogue.Parse("bank.yaml", []byte(fmt.Sprintf("{id: bank, name: Bank, country: GB, standard: open-banking-uk, version: '%[2]s', addresses: {api: '%[1]s'}, sca: {approaches: [redirect]}, "+
		"oauth: {kind: openid, issuer: '%[1]s'}, consent: {model: permissions, owner_names: true}}", server.URL, version)), map[string]catalogue.Quirks{catalogue.OpenBankingUK: openbanking.Quirks()})
	require.NoError(t, err)
	transport := loaded(t, web)
	identity := operator.Identity{Transport: &transport, Seal: seal(t, sealed), Roots: authority.Pool(), ClientID: company.ID}
	line, err := bankhttp.New(entry, identity)
	require.NoError(t, err)
	b.d, err = openbanking.New(openbanking.Dialect{Bank: entry, Identity: identity, Line: line, Now: time.Now, Random: rand.Reader})
	require.NoError(t, err)
	return b
}

// knowing is the authorisation server before the bank, of which the descriptions say nothing.
func (b *openBank) knowing(next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", next)
	say := func(pattern string, text func() string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, text())
		})
	}
	say("GET /.well-known/openid-configuration", func() string {
		return strings.ReplaceAll(`{"issuer":"{}","authorization_endpoint":"{}/authorize","token_endpoint":"{}/token","jwks_uri":"{}/keys"}`, "{}", b.at)
	})
	say("GET /keys", func() string {
		return `{"keys":[{"kty":"RSA","kid":"1","e":"AQAB","n":"` + base64.RawURLEncoding.EncodeToString(b.key.N.Bytes()) + `"}]}`
	})
	say("POST /token", func() string { return frenchToken })
	return mux
}

// lives plays the life of a consent: with the user there, later, with nobody there, and its end.
func (b *openBank) lives() (all []*sink) {
	b.t.Helper()
	begin := func(secrets sdk.Bundle) sdk.Step {
		step, err := b.d.Begin(b.t.Context(), sdk.BeginRequest{PSU: someone, Secrets: secrets, ReturnURL: returnURL, ReturnState: "s"})
		require.NoError(b.t, err)
		return step
	}
	step := begin(sdk.Bundle{})
	require.NotNil(b.t, step.Challenge)
	page, err := url.Parse(step.Challenge.URL)
	require.NoError(b.t, err)
	signed := jwt.NewWithClaims(jwt.SigningMethodPS256, jwt.MapClaims{
		"iss": b.at, "aud": company.ID, "sub": "somebody", "openbanking_intent_id": b.id(), "nonce": page.Query().Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
		"s_hash": oidc.Half("s"), "c_hash": oidc.Half("c"),
	})
	signed.Header["kid"] = "1"
	proof, err := signed.SignedString(b.key)
	require.NoError(b.t, err)
	done, err := b.d.Continue(b.t.Context(), sdk.ContinueRequest{PSU: someone, Answers: sdk.Secrets{"code": "c", "id_token": proof}, State: step.Challenge.State})
	require.NoError(b.t, err)
	require.NotNil(b.t, done.Ready)
	begin(done.Ready.Secrets)
	for _, psu := range []*sdk.PSU{someone, nil} {
		s := &sink{}
		require.NoError(b.t, b.d.Fetch(b.t.Context(), sdk.FetchRequest{PSU: psu, Mode: sdk.FetchAll, State: done.Ready.State, Secrets: done.Ready.Secrets, Window: sdk.Window{Default: "2017-01-01", To: "2026-03-15"}}, s))
		all = append(all, s)
	}
	require.NoError(b.t, b.d.End(b.t.Context(), sdk.EndRequest{Secrets: done.Ready.Secrets, Revoke: true}))
	return all
}

// answers are what a bank says, as the description of 3.1.11 has it.
var answers = map[string]struct {
	status int
	text   string
}{
	"POST /account-access-consents":               {201, `{"Data":{"ConsentId":"urn-1","CreationDateTime":"2026-03-15T10:00:00+00:00","Status":"AwaitingAuthorisation","StatusUpdateDateTime":"2026-03-15T10:00:00+00:00","Permissions":["ReadAccountsDetail","ReadBalances","ReadTransactionsCredits","ReadTransactionsDebits","ReadTransactionsDetail","ReadParty"]},"Risk":{},"Links":{"Self":"https://ob.bank.example/x"},"Meta":{"TotalPages":1}}`},
	"GET /account-access-consents/{ConsentId}":    {200, `{"Data":{"ConsentId":"urn-1","CreationDateTime":"2026-03-15T10:00:00+00:00","Status":"Authorised","StatusUpdateDateTime":"2026-03-15T10:00:00+00:00","Permissions":["ReadAccountsDetail"]},"Risk":{},"Links":{"Self":"https://ob.bank.example/x"},"Meta":{}}`},
	"DELETE /account-access-consents/{ConsentId}": {204, ``},
	"GET /accounts":                          {200, `{"Data":{"Account":[{"AccountId":"22289","Status":"Enabled","Currency":"GBP","AccountType":"Personal","AccountSubType":"CurrentAccount","Nickname":"Bills","Account":[{"SchemeName":"UK.OBIE.SortCodeAccountNumber","Identification":"80200110203345"}]}]},"Links":{"Self":"https://ob.bank.example/x"},"Meta":{"TotalPages":1}}`},
	"GET /accounts/{AccountId}/party":        {200, `{"Data":{"Party":{"PartyId":"p-1","Name":"A. Jones","FullLegalName":"Ada Jones"}},"Links":{"Self":"https://ob.bank.example/x"},"Meta":{}}`},
	"GET /accounts/{AccountId}/balances":     {200, `{"Data":{"Balance":[{"AccountId":"22289","CreditDebitIndicator":"Credit","Type":"InterimBooked","DateTime":"2026-03-15T09:30:00+00:00","Amount":{"Amount":"230.00","Currency":"GBP"}}]},"Links":{"Self":"https://ob.bank.example/x"},"Meta":{}}`},
	"GET /accounts/{AccountId}/transactions": {200, `{"Data":{"Transaction":[{"AccountId":"22289","TransactionId":"1","CreditDebitIndicator":"Debit","Status":"Booked","BookingDateTime":"2026-03-01T00:00:00+00:00","Amount":{"Amount":"12.25","Currency":"GBP"}}]},"Links":{"Self":"https://ob.bank.example/x"},"Meta":{}}`},
}

// openFaults are planted in what each operation says.
var openFaults = map[string]fault{
	"POST /account-access-consents":               {`"Status":"A`, `"Status":"Perhaps a`},
	"GET /account-access-consents/{ConsentId}":    {`"StatusUpdateDateTime":"2026-03-15T`, `"StatusUpdateDateTime":"15/03/2026 `},
	"DELETE /account-access-consents/{ConsentId}": {}, // no body: the number is not played back
	"GET /accounts":                          {`"Currency":"GBP"`, `"Currency":"gbp"`},
	"GET /accounts/{AccountId}/party":        {`"PartyId"`, `"Id"`},
	"GET /accounts/{AccountId}/balances":     {`"CreditDebitIndicator":"Credit"`, `"CreditDebitIndicator":"CRDT"`},
	"GET /accounts/{AccountId}/transactions": {`"Amount":"12.25"`, `"Amount":"-12.25"`},
}

func scriptedUK(version string) http.Handler {
	mux := http.NewServeMux()
	v := openBanking[version]
	for operation, a := range answers {
		method, path, _ := strings.Cut(operation, " ")
		mux.HandleFunc(method+" /open-banking/"+v.path+"/aisp"+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("x-fapi-interaction-id", r.Header.Get("x-fapi-interaction-id"))
			if a.text != "" {
				w.Header().Set("Content-Type", "application/json; charset=utf-8")
			}
			w.WriteHeader(a.status)
			_, _ = io.WriteString(w, v.words.Replace(a.text))
		})
	}
	return mux
}

// TestOfficialOpenBanking holds every request of the plugin to the official descriptions, and what it is answered here.
func TestOfficialOpenBanking(t *testing.T) {
	folder := os.Getenv("TRIBUTARY_SPECS")
	require.NotEmpty(t, folder, "TRIBUTARY_SPECS is to name the folder of the official descriptions")
	for version, v := range openBanking {
		j := judgeOf(t, filepath.Join(folder, v.description), "/open-banking/"+v.path+"/aisp")
		b := openBankOf(t, version, scriptedUK(version), func() string { return "urn-1" })
		for _, s := range b.lives() {
			require.Len(t, itemsOf[sdk.TransactionsItem](s), 1)
			require.Len(t, itemsOf[sdk.BalancesItem](s), 1)
			require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
		}
		samples := map[string]exchange{}
		for _, e := range b.all() {
			operation, request, answer := j.violations(e)
			require.NoError(t, request, "%s %s", version, operation)
			require.NoError(t, answer, "%s %s", version, operation)
			samples[operation] = e
		}
		require.Len(t, samples, len(openFaults), version)
		for operation, e := range samples {
			plantUK(t, j, version+" "+operation, e, openFaults[operation])
		}
		consent := samples["POST /account-access-consents"]
		for _, change := range []fault{{`"ReadBalances"`, `"ReadEverything"`}, {`,"Risk":{}`, ``}, {`"Permissions"`, `"Scopes"`}} {
			spoiled := consent
			spoiled.sent = bytes.Replace(consent.sent, []byte(change.was), []byte(change.becomes), 1)
			require.NotEqual(t, consent.sent, spoiled.sent, change.was)
			_, request, _ := j.violations(spoiled)
			require.Error(t, request, "%s: a consent request without %s is not seen", version, change.was)
		}
		t.Logf("conformance: open-banking-uk %s: %d exchanges of %d operations, 0 violations", version, len(b.all()), len(samples))
	}
}

// plantUK spoils an exchange on both sides, and wants that to be seen.
func plantUK(t *testing.T, j *judge, name string, e exchange, f fault) {
	t.Helper()
	spoiled := e
	spoiled.request = e.request.Clone(t.Context())
	spoiled.request.Header.Del("Authorization")
	_, request, _ := j.violations(spoiled)
	require.Error(t, request, "%s: a request without a token is not seen", name)
	if e.request.Header.Get("x-fapi-auth-date") != "" {
		spoiled.request = e.request.Clone(t.Context())
		spoiled.request.Header.Set("x-fapi-auth-date", "2026-03-15T10:00:00Z")
		_, request, _ = j.violations(spoiled)
		require.Error(t, request, "%s: another form of a date is not seen", name)
	}
	spoiled = e
	spoiled.header = e.header.Clone()
	spoiled.header.Del("x-fapi-interaction-id")
	_, _, answer := j.violations(spoiled)
	require.Error(t, answer, "%s: a number that is not played back is not seen", name)
	if f.was == "" {
		return
	}
	spoiled = e
	spoiled.received = bytes.Replace(e.received, []byte(f.was), []byte(f.becomes), 1)
	require.NotEqual(t, string(e.received), string(spoiled.received), "%s: the fault finds no place", name)
	_, _, answer = j.violations(spoiled)
	require.Error(t, answer, "%s: a planted fault is not seen", name)
}

// TestOfficialOpenBankingPrism has the plugin speak with Prism, which serves the descriptions.
func TestOfficialOpenBankingPrism(t *testing.T) {
	program := prism(t)
	for version, v := range openBanking {
		f := &front{asked: map[string]int{}}
		at := mock(t, program, filepath.Join(os.Getenv("TRIBUTARY_SPECS"), v.description))
		handler, id := f.open(at, "/open-banking/"+v.path+"/aisp", v.words)
		b := openBankOf(t, version, handler, id)
		for _, s := range b.lives() {
			require.NotEmpty(t, itemsOf[sdk.AccountItem](s))
			for _, failure := range itemsOf[sdk.AccountFailureItem](s) {
				t.Logf("%s: %s: %v", failure.Scope, failure.Failure.Code, failure.Failure.Cause)
			}
			require.NotEmpty(t, itemsOf[sdk.BalancesItem](s), version)
			require.NotEmpty(t, itemsOf[sdk.TransactionsItem](s), version)
		}
		require.Empty(t, f.wrong, version)
		require.Len(t, f.asked, len(openFaults), "%s: every operation", version)
		good := func() *http.Request {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/open-banking/"+v.path+"/aisp/account-access-consents", strings.NewReader(`{"Data":{"Permissions":["ReadBalances"]},"Risk":{}}`))
			r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer a"}}
			return r
		}
		handler.ServeHTTP(httptest.NewRecorder(), good())
		require.Empty(t, f.wrong, version)
		for name, spoil := range map[string]func(*http.Request){
			"another permission": func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"Data":{"Permissions":["ReadEverything"]},"Risk":{}}`)), -1
			},
			"no token": func(r *http.Request) { r.Header.Del("Authorization") },
			"a date":   func(r *http.Request) { r.Header.Set("x-fapi-auth-date", "yesterday") },
		} {
			r := good()
			spoil(r)
			handler.ServeHTTP(httptest.NewRecorder(), r)
			require.NotEmpty(t, f.wrong, "%s: Prism does not see what is wrong", name)
			f.wrong = nil
		}
		t.Logf("prism: open-banking-uk %s: %d requests of %d operations, 0 violations", version, len(b.all()), len(f.asked))
	}
}

var (
	given   = regexp.MustCompile(`"ConsentId":"([^"]*)"`)
	nextOne = regexp.MustCompile(`"Next":"[^"]*",?`)
	holder  = regexp.MustCompile(`"Name":"[^"]*",`)
	// madeUp is what Prism makes up where a description has no example: a currency that is none, an account that is closed, a
	// consent that ended long ago.
	madeUp = strings.NewReplacer(`"Currency":"string"`, `"Currency":"GBP"`, `"Amount":"string"`, `"Amount":"12.25"`, `"Status":"Deleted"`, `"Status":"Enabled"`,
		`"ExpirationDateTime":"2019-`, `"ExpirationDateTime":"2099-`)
)

// open is the front of a Prism that serves UK Open Banking: it remembers the consent, and there is no end of its pages.
func (f *front) open(to *url.URL, prefix string, words *strings.Replacer) (http.Handler, func() string) {
	id := ""
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(answer *http.Response) error {
		f.violations(answer)
		body, err := io.ReadAll(answer.Body)
		body = nextOne.ReplaceAll(body, nil)
		body = []byte(madeUp.Replace(string(body)))
		if answer.Request.URL.Path == "/accounts" {
			body = holder.ReplaceAll(body, nil) // so that the party is asked for
		}
		if found := given.FindSubmatch(body); found != nil {
			id = string(found[1])
		}
		if answer.Request.Method == http.MethodPost { // of the states and permissions of a consent Prism takes any
			body = regexp.MustCompile(`"Permissions":\[[^]]*\]`).ReplaceAll(body, []byte(`"Permissions":["ReadAccountsDetail","ReadParty"]`))
			body = regexp.MustCompile(`"Status":"[^"]*"`).ReplaceAll(body, []byte(words.Replace(`"Status":"AwaitingAuthorisation"`)))
		}
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		answer.Header.Set("Content-Length", fmt.Sprint(len(body)))
		return err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, prefix)
		r.URL.RawPath = ""
		f.mu.Lock()
		f.asked[regexp.MustCompile(`/(accounts|account-access-consents)/[^/]+`).ReplaceAllString(r.Method+" "+r.URL.Path, "/$1/_")]++
		f.mu.Unlock()
		proxy.ServeHTTP(w, r)
	}), func() string { return id }
}
