package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/conformance"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

// smallBank is a bank whose user agrees at once. It shows the caller's certificate in the first account's name.
func smallBank(t *testing.T, authority *eidas.Authority) string {
	t.Helper()
	own, err := authority.Web(eidas.Organization{Name: "Bank", Country: "DE", ID: "PSDDE-BAFIN-1", Roles: []eidas.Role{eidas.AccountServicing}}, "127.0.0.1")
	require.NoError(t, err)
	pair, err := tls.X509KeyPair(own.Certificate, own.Key)
	require.NoError(t, err)
	consents, mu := 0, sync.Mutex{}
	mux := http.NewServeMux()
	say := func(pattern string, status int, body func(r *http.Request) string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Signature") == "" && r.URL.Path != "/stet/token" {
				status = http.StatusUnauthorized
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body(r))
		})
	}
	say("POST /v1/consents", 201, func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		consents++
		return fmt.Sprintf(`{"consentStatus":"received","consentId":"c-%d","_links":{"scaRedirect":{"href":"https://%s/page"}}}`, consents, r.Host)
	})
	say("GET /v1/consents/{id}", 200, func(*http.Request) string {
		return `{"access":{"allPsd2":"allAccounts"},"recurringIndicator":true,"validUntil":"2026-06-01","frequencyPerDay":4,"consentStatus":"valid"}`
	})
	say("GET /v1/consents/{id}/status", 200, func(*http.Request) string { return `{"consentStatus":"valid"}` })
	say("DELETE /v1/consents/{id}", 204, func(*http.Request) string { return "" })
	say("GET /v1/accounts", 200, func(r *http.Request) string {
		return `{"accounts":[{"resourceId":"1","iban":"DE40100100103307118608","currency":"EUR","name":"` + r.TLS.PeerCertificates[0].Subject.CommonName + `"}]}`
	})
	say("GET /v1/accounts/1/balances", 200, func(*http.Request) string {
		return `{"balances":[{"balanceType":"interimBooked","balanceAmount":{"currency":"EUR","amount":"1.00"}}]}`
	})
	say("GET /v1/accounts/1/transactions", 200, func(*http.Request) string {
		return `{"transactions":{"booked":[{"transactionId":"1","transactionAmount":{"currency":"EUR","amount":"-3.00"},"bookingDate":"2026-02-01","bankTransactionCode":"PMNT-RDDT-ESDD"}]}}`
	})
	frenchBank(say)
	britishBank(t, mux)
	server := httptest.NewUnstartedServer(mux)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authority.Pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

// frenchBank is the same, of the other standard, below /stet.
func frenchBank(say func(pattern string, status int, body func(r *http.Request) string)) {
	mux := sync.Mutex{}
	told, codes := false, 0
	lock := func(body func(r *http.Request) string) func(r *http.Request) string {
		return func(r *http.Request) string {
			mux.Lock()
			defer mux.Unlock()
			return body(r)
		}
	}
	say("POST /stet/token", 200, lock(func(*http.Request) string {
		codes++
		return fmt.Sprintf(`{"access_token":"a-%d","refresh_token":"r-%d","token_type":"Bearer","expires_in":3600}`, codes, codes)
	}))
	say("PUT /stet/v1/consents", 201, lock(func(*http.Request) string { told = true; return "" }))
	say("GET /stet/v1/accounts", 200, lock(func(*http.Request) string {
		links := ""
		if told {
			links = `"balances":{"href":"v1/accounts/1/balances"},"transactions":{"href":"v1/accounts/1/transactions"}`
		}
		return `{"accounts":[{"resourceId":"1","accountId":{"iban":"FR7699991004200000010010180"},"currency":"EUR","name":"Compte","cashAccountType":"CACC","_links":{` + links + `}}],"_links":{}}`
	}))
	say("GET /stet/v1/accounts/1/balances", 200, func(*http.Request) string {
		return `{"balances":[{"name":"Solde","balanceType":"CLBD","balanceAmount":{"currency":"EUR","amount":"1.00"}}],"_links":{}}`
	})
	say("GET /stet/v1/accounts/1/transactions", 200, func(*http.Request) string {
		return `{"transactions":[{"entryReference":"1","transactionAmount":{"currency":"EUR","amount":"3.00"},"creditDebitIndicator":"DBIT","status":"BOOK","bookingDate":"2026-02-01","remittanceInformation":["x"]}],"_links":{}}`
	})
}

