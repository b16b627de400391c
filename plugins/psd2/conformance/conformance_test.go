//go:build conformance

package conformance

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fault spoils an answer in one place.
type fault struct{ was, becomes string }

// faults are planted in an answer of each operation: a validator that skips its schema does not see them.
var faults = map[string]fault{
	"POST /v1/consents":                                             {`"received"`, `"perhaps"`},
	"GET /v1/consents/{consentId}":                                  {`"lastActionDate":"`, `"lastActionDate":"on `},
	"GET /v1/consents/{consentId}/status":                           {`"consentStatus":"`, `"consentStatus":"un`},
	"POST /v1/consents/{consentId}/authorisations":                  {`"scaStatus":"`, `"scaStatus":"un`},
	"GET /v1/consents/{consentId}/authorisations/{authorisationId}": {`"scaStatus":"`, `"scaStatus":"un`},
	"PUT /v1/consents/{consentId}/authorisations/{authorisationId}": {`"scaStatus":"`, `"scaStatus":"un`},
	"GET /v1/accounts":                                              {`"currency":"EUR"`, `"currency":"euro"`},
	"GET /v1/accounts/{account-id}/balances":                        {`"interimBooked"`, `"information"`},
	"GET /v1/accounts/{account-id}/transactions":                    {`"transactionAmount":{"amount"`, `"transactionAmount":{"amounts"`},
	"GET /v1/accounts/{account-id}/transactions" + downloaded:       {`"transactionAmount":{"amount"`, `"transactionAmount":{"amounts"`},
	"GET /v1/card-accounts":                                         {`"currency":"EUR"`, `"currency":"euro"`},
	"GET /v1/card-accounts/{account-id}/balances":                   {`"interimBooked"`, `"information"`},
	"GET /v1/card-accounts/{account-id}/transactions":               {`"transactionAmount":{"amount"`, `"transactionAmount":{"amounts"`},
	"GET /v1/card-accounts/{account-id}/transactions" + downloaded:  {`"transactionAmount":{"amount"`, `"transactionAmount":{"amounts"`},
}

// Every request of the plugin and every answer of the test bank, in all flows, against each description.
func TestOfficialDescriptions(t *testing.T) {
	all := judges(t)
	var exchanges []exchange
	for _, name := range slices.Sorted(maps.Keys(flows)) {
		exchanges = append(exchanges, flows[name](t).tap.all()...)
	}
	violations, checked, operations := 0, 0, map[string]int{}
	for version, j := range all {
		samples := map[string]exchange{}
		for _, e := range exchanges {
			if e.request.Header.Get("Signature") == "" {
				continue // not the plugin's: a test's own, to be refused
			}
			operation, request, answer := j.violations(e)
			checked++
			operations[operation]++
			for side, err := range map[string]error{"request": request, "answer": answer} {
				if err != nil {
					violations++
					t.Errorf("%s %s, %s %d: %v", version, operation, side, e.status, brief(err))
				}
			}
			if e.status < 300 {
				samples[operation] = e
			}
		}
		plant(t, version, j, samples)
	}
	t.Logf("conformance: %d exchanges of %d operations against %d descriptions, %d violations", checked, len(operations), len(all), violations)
}

// plant spoils one exchange of each operation on both sides, and wants that to be seen.
func plant(t *testing.T, version string, j *judge, samples map[string]exchange) {
	t.Helper()
	for operation := range faults {
		require.Contains(t, samples, operation, "%s: no flow uses it", version)
	}
	for operation, e := range samples {
		spoiled := e
		spoiled.request = e.request.Clone(t.Context())
		spoiled.request.Header.Del("X-Request-ID")
		_, request, _ := j.violations(spoiled)
		require.Error(t, request, "%s %s: a request without X-Request-ID is not seen", version, operation)
		if e.status == http.StatusNoContent {
			continue // there is no body to spoil
		}
		f, known := faults[operation]
		require.True(t, known, "%s: no fault is planted in %s", version, operation)
		spoiled = e
		spoiled.received = bytes.Replace(e.received, []byte(f.was), []byte(f.becomes), 1)
		require.NotEqual(t, e.received, spoiled.received, "%s %s: the fault finds no place", version, operation)
		_, _, answer := j.violations(spoiled)
		require.Error(t, answer, "%s %s: a planted fault is not seen", version, operation)
	}
	body := samples["POST /v1/consents"]
	for _, change := range []fault{{`"frequencyPerDay":4`, `"frequencyPerDay":"4"`}, {`"recurringIndicator":true`, `"recurringIndicator":"true"`}, {`,"combinedServiceIndicator":false`, ``}} {
		spoiled := body
		spoiled.sent = bytes.Replace(body.sent, []byte(change.was), []byte(change.becomes), 1)
		require.NotEqual(t, body.sent, spoiled.sent)
		_, request, _ := j.violations(spoiled)
		require.Error(t, request, fmt.Sprint(version, ": a consent request without ", change.was, " is not seen"))
	}
}

// brief leaves out the schema that a message repeats.
func brief(err error) string {
	text, _, _ := strings.Cut(err.Error(), "Schema:")
	return strings.Join(strings.Fields(text), " ")
}
