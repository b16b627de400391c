package openbanking_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/openbanking"
	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// quirked says what comes of a bank with the quirk, and what would come of it without. A failure is its code.
type quirked struct {
	with, without string
	// bank answers as that bank does.
	bank func() map[string]answerer
	// look says what came of it; nil looks at the fetch of the one account.
	look func(t *testing.T, b *aspsp, d *openbanking.Dialect) string
}

// after reads the one account, and says its rows or why there are none, and what was asked.
func after(t *testing.T, _ *aspsp, d *openbanking.Dialect) string {
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	if failures := scripted.ItemsOf[sdk.AccountFailureItem](s); len(failures) > 0 {
		return string(failures[0].Failure.Code)
	}
	var ids []string
	for _, r := range rows(s) {
		ids = append(ids, strings.Join(strings.Split(r, "|")[:4], " "))
	}
	return strings.Join(ids, ", ")
}

const (
	booked  = "1 1.00 BOOKED 2026-03-01"
	pending = `"TransactionMutability":"Mutable","Status":"Pending"`
)

// A bank that answers the second page with its end.
func twoPages(next string) func() map[string]answerer {
	return answering(rowsOf, func(r heard) (int, string) {
		if r.Query.Get("page") == "2" {
			return 200, list(row(`"1"`, `"2"`), "")
		}
		return 200, list(row(), next)
	})
}

// answering is a bank with one answer of its own.
func answering(what string, with answerer) func() map[string]answerer {
	return func() map[string]answerer { return map[string]answerer{what: with} }
}

var quirksOfBanks = map[string]quirked{
	"consent-expires": {
		with: "REDIRECT", without: "TECHNICAL_ERROR",
		bank: answering("POST /account-access-consents", func(r heard) (int, string) {
			if !strings.Contains(r.Body, `"ExpirationDateTime":"2026-06-13T09:59:00Z"`) {
				return 400, `{"Code":"400 BadRequest","Id":"3f1c","Message":"Invalid request parameters.","Errors":[{"ErrorCode":"UK.OBIE.Field.InvalidDate","Message":"ExpirationDateTime must not be more than 90 days from now","Path":"Data.ExpirationDateTime"}]}`
			}
			return 201, waiting
		}),
		look: func(t *testing.T, _ *aspsp, d *openbanking.Dialect) string {
			step, err := begin(t, d, sdk.Bundle{}, someone)
			if err != nil {
				var failure *sdk.Failure
				require.ErrorAs(t, err, &failure)
				return string(failure.Code)
			}
			return string(step.Challenge.Type)
		},
	},
	"dates-without-zone": {
		with: booked, without: "TECHNICAL_ERROR",
		bank: answering(rowsOf, func(r heard) (int, string) {
			if strings.HasSuffix(r.Query.Get("fromBookingDateTime"), "Z") || r.Query.Get("toBookingDateTime") != "2026-03-15T23:59:59" {
				return 400, `{"Code":"400","Id":"a1","Message":"Bad Request","Errors":[{"ErrorCode":"UK.OBIE.Field.InvalidDate","Message":"fromBookingDateTime is not in the expected format","Path":"fromBookingDateTime"}]}`
			}
			return 200, list(row(), "")
		}),
	},
	"half-year-queries": {
		with: "2025-01-01 2025-06-29, 2025-06-30 2025-12-26, 2025-12-27 2026-03-15", without: "TECHNICAL_ERROR",
		bank: answering(rowsOf, func(r heard) (int, string) {
			if r.Query.Get("fromBookingDateTime")[:4] < r.Query.Get("toBookingDateTime")[:4] && r.Query.Get("fromBookingDateTime") < "2025-09" {
				return 400, `{"code":"400","message":"Bad Request","errors":[{"errorCode":"UK.OBIE.Field.Invalid","message":"The date range must not exceed 6 months"}]}`
			}
			return 200, list("", "")
		}),
		look: func(t *testing.T, b *aspsp, d *openbanking.Dialect) string {
			s, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Window.Default = "2025-01-01" })
			require.NoError(t, err)
			if failures := scripted.ItemsOf[sdk.AccountFailureItem](s); len(failures) > 0 {
				return string(failures[0].Failure.Code)
			}
			var asked []string
			for _, c := range b.HeardOf(rowsOf) {
				asked = append(asked, c.Query.Get("fromBookingDateTime")[:10]+" "+c.Query.Get("toBookingDateTime")[:10])
			}
			return strings.Join(asked, ", ")
		},
	},
	"ignore-mutable-ids": {
		with: " 1.00 PENDING 2026-03-01, 2 1.00 BOOKED 2026-03-01", without: "00DEBIT1 1.00 PENDING 2026-03-01, 2 1.00 BOOKED 2026-03-01",
		bank: answering(rowsOf, says(200, list(row(`"Status":"Booked"`, pending, `"1",`, `"00DEBIT1",`)+","+row(`"1",`, `"2",`), ""))),
	},
	"ignore-transaction-ids": {
		with: " 1.00 BOOKED 2026-03-01,  1.00 BOOKED 2026-03-01", without: "9998 1.00 BOOKED 2026-03-01, 9998 1.00 BOOKED 2026-03-01",
		bank: answering(rowsOf, says(200, list(row(`"1",`, `"9998",`)+","+row(`"1",`, `"9998",`), ""))),
	},
	"next-is-self": {
		with: booked, without: "BAD_DATA",
		bank: answering(rowsOf, func(r heard) (int, string) { return 200, list(row(), page+"?"+r.Query.Encode()) }),
	},
	"next-loses-account": {
		with: booked + ", 2 1.00 BOOKED 2026-03-01", without: "BAD_DATA",
		bank: twoPages("{bank}/open-banking/v3.1/aisp/accounts/balances?page=2"),
	},
	"older-signatures": {
		with: "RS256 PS256", without: "PS256",
		look: func(t *testing.T, b *aspsp, d *openbanking.Dialect) string {
			for what, answer := range agreeing(t) {
				b.Set(what, answer)
			}
			step, err := begin(t, d, sdk.Bundle{}, someone)
			require.NoError(t, err)
			var taken []string
			for _, method := range []jwt.SigningMethod{jwt.SigningMethodRS256, jwt.SigningMethodPS256, jwt.SigningMethodPS384} {
				if _, err := answer(t, d, step, sdk.Secrets{"code": "c", "id_token": signs(method, 0, b.proved(nonceOf(t, step), "c"))}); err == nil {
					taken = append(taken, method.Alg())
				}
			}
			return strings.Join(taken, " ")
		},
	},
	"owed-is-positive": {
		with: "31820 BOOKED -412.30 false", without: "31820 BOOKED 412.30 false",
		look: func(t *testing.T, b *aspsp, d *openbanking.Dialect) string {
			b.Script["GET /accounts"] = inTurn(says(200, testdata(t, "accounts.json")), says(200, testdata(t, "accounts-2.json")))
			s, err := fetch(t, d, nil)
			require.NoError(t, err)
			return balances(s)[4]
		},
	},
	"pending-date-is-latest": {
		with: "1 1.00 PENDING ", without: "1 1.00 PENDING 2026-03-01",
		bank: answering(rowsOf, says(200, list(row(`"Status":"Booked"`, pending), ""))),
	},
	"refresh-may-be-spent": {
		with: "TOKEN_EXPIRED 2", without: "PROVIDER_UNAVAILABLE 1",
		bank: func() map[string]answerer {
			return map[string]answerer{"POST /token refresh_token": inTurn(says(504, `<html><head><title>504 Gateway Time-out</title></head></html>`), says(400, `{"error":"invalid_grant"}`))}
		},
		look: func(t *testing.T, b *aspsp, d *openbanking.Dialect) string {
			_, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: kept(good, now)})
			var failure *sdk.Failure
			require.ErrorAs(t, err, &failure)
			return fmt.Sprint(failure.Code, " ", len(b.HeardOf("POST /token refresh_token")))
		},
	},
}