// britishBank is one more, of the third standard, below /uk; its token server tells the codes that it gave by their text.
func britishBank(t *testing.T, mux *http.ServeMux) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	say := func(pattern string, status int, body func(r *http.Request) string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("x-fapi-interaction-id", r.Header.Get("x-fapi-interaction-id"))
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body(r))
		})
	}
	still := func(text string) func(*http.Request) string { return func(*http.Request) string { return text } }
	say("GET /uk/.well-known/openid-configuration", 200, func(r *http.Request) string {
		return strings.ReplaceAll(`{"issuer":"{}","authorization_endpoint":"{}/authorize","token_endpoint":"{}/token","jwks_uri":"{}/keys"}`, "{}", "https://"+r.Host+"/uk")
	})
	say("GET /uk/keys", 200, still(`{"keys":[{"kty":"RSA","kid":"1","e":"AQAB","n":"`+base64.RawURLEncoding.EncodeToString(key.N.Bytes())+`"}]}`))
	say("POST /uk/token", 200, func(r *http.Request) string {
		proof := ""
		if nonce, consent, found := strings.Cut(r.FormValue("code"), " "); found {
			signed := jwt.NewWithClaims(jwt.SigningMethodPS256, jwt.MapClaims{
				"iss": "https://" + r.Host + "/uk", "aud": r.FormValue("client_id"), "sub": consent, "openbanking_intent_id": consent, "nonce": nonce, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
			})
			signed.Header["kid"] = "1"
			text, _ := signed.SignedString(key)
			proof = `,"id_token":"` + text + `"`
		}
		return `{"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":3600` + proof + `}`
	})
	consent := `{"Data":{"ConsentId":"urn-1","Status":"%s","Permissions":["ReadAccountsDetail"]},"Risk":{}}`
	say("POST /uk/open-banking/v4.0/aisp/account-access-consents", 201, still(fmt.Sprintf(consent, "AWAU")))
	say("GET /uk/open-banking/v4.0/aisp/account-access-consents/urn-1", 200, still(fmt.Sprintf(consent, "AUTH")))
	say("DELETE /uk/open-banking/v4.0/aisp/account-access-consents/urn-1", 204, still(""))
	say("GET /uk/open-banking/v4.0/aisp/accounts", 200, still(`{"Data":{"Account":[{"AccountId":"1","Currency":"GBP","AccountTypeCode":"CACC","Nickname":"Bills"}]}}`))
	say("GET /uk/open-banking/v4.0/aisp/accounts/1/balances", 200, still(`{"Data":{"Balance":[{"AccountId":"1","Type":"ITBD","CreditDebitIndicator":"Credit","Amount":{"Amount":"1.00","Currency":"GBP"}}]}}`))
	say("GET /uk/open-banking/v4.0/aisp/accounts/1/transactions", 200, still(`{"Data":{"Transaction":[{"AccountId":"1","TransactionId":"1","Amount":{"Amount":"3.00","Currency":"GBP"},"CreditDebitIndicator":"Debit","Status":"BOOK","BookingDateTime":"2026-02-01T00:00:00Z","BankTransactionCode":{"Code":"RDDT","SubCode":"ESDD"}}]}}`))
}

// world writes what an operator has, and gives the settings.
func world(t *testing.T) map[string]string {
	t.Helper()
	authority, err := eidas.NewAuthority("Test", time.Now(), time.Hour)
	require.NoError(t, err)
	us := eidas.Organization{Name: "Example SAS", Country: "FR", ID: "PSDFR-ACPR-12345"}
	web, err := authority.Web(us)
	require.NoError(t, err)
	seal, err := authority.Seal(us)
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "banks"), 0o700))
	bank := `{id: %s, name: Bank, country: DE, standard: berlin-group, version: "1.3.8", addresses: {api: "%s"}, sca: {approaches: [redirect]}, consent: {model: global}, signature: {}}`
	url := smallBank(t, authority)
	for name, text := range map[string]string{
		"ca.pem": string(authority.Certificate()), "qwac.pem": string(web.Certificate), "qwac.key": string(web.Key), "qseal.pem": string(seal.Certificate), "qseal.key": string(seal.Key),
		"identities.yaml": "common: {transport: {certificate: qwac.pem, key: qwac.key}, seal: {certificate: qseal.pem, key: qseal.key, address: 'https://us.example/qseal.pem'}, authorities: ca.pem}\n",
		"banks/one.yaml":  fmt.Sprintf(bank, "one", url), "banks/two.yaml": fmt.Sprintf(bank, "two", url),
		"banks/trois.yaml": fmt.Sprintf(`{id: trois, name: Banque, country: FR, standard: stet, version: "1.4.0", addresses: {api: "%[1]s/stet"}, sca: {approaches: [redirect]}, consent: {model: mixed}, `+
			`oauth: {kind: pre-step, authorization: "%[1]s/stet/authorize", token: "%[1]s/stet/token", scope: aisp}, signature: {}}`, url),
		"banks/uk.yaml": fmt.Sprintf(`{id: uk, name: Bank, country: GB, standard: open-banking-uk, version: "4.0", addresses: {api: "%[1]s/uk"}, sca: {approaches: [redirect]}, consent: {model: permissions}, `+
			`oauth: {kind: openid, issuer: "%[1]s/uk", response: code}}`, url),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return map[string]string{"catalogue": filepath.Join(dir, "banks"), "identities": filepath.Join(dir, "identities.yaml")}
}

