//go:build conformance

package conformance

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/stet"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// frenchDescription is the official one of STET 1.4, in the form of OpenAPI 3: a file with the older form has patterns that
// validators skip silently.
const frenchDescription = "stet/stet-psd2-api-1.4.0.47.oas3-converted.yaml"

// french is a bank that answers as the description has it, and its third party.
type french struct {
	*tap
	t *testing.T
	d *stet.Dialect
}

// frenchBank starts it before what answers its calls.
func frenchBank(t *testing.T, model string, next http.Handler) *french {
	t.Helper()
	authority, err := issuer()
	require.NoError(t, err)
	own := webOf(t, eidas.Organization{Name: "Banque", Country: "FR", ID: "PSDFR-ACPR-1", Roles: []eidas.Role{eidas.AccountServicing}}, "127.0.0.1")
	web, sealed := webOf(t, company), sealOf(t, company)
	f := &french{tap: &tap{next: next, below: "/stet/v1/"}, t: t}
	server := httptest.NewUnstartedServer(f.tap)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{loaded(t, own)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authority.Pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	entry, err := catalogue.Parse("banque.yaml", []byte(fmt.Sprintf("{id: banque, name: Banque, country: FR, standard: stet, version: '1.4.0', addresses: {api: '%[1]s/stet'}, sca: {approaches: [redirect]}, "+
		"oauth: {kind: pre-step, authorization: '%[1]s/authorize', token: '%[1]s/token', scope: aisp}, consent: {model: %[2]s}, signature: {}}", server.URL, model)), map[string]catalogue.Quirks{catalogue.STET: stet.Quirks()})
	require.NoError(t, err)
	transport, stamp := loaded(t, web), seal(t, sealed)
	stamp.Address = "https://us.example/qseal.pem"
	identity := operator.Identity{Transport: &transport, Seal: stamp, Roots: authority.Pool(), ClientID: company.ID}
	line, err := bankhttp.New(entry, identity)
	require.NoError(t, err)
	f.d = &stet.Dialect{Bank: entry, Identity: identity, Line: line, Now: func() time.Time { return time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC) }, Random: rand.Reader}
	return f
}

// lives plays the life of a consent: with the user there, with nobody there, and its end.
func (f *french) lives() (all []*sink) {
	f.t.Helper()
	step, err := f.d.Begin(f.t.Context(), sdk.BeginRequest{PSU: someone, ReturnURL: returnURL, ReturnState: "s"})
	require.NoError(f.t, err)
	done, err := f.d.Continue(f.t.Context(), sdk.ContinueRequest{PSU: someone, Answers: sdk.Secrets{"code": "c"}, State: step.Challenge.State})
	require.NoError(f.t, err)
	require.NotNil(f.t, done.Ready)
	for _, psu := range []*sdk.PSU{someone, nil} {
		s := &sink{}
		require.NoError(f.t, f.d.Fetch(f.t.Context(), sdk.FetchRequest{PSU: psu, Mode: sdk.FetchAll, State: done.Ready.State, Secrets: done.Ready.Secrets, Window: sdk.Window{Default: "2017-01-01", To: "2026-03-15"}}, s))
		all = append(all, s)
	}
	if f.d.Bank.Consent.Model == catalogue.Mixed {
		require.NoError(f.t, f.d.End(f.t.Context(), sdk.EndRequest{Secrets: done.Ready.Secrets, Revoke: true}))
	}
	return all
}

const frenchToken = `{"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":3600}`