// Each quirk is shown by what such a bank answers or takes, and by the same without it.
func TestQuirks(t *testing.T) {
	t.Parallel()
	for _, name := range openbanking.Quirks().Names() {
		c, tried := quirksOfBanks[name]
		require.True(t, tried, "%s: a quirk without test", name)
		for changes, want := range map[string]string{"quirks: [" + name + "]\n": c.with, "": c.without} {
			t.Run(name+changes, func(t *testing.T) {
				t.Parallel()
				script := reading(t)
				script["GET /accounts"] = says(200, oneOf)
				if c.bank != nil {
					maps.Copy(script, c.bank())
				}
				b, d := open(t, changes, script)
				look := c.look
				if look == nil {
					look = after
				}
				require.Equal(t, want, look(t, b, d))
			})
		}
	}
	require.Len(t, quirksOfBanks, len(openbanking.Quirks()))
}

// A history of which nobody knows how long it is, is asked for in parts as well, up to what a bank has to keep.
func TestHalfYearsWithoutABeginning(t *testing.T) {
	t.Parallel()
	script := reading(t)
	script["GET /accounts"], script[rowsOf] = says(200, oneOf), says(200, "")
	b, d := open(t, "quirks: [half-year-queries]\n", script)
	_, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Window = sdk.Window{} })
	require.NoError(t, err)
	asked := b.HeardOf(rowsOf)
	require.Len(t, asked, 15)
	require.Equal(t, "2019-03-17T00:00:00Z", asked[0].Query.Get("fromBookingDateTime"))
	require.Equal(t, "2026-03-16T23:59:59Z", asked[14].Query.Get("toBookingDateTime"))
}
