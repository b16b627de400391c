//go:build conformance

package conformance

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ukDescriptions are the official ones of UK Open Banking's account information.
var ukDescriptions = map[string]string{"3.1": "account-info-openapi-3.1.11r5.json", "4.0": "account-info-openapi-4.0-update4.json"}

// ukFaults are planted in an answer of each operation: a validator that skips its schema does not see them. Lists that are
// always empty are no list.
var ukFaults = map[string]fault{
	"POST /account-access-consents":               {`"Permissions":[`, `"Permissions":["ReadMinds",`},
	"GET /account-access-consents/{ConsentId}":    {`"StatusUpdateDateTime":"`, `"StatusUpdateDateTime":"on `},
	"DELETE /account-access-consents/{ConsentId}": {},
	"GET /accounts":                                {`"Currency":"EUR"`, `"Currency":"euro"`},
	"GET /accounts/{AccountId}":                    {`"AccountId":"current"`, `"AccountId":""`},
	"GET /accounts/{AccountId}/balances":           {`"CreditDebitIndicator":"Credit"`, `"CreditDebitIndicator":"CRDT"`},
	"GET /balances":                                {`"Amount":"100.00"`, `"Amount":"-100.00"`},
	"GET /accounts/{AccountId}/transactions":       {`"BookingDateTime":"2026-03-14T00:00:00Z"`, `"BookingDateTime":"2026-03-14"`},
	"GET /transactions":                            {`"TransactionMutability":"Immutable"`, `"TransactionMutability":"No"`},
	"GET /party":                                   {`"PartyType":"Sole"`, `"PartyType":"One"`},
	"GET /accounts/{AccountId}/party":              {`"PartyType":"Joint"`, `"PartyType":"Two"`},
	"GET /accounts/{AccountId}/parties":            {`"PartyType":"Joint"`, `"PartyType":"Two"`},
	"GET /accounts/{AccountId}/beneficiaries":      {`[]`, `"none"`},
	"GET /beneficiaries":                           {`[]`, `"none"`},
	"GET /accounts/{AccountId}/direct-debits":      {`[]`, `"none"`},
	"GET /direct-debits":                           {`[]`, `"none"`},
	"GET /accounts/{AccountId}/offers":             {`[]`, `"none"`},
	"GET /offers":                                  {`[]`, `"none"`},
	"GET /accounts/{AccountId}/product":            {`[]`, `"none"`},
	"GET /products":                                {`[]`, `"none"`},
	"GET /accounts/{AccountId}/scheduled-payments": {`[]`, `"none"`},
	"GET /scheduled-payments":                      {`[]`, `"none"`},
	"GET /accounts/{AccountId}/standing-orders":    {`[]`, `"none"`},
	"GET /standing-orders":                         {`[]`, `"none"`},
	"GET /accounts/{AccountId}/statements":         {`[]`, `"none"`},
	"GET /statements":                              {`[]`, `"none"`},
}

// everyOperation calls each of the standard's once with what it wants, and then everything that the standard has refused.
func everyOperation(t *testing.T, api string) (by *british, good int) {
	t.Helper()
	w := open(t)
	b := w.ukClient(t, company, api)
	consent := b.asks(everyone, `,"ExpirationDateTime":"2026-06-01T00:00:00Z","TransactionFromDateTime":"2026-01-01T00:00:00Z"`)
	read, none := b.agreed(consent, "plain").Access, b.agreed(b.asks(rest, ""), "plain").Access
	b.get("/account-access-consents/"+consent, b.own)
	for _, path := range []string{"/accounts", "/accounts/current", "/accounts/current/balances", "/balances", "/accounts/current/transactions", "/transactions", "/party", "/accounts/current/party", "/accounts/current/parties"} {
		b.get(path, read)
	}
	for operation := range ukFaults {
		if path := strings.Replace(strings.TrimPrefix(operation, "GET "), "{AccountId}", "current", 1); ukFaults[operation].was == "[]" {
			b.get(path, none)
		}
	}
	b.call(http.MethodDelete, "/account-access-consents/"+b.asks(everyone, ""), b.own, "", nil)
	good = len(b.seen)
	tokens := map[string]string{"read": read, "rest": none, "own": b.own, "basic": b.agreed(b.asks(`"ReadAccountsBasic"`, ""), "plain", "current").Access, "owners": b.agreed(b.asks(owners, ""), "plain", "current").Access}
	for _, d := range demands {
		method := d.method
		if method == "" {
			method = http.MethodGet
		}
		b.call(method, d.path, tokens[d.token], d.body, d.header)
	}
	return b, good
}

// Every answer of the bank, good or not, and every good request, against the description of its version.
func TestOfficialDescriptions_UKBank(t *testing.T) {
	folder := os.Getenv("TRIBUTARY_SPECS")
	require.NotEmpty(t, folder, "TRIBUTARY_SPECS is to name the folder of the official descriptions")
	for version, api := range versionsUK {
		j := judgeOf(t, filepath.Join(folder, "obie", ukDescriptions[version]), api)
		b, good := everyOperation(t, api)
		samples, checked, violations := map[string]exchange{}, 0, 0
		for i, e := range b.seen {
			if _, _, _, err := j.route(e); err != nil || !strings.HasPrefix(e.request.URL.Path, api) {
				continue // no operation of the standard: the bank says 404, 405, or it is the authorisation server
			}
			operation, request, answer := j.violations(e)
			checked++
			if i < good {
				require.Less(t, e.status, 300, operation)
				if _, had := samples[operation]; !had {
					samples[operation] = e
				}
			} else {
				request = nil // to be refused, or written as the standard's text has it and its description has not
			}
			for side, err := range map[string]error{"request": request, "answer": answer} {
				if err != nil {
					violations++
					t.Errorf("%s %s, %s %d: %v", version, operation, side, e.status, brief(err))
				}
			}
		}
		for operation, f := range ukFaults {
			e, used := samples[operation]
			require.True(t, used, "%s: nothing uses %s", version, operation)
			spoiled := e
			spoiled.request = e.request.Clone(t.Context())
			spoiled.request.Header.Del("Authorization")
			_, request, _ := j.violations(spoiled)
			require.Error(t, request, "%s %s: a request without its token", version, operation)
			spoiled = e
			spoiled.header = e.header.Clone()
			spoiled.header.Del("x-fapi-interaction-id")
			_, _, answer := j.violations(spoiled)
			require.Error(t, answer, "%s %s: an answer without its interaction", version, operation)
			if f.was == "" {
				continue
			}
			spoiled = e
			spoiled.received = bytes.Replace(e.received, []byte(f.was), []byte(f.becomes), 1)
			require.NotEqual(t, e.received, spoiled.received, "%s %s: %s", version, operation, e.received)
			_, _, answer = j.violations(spoiled)
			require.Error(t, answer, "%s %s: %s", version, operation, f.becomes)
		}
		t.Logf("UK Open Banking %s: %d exchanges of %d operations, %d violations, %d faults planted and seen", version, checked, len(samples), violations, 3*len(ukFaults)-1)
	}
}