// scripted answers as the description has it; accounts have links once the bank was told of consents, unless told is said.
func scripted(told bool) http.Handler {
	mux := http.NewServeMux()
	say := func(pattern string, status int, text func() string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Request-ID", r.Header.Get("X-Request-ID"))
			w.Header().Set("Content-Type", "application/hal+json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text())
		})
	}
	still := func(text string) func() string { return func() string { return text } }
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, frenchToken)
	})
	say("PUT /stet/v1/consents", 201, func() string { told = true; return "" })
	say("GET /stet/v1/accounts", 200, func() string {
		links := `{}`
		if told {
			links = `{"balances":{"href":"v1/accounts/Alias1/balances"},"transactions":{"href":"v1/accounts/Alias1/transactions"}}`
		}
		return `{"connectedPsu":"DUPONT Anne","accounts":[{"resourceId":"Alias1","accountId":{"iban":"FR7699991004200000010010180"},"name":"Compte","cashAccountType":"CACC","currency":"EUR","_links":` + links + `}],"_links":{"self":{"href":"v1/accounts"}}}`
	})
	say("GET /stet/v1/accounts/{id}/balances", 200, still(`{"balances":[{"name":"Solde comptable","balanceAmount":{"currency":"EUR","amount":"123.45"},"balanceType":"CLBD"}],"_links":{"self":{"href":"v1/accounts/Alias1/balances"}}}`))
	say("GET /stet/v1/accounts/{id}/transactions", 200, still(`{"transactions":[{"entryReference":"AF5T2","transactionAmount":{"currency":"EUR","amount":"12.25"},"creditDebitIndicator":"DBIT","status":"BOOK","bookingDate":"2026-02-12","remittanceInformation":["x"]}],`+
		`"_links":{"self":{"href":"v1/accounts/Alias1/transactions"}}}`))
	return mux
}

// frenchFaults are planted in an answer of each operation, or in the request of the one whose answer is empty: of the script
// and of the test bank.
var frenchFaults = map[string][]fault{
	"GET /accounts": {{`"cashAccountType":"`, `"cashAccountType":"X`}, {`"self":`, `"own":`}},
	"GET /accounts/{accountResourceId}/balances":     {{`"balanceType":"`, `"balanceType":"X`}, {`"balanceAmount":{"`, `"balanceAmounts":{"`}},
	"GET /accounts/{accountResourceId}/transactions": {{`"creditDebitIndicator":"`, `"creditDebitIndicator":"X`}, {`"bookingDate":"`, `"bookingDate":"on `}},
	"PUT /consents": {{`"psuIdentity":false`, `"psuIdentity":"no"`}, {`"trustedBeneficiaries":false,`, ``}},
}

// TestOfficialSTET holds every request of the plugin to the official description, and every answer: of the script here, and
// of the test bank in all flows.
func TestOfficialSTET(t *testing.T) {
	folder := os.Getenv("TRIBUTARY_SPECS")
	require.NotEmpty(t, folder, "TRIBUTARY_SPECS is to name the folder of the official descriptions")
	openapi3filter.RegisterBodyDecoder("application/hal+json", openapi3filter.RegisteredBodyDecoder("application/json"))
	j := judgeOf(t, filepath.Join(folder, frenchDescription), "/stet/v1")
	var scriptedExchanges, played []exchange
	for _, model := range []string{"mixed", "full"} {
		f := frenchBank(t, model, scripted(model == "full"))
		for _, s := range f.lives() {
			require.Len(t, itemsOf[sdk.TransactionsItem](s), 1)
			require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
		}
		scriptedExchanges = append(scriptedExchanges, f.all()...)
	}
	for _, name := range slices.Sorted(maps.Keys(frenchFlows)) {
		for _, e := range frenchFlows[name](t).tap.all() {
			if strings.HasPrefix(e.request.URL.Path, "/stet/v1/") {
				played = append(played, e)
			}
		}
	}
	j.french(t, "a script", scriptedExchanges)
	j.french(t, "the test bank", played)
}