// The program, as the server starts it, before a bank: the whole contract.
func TestConformance(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "psd2")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	settings := world(t)
	launch := func(t *testing.T) sdk.Provider {
		t.Helper()
		sum, err := host.Checksum(path)
		require.NoError(t, err)
		process, err := host.Launch(t.Context(), host.Config{Path: path, SHA256: sum, Settings: settings, StartTimeout: time.Minute})
		require.NoError(t, err)
		t.Cleanup(func() { process.Close(time.Second) })
		return process.Provider()
	}
	conformance.Run(t, launch, conformance.Case{
		Name: "redirect", ProviderID: "two", ChannelID: "two-psd2", Since: "2026-01-01", Until: "2026-03-15",
		Answer: func(sdk.Challenge) sdk.Secrets { return sdk.Secrets{"state": "s"} },
	}, conformance.Case{
		Name: "stet", ProviderID: "trois", ChannelID: "trois-psd2", Since: "2026-01-01", Until: "2026-03-15",
		Answer: func(sdk.Challenge) sdk.Secrets { return sdk.Secrets{"code": "c"} },
	}, conformance.Case{
		Name: "open banking", ProviderID: "uk", ChannelID: "uk-psd2", Since: "2026-01-01", Until: "2026-03-15",
		Answer: func(c sdk.Challenge) sdk.Secrets {
			page, _ := url.Parse(c.URL)
			return sdk.Secrets{"code": page.Query().Get("nonce") + " urn-1"}
		},
	})
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	p, err := fromSettings(serve.SettingsOf(world(t)))
	require.NoError(t, err)
	told, err := p.Describe(t.Context())
	require.NoError(t, err)
	require.Len(t, told.Providers, 4, "one plugin, many banks, of several standards")
	channel := told.Providers[0].Channels[0]
	require.Equal(t, sdk.Limits{UnattendedPerDay: 4, ConsentDays: 180}, channel.Limits)
	require.Equal(t, "one-psd2", channel.ID)
	require.Equal(t, sdk.Limits{UnattendedPerDay: 4, ConsentDays: 90, ConsentOutlives: true}, told.Providers[3].Channels[0].Limits)
	require.Equal(t, sdk.Capabilities{Refresh: true, End: true}, sdk.CapabilitiesOf(p))
}

// It may be installed before there is a bank: it serves none then, and is not in the way.
func TestToldOfNothing(t *testing.T) {
	t.Parallel()
	p, err := fromSettings(serve.SettingsOf(map[string]string{"base_url": "http://127.0.0.1:1"}))
	require.NoError(t, err)
	told, err := p.Describe(t.Context())
	require.NoError(t, err)
	require.Empty(t, told.Providers)
	_, err = p.Begin(t.Context(), sdk.BeginRequest{Session: sdk.Session{ProviderID: "one", ChannelID: "one-psd2"}})
	require.ErrorIs(t, err, &sdk.Failure{Code: sdk.NotSupported})
}

// A wrong file or setting is named at the start, and nothing starts half.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	settings := world(t)
	for name, change := range map[string]func(map[string]string){
		`"catalogue" is missing`:            func(s map[string]string) { delete(s, "catalogue") },
		`"identities" is missing`:           func(s map[string]string) { delete(s, "identities") },
		`"catalogue" must be a whole path`:  func(s map[string]string) { s["catalogue"] = "banks" },
		`"identities" must be a whole path`: func(s map[string]string) { s["identities"] = "./who.yaml" },
		`holds no *.yaml`:                   func(s map[string]string) { s["catalogue"] = t.TempDir() },
		`cannot be read`:                    func(s map[string]string) { s["identities"] = "/nowhere" },
		`one.yaml:1: country`:               func(s map[string]string) { s["catalogue"] = edited(t, s["catalogue"], "DE", "Germany") },
		`maintenance`: func(s map[string]string) {
			s["catalogue"] = edited(t, s["catalogue"], "country: DE", "country: DE, maintenance: always")
		},
		`is already that of one.yaml`: func(s map[string]string) { s["catalogue"] = edited(t, s["catalogue"], "id: two", "id: one") },
	} {
		wrong := map[string]string{}
		for key, value := range settings {
			wrong[key] = value
		}
		change(wrong)
		_, err := fromSettings(serve.SettingsOf(wrong))
		require.ErrorContains(t, err, name)
	}
}

// edited is a copy of a folder with a text replaced.
func edited(t *testing.T, folder, was, becomes string) string {
	t.Helper()
	out := t.TempDir()
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(out, filepath.Base(file)), []byte(strings.ReplaceAll(string(text), was, becomes)), 0o600))
	}
	return out
}