// french holds exchanges to the description, and plants faults in one of each operation.
func (j *judge) french(t *testing.T, with string, exchanges []exchange) {
	t.Helper()
	samples, statuses, violations := map[string]exchange{}, map[int]int{}, 0
	for _, e := range exchanges {
		operation, request, answer := j.violations(e)
		for side, err := range map[string]error{"request": request, "answer": answer} {
			if err != nil {
				violations++
				t.Errorf("%s, %s %d: %v", operation, side, e.status, brief(err))
			}
		}
		statuses[e.status]++
		if e.status == http.StatusOK || e.status == http.StatusCreated {
			samples[operation] = e
		}
	}
	require.Len(t, samples, len(frenchFaults))
	for operation, e := range samples {
		spoiled := e
		spoiled.request = e.request.Clone(t.Context())
		spoiled.request.Header.Del("Signature")
		_, request, _ := j.violations(spoiled)
		require.Error(t, request, "%s: a request without signature is not seen", operation)
		require.NotEmpty(t, frenchFaults[operation], "no fault is planted in %s", operation)
		for _, f := range frenchFaults[operation] {
			spoiled = e
			spoiled.sent = bytes.Replace(e.sent, []byte(f.was), []byte(f.becomes), 1)
			spoiled.received = bytes.Replace(e.received, []byte(f.was), []byte(f.becomes), 1)
			require.NotEqual(t, string(e.sent)+string(e.received), string(spoiled.sent)+string(spoiled.received), "%s: the fault finds no place", operation)
			_, request, answer := j.violations(spoiled)
			require.True(t, request != nil || answer != nil, "%s: %s in the place of %s is not seen", operation, f.becomes, f.was)
		}
	}
	t.Logf("conformance: stet: with %s %d exchanges (%v by status) of %d operations, %d violations", with, len(exchanges), statuses, len(samples), violations)
}

// TestOfficialSTETPrism has the plugin speak with Prism, which serves the description.
func TestOfficialSTETPrism(t *testing.T) {
	at := mock(t, prism(t), filepath.Join(os.Getenv("TRIBUTARY_SPECS"), frenchDescription))
	f := &front{asked: map[string]int{}}
	calls := 0
	for _, model := range []string{"mixed", "full"} {
		b := frenchBank(t, model, f.french(at))
		for _, s := range b.lives() {
			require.NotEmpty(t, itemsOf[sdk.AccountItem](s))
			require.NotEmpty(t, itemsOf[sdk.BalancesItem](s))
			require.NotEmpty(t, itemsOf[sdk.TransactionsItem](s), "the description's own example of a row")
		}
		calls += len(b.all())
	}
	require.Empty(t, f.wrong)
	for name, spoil := range map[string]func(*http.Request){
		"a body of another shape": func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(`{"balances":"all"}`)) }, "no signature": func(r *http.Request) { r.Header.Del("Signature") },
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/stet/v1/consents", strings.NewReader(`{"balances":[],"transactions":[],"trustedBeneficiaries":false,"psuIdentity":false}`))
		for header, value := range map[string]string{"Content-Type": "application/json", "Authorization": "Bearer a", "Signature": "x", "X-Request-ID": "1"} {
			r.Header.Set(header, value)
		}
		good := r.Clone(t.Context())
		good.Body = io.NopCloser(strings.NewReader(`{"balances":[],"transactions":[],"trustedBeneficiaries":false,"psuIdentity":false}`))
		f.french(at).ServeHTTP(httptest.NewRecorder(), good)
		require.Empty(t, f.wrong)
		spoil(r)
		r.ContentLength = -1
		f.french(at).ServeHTTP(httptest.NewRecorder(), r)
		require.NotEmpty(t, f.wrong, "%s: Prism does not see what is wrong", name)
		f.wrong = nil
	}
	t.Logf("prism: stet: %d requests of %d operations, 0 violations", calls, len(f.asked))
}

var further = regexp.MustCompile(`,"next":\{[^}]*\}`)

// french is the front of a Prism that serves STET: it has no tokens, and no end of pages.
func (f *front) french(to *url.URL) http.Handler {
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(answer *http.Response) error {
		f.violations(answer)
		body, err := io.ReadAll(answer.Body)
		if answer.Request.URL.Query().Has("page") { // Prism's second page names itself as the next one
			body = further.ReplaceAll(body, nil)
		}
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		answer.Header.Set("Content-Length", fmt.Sprint(len(body)))
		return err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, frenchToken)
			return
		}
		f.mu.Lock()
		f.asked[operationOf(r)]++
		f.mu.Unlock()
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/stet/v1")
		proxy.ServeHTTP(w, r)
	})
}
