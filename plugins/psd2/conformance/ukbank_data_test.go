package conformance

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What each version tells of accounts, balances and rows, and what of it is a detail.
func TestUKBank_data(t *testing.T) {
	t.Parallel()
	words := map[string]map[string]any{
		"3.1": {"account": "AccountType AccountSubType", "kind": "CurrentAccount", "card": "CreditCard", "booked": "InterimBooked", "row": "Booked", "pending": "Pending", "code": "ReceivedDirectDebits"},
		"4.0": {"account": "AccountCategory AccountTypeCode", "kind": "CACC", "card": "CARD", "booked": "ITBD", "row": "BOOK", "pending": "PDNG", "code": "RDDT"},
	}
	for version, api := range versionsUK {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			say := words[version]
			b := openWith(t, strings.Replace(bankFile, "page_size: 2", "page_size: 50", 1)).ukClient(t, company, api)
			detail := b.agreed(b.asks(everyone, ""), "plain").Access
			basic := b.agreed(b.asks(`"ReadAccountsBasic","ReadBalances","ReadTransactionsBasic","ReadTransactionsDebits"`, ""), "plain", "current").Access

			_, said := b.get("/accounts", detail)
			list := at[[]any](t, said, "Data", "Account")
			require.Equal(t, "FR7699991004200000010010180", at[string](t, list, 0, "Account", 0, "Identification"))
			require.Equal(t, "UK.OBIE.IBAN", at[string](t, list, 0, "Account", 0, "SchemeName"))
			require.Equal(t, "UK.OBIE.PAN", at[string](t, list, 1, "Account", 0, "SchemeName"))
			names := strings.Fields(say["account"].(string))
			require.Equal(t, []any{"Personal", say["kind"]}, []any{at[string](t, list, 0, names[0]), at[string](t, list, 0, names[1])})
			require.Equal(t, say["card"], at[string](t, list, 1, names[1]))
			_, said = b.get("/accounts/current", basic)
			require.NotContains(t, at[map[string]any](t, said, "Data", "Account", 0), "Account")

			_, said = b.get("/balances", detail)
			list = at[[]any](t, said, "Data", "Balance")
			require.Equal(t, map[string]any{
				"AccountId": "current", "Type": say["booked"], "CreditDebitIndicator": "Credit", "DateTime": "2026-03-14T00:00:00Z", "Amount": map[string]any{"Amount": "100.00", "Currency": "EUR"},
			}, list[0])
			card := at[map[string]any](t, list, len(list)-1)
			require.Equal(t, []any{"Debit", "12.30"}, []any{card["CreditDebitIndicator"], at[string](t, card, "Amount", "Amount")})
			require.Equal(t, "1000.00", at[string](t, card, "CreditLine", 0, "Amount", "Amount"))

			_, said = b.get("/accounts/current/transactions", detail)
			list = at[[]any](t, said, "Data", "Transaction")
			require.Len(t, list, 4)
			require.Equal(t, []any{say["pending"], "Mutable", "2026-03-14T00:00:00Z"}, []any{at[string](t, list, 0, "Status"), at[string](t, list, 0, "TransactionMutability"), at[string](t, list, 0, "BookingDateTime")})
			require.Equal(t, "5411", at[string](t, list, 0, "MerchantDetails", "MerchantCategoryCode"))
			paid := at[map[string]any](t, list, 2)
			require.Equal(t, []any{say["row"], "Immutable", "Debit", "one", "2026-03-12T00:00:00Z"}, []any{paid["Status"], paid["TransactionMutability"], paid["CreditDebitIndicator"], paid["TransactionInformation"], paid["BookingDateTime"]})
			require.Equal(t, "Power", at[string](t, paid, "CreditorAccount", "Name"))
			require.Equal(t, "Employer", at[string](t, list, 1, "DebtorAccount", "Name"))
			require.Equal(t, say["code"], at[string](t, paid, "BankTransactionCode", "Code"))
			require.Equal(t, "direct_debit", at[string](t, paid, "ProprietaryBankTransactionCode", "Code"))
			require.Equal(t, "2026-02-02T00:00:00Z", at[string](t, list, 3, "ValueDateTime"))

			_, said = b.get("/transactions", basic)
			list = at[[]any](t, said, "Data", "Transaction")
			require.Len(t, list, 3, "no credits")
			for _, one := range list {
				require.Equal(t, "Debit", at[string](t, one, "CreditDebitIndicator"))
				for _, name := range []string{"TransactionInformation", "MerchantDetails", "CreditorAccount", "DebtorAccount"} {
					require.NotContains(t, one, name)
				}
			}
			_, said = b.get("/party", detail)
			require.Equal(t, "Ann", at[string](t, said, "Data", "Party", "Name"))
			_, said = b.get("/accounts/current/parties", detail)
			parties := at[[]any](t, said, "Data", "Party")
			require.Len(t, parties, 6)
			require.Equal(t, []any{"Ann", "Joint"}, []any{at[string](t, parties, 0, "Name"), at[string](t, parties, 0, "PartyType")})
		})
	}
}

// A British account is named by its sort code and number as well.
func TestUKBank_sort_codes(t *testing.T) {
	t.Parallel()
	b := openWith(t, strings.Replace(bankFile, "FR76 9999 1004 2000 0001 0010 180", "GB33 BUKB 2020 1555 5555 55", 1)).ukClient(t, company, v31)
	_, said := b.get("/accounts/current", b.agreed(b.asks(everyone, ""), "plain", "current").Access)
	numbers := at[[]any](t, said, "Data", "Account", 0, "Account")
	require.Equal(t, []any{"UK.OBIE.SortCodeAccountNumber", "20201555555555"}, []any{at[string](t, numbers, 0, "SchemeName"), at[string](t, numbers, 0, "Identification")})
	require.Equal(t, []any{"UK.OBIE.IBAN", "GB33BUKB20201555555555"}, []any{at[string](t, numbers, 1, "SchemeName"), at[string](t, numbers, 1, "Identification")})
}

// Pages lead to each other and hold each row once; filters hold on all of them, and a consent bounds what there is.
func TestUKBank_pages(t *testing.T) {
	t.Parallel()
	b := open(t).ukClient(t, company, v31)
	token := b.agreed(b.asks(everyone, `,"TransactionFromDateTime":"2026-02-01T00:00:00+00:00","TransactionToDateTime":"2026-03-13T23:59:59+00:00"`), "plain", "current").Access
	_, said := b.get("/accounts/current/transactions", token)
	require.Equal(t, map[string]any{"TotalPages": 2.0, "FirstAvailableDateTime": "2026-02-01T00:00:00Z", "LastAvailableDateTime": "2026-03-13T23:59:59Z"}, said["Meta"], "nothing after the 13th")
	first, next := at[map[string]any](t, said, "Links"), at[string](t, said, "Links", "Next")
	require.NotContains(t, first, "Prev")
	require.Equal(t, b.base+v31+"/accounts/current/transactions", first["Self"])
	_, said = b.get(strings.TrimPrefix(next, b.base+v31), token)
	last := at[map[string]any](t, said, "Links")
	require.NotContains(t, last, "Next")
	require.Equal(t, []any{next, first["First"], first["Last"], first["First"]}, []any{last["Self"], last["First"], last["Last"], last["Prev"]})
	require.Len(t, at[[]any](t, said, "Data", "Transaction"), 1)

	rows := func(query string) (days []string) {
		_, said := b.get("/accounts/current/transactions?"+query, token)
		for _, one := range at[[]any](t, said, "Data", "Transaction") {
			days = append(days, at[string](t, one, "BookingDateTime")[:10])
		}
		return days
	}
	for query, want := range map[string][]string{
		"fromBookingDateTime=2026-03-12T00:00:00":                                         {"2026-03-13", "2026-03-12"},
		"fromBookingDateTime=2026-03-12T00:00:01":                                         {"2026-03-13"},
		"fromBookingDateTime=2026-03-12T00:00:00%2B14:00":                                 {"2026-03-13", "2026-03-12"},
		"toBookingDateTime=2026-03-12T00:00:00-11:00":                                     {"2026-03-12", "2026-02-01"},
		"toBookingDateTime=2026-03-11":                                                    {"2026-02-01"},
		"fromBookingDateTime=2026-03-12&toBookingDateTime=2026-03-12":                     {"2026-03-12"},
		"fromBookingDateTime=2020-01-01&toBookingDateTime=2020-02-01":                     nil,
		"fromBookingDateTime=20260312T000000.5Z&toBookingDateTime=2026-03-13T00:00:00.00": {"2026-03-13"},
	} {
		require.Equal(t, want, rows(query), query)
	}
}

// A certificate is needed everywhere, and says who it is.
func TestUKBank_certificates(t *testing.T) {
	t.Parallel()
	w := open(t)
	b := w.ukClient(t, company, v31)
	token := b.agreed(b.asks(everyone, ""), "plain").Access
	stranger := w.ukParty(t, otherCompany, v31)
	status, _ := stranger.get("/accounts", token)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, "invalid_client", stranger.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"accounts"}}).Error, "it is not registered")
	renamed := company
	renamed.Name = "Example"
	second := w.ukParty(t, renamed, v31)
	status, _ = second.get("/accounts", token)
	require.Equal(t, http.StatusUnauthorized, status, "another certificate of the company")
	status, _ = second.get("/account-access-consents/x", b.own)
	require.Equal(t, http.StatusUnauthorized, status)
	bare := w.ukParty(t, company, v31)
	bare.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.authority.Pool(), MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
	status, _ = bare.get("/accounts", token)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, "invalid_client", bare.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"accounts"}}).Error)
	status, _, _ = bare.registers("tls_client_auth", ukReturn)
	require.Equal(t, http.StatusUnauthorized, status)
	for name, said := range map[string]string{
		"nothing": `{}`, "no JSON": `[`, "no keys": `{"redirect_uris":["https://us.example/"]}`, "no address": `{"jwks":{"keys":[]}}`,
		"another address": `{"redirect_uris":["javascript:alert(1)"]}`, "a secret": `{"redirect_uris":["https://us.example/"],"token_endpoint_auth_method":"client_secret_basic"}`,
		"a certificate of nobody": `{"redirect_uris":["https://us.example/"],"certificates":["x"]}`,
	} {
		status, _, _ := b.send(http.MethodPost, "/open-banking/register", said, nil)
		require.Equal(t, http.StatusBadRequest, status, name)
	}
	status, _, _ = b.call(http.MethodGet, "/accounts", token, "", nil)
	require.Equal(t, http.StatusOK, status, "what was wrong changed nothing")
	status, _, text := bare.send(http.MethodGet, "/open-banking/.well-known/openid-configuration", "", nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, `"issuer":"`+w.base+`/open-banking"`)
}

// Each switch makes the bank deviate where it says, and only there.
func TestUKBank_switches(t *testing.T) {
	t.Parallel()
	const rows = "/accounts/current/transactions"
	with := func(t *testing.T, setting string) (*british, string) {
		t.Helper()
		b := openWith(t, bankWith("open_banking: {"+setting+"}")).ukClient(t, company, v31)
		return b, b.agreed(b.asks(everyone, ""), "plain").Access
	}
	t.Run("errors: bare", func(t *testing.T) {
		t.Parallel()
		b, token := with(t, "errors: bare")
		for path, want := range map[string]int{"/accounts/foobar": 400, "/foobar": 404, "/accounts/metered-current": 403} {
			status, header, said := b.call(http.MethodGet, path, token, "", nil)
			require.Equal(t, want, status)
			require.Empty(t, said)
			require.Equal(t, interactionID, header.Get("x-fapi-interaction-id"))
		}
	})
	t.Run("interactions: any", func(t *testing.T) {
		t.Parallel()
		b, token := with(t, "interactions: any")
		status, header, _ := b.call(http.MethodGet, "/accounts", token, "", map[string]string{"x-fapi-interaction-id": "one"})
		require.Equal(t, []any{200, "one"}, []any{status, header.Get("x-fapi-interaction-id")})
	})
	t.Run("not_before: demanded", func(t *testing.T) {
		t.Parallel()
		b, _ := with(t, "not_before: demanded")
		claims := b.claims(b.asks(everyone, ""), "code")
		delete(claims, "nbf")
		back, _ := b.visits(b.address(b.signed(claims), "code"))
		require.Equal(t, "invalid_request_object", back.Query().Get("error"))
	})
	t.Run("id_tokens: RS256", func(t *testing.T) {
		t.Parallel()
		b, _ := with(t, "id_tokens: RS256")
		tokens := b.agreed(b.asks(everyone, ""), "plain")
		b.proven(tokens.ID)
		require.Equal(t, "RS256", algorithm(t, tokens.ID))
	})
	t.Run("zones: refused", func(t *testing.T) {
		t.Parallel()
		b, token := with(t, "zones: refused")
		status, _ := b.get(rows+"?fromBookingDateTime=2026-03-12T00:00:00Z", token)
		require.Equal(t, 400, status)
		status, _ = b.get(rows+"?fromBookingDateTime=2026-03-12T00:00:00", token)
		require.Equal(t, 200, status)
	})
	t.Run("span: half_year", func(t *testing.T) {
		t.Parallel()
		b, token := with(t, "span: half_year")
		status, said := b.get(rows+"?fromBookingDateTime=2025-09-01", token)
		require.Equal(t, []any{400, "UK.OBIE.Field.InvalidDate"}, []any{status, faultCode(t, said)})
		status, _ = b.get(rows+"?fromBookingDateTime=2025-09-01&toBookingDateTime=2026-02-28", token)
		require.Equal(t, 200, status)
	})
	t.Run("expiry: quarter", func(t *testing.T) {
		t.Parallel()
		b, _ := with(t, "expiry: quarter")
		status, _, said := b.call(http.MethodPost, "/account-access-consents", b.own, `{"Data":{"Permissions":["ReadAccountsBasic"],"ExpirationDateTime":"2026-09-01T00:00:00Z"},"Risk":{}}`, nil)
		require.Equal(t, []any{400, "UK.OBIE.Field.InvalidDate"}, []any{status, faultCode(t, said)})
		b.asks(everyone, `,"ExpirationDateTime":"2026-06-01T00:00:00Z"`)
	})
	t.Run("nothing: empty", func(t *testing.T) {
		t.Parallel()
		b, token := with(t, "nothing: empty")
		status, _, said := b.call(http.MethodGet, rows+"?toBookingDateTime=2020-01-01", token, "", nil)
		require.Equal(t, 200, status)
		require.Empty(t, said)
	})
	for setting, next := range map[string]string{
		"null": "null" + v31 + rows + "?page=2", "lost": "{base}" + v31 + "/transactions?page=2", "round": "{base}" + v31 + rows + "?page=2", "plain": "{base}" + v31 + rows + "?page=2",
	} {
		t.Run("links: "+setting, func(t *testing.T) {
			t.Parallel()
			b, token := with(t, `links: "`+setting+`"`)
			_, said := b.get(rows, token)
			require.Equal(t, strings.ReplaceAll(next, "{base}", b.base), at[string](t, said, "Links", "Next"))
		})
	}
	t.Run("links: round", func(t *testing.T) {
		t.Parallel()
		b, token := with(t, "links: round")
		_, said := b.get(rows+"?page=2", token)
		require.Equal(t, []string{b.base + v31 + rows + "?page=2"}, slices.Compact([]string{at[string](t, said, "Links", "Self"), at[string](t, said, "Links", "Next"), at[string](t, said, "Links", "Last")}), "it goes round at the end, where another bank has no link")
	})
	t.Run("owed: positive", func(t *testing.T) {
		t.Parallel()
		b, token := with(t, "owed: positive")
		for account, direction := range map[string]string{"card": "Credit", "current": "Credit"} {
			_, said := b.get("/accounts/"+account+"/balances", token)
			require.Equal(t, direction, at[string](t, said, "Data", "Balance", 0, "CreditDebitIndicator"), account)
		}
	})
	t.Run("pending_dates: latest", func(t *testing.T) {
		t.Parallel()
		b, token := with(t, "pending_dates: latest")
		_, said := b.get(rows, token)
		require.Equal(t, "Pending 2026-03-24T00:00:00Z", at[string](t, said, "Data", "Transaction", 0, "Status")+" "+at[string](t, said, "Data", "Transaction", 0, "BookingDateTime"))
		require.Equal(t, "2026-03-13T00:00:00Z", at[string](t, said, "Data", "Transaction", 1, "BookingDateTime"), "of what is booked it is the day")
	})
	t.Run("expiry: demanded", func(t *testing.T) {
		t.Parallel()
		b := openWith(t, bankWith("open_banking: {expiry: demanded}")).ukClient(t, company, v31)
		status, _, said := b.call(http.MethodPost, "/account-access-consents", b.own, `{"Data":{"Permissions":["ReadAccountsBasic"]},"Risk":{}}`, nil)
		require.Equal(t, []any{400, "UK.OBIE.Field.Missing"}, []any{status, faultCode(t, said)})
		status, _, _ = b.call(http.MethodPost, "/account-access-consents", b.own, `{"Data":{"Permissions":["ReadAccountsBasic"],"ExpirationDateTime":"2026-09-01T00:00:00Z"},"Risk":{}}`, nil)
		require.Equal(t, 400, status)
		b.asks(everyone, `,"ExpirationDateTime":"2026-06-01T00:00:00Z"`)
	})
	t.Run("refresh: lost", func(t *testing.T) {
		t.Parallel()
		b, _ := with(t, "refresh: lost")
		refresh := b.agreed(b.asks(everyone, ""), "plain").Refresh
		renew := func() ukTokens {
			return b.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
		}
		refresh = renew().Refresh
		require.Equal(t, 500, renew().Status)
		require.Equal(t, "invalid_grant", renew().Error, "it is dead all the same")
	})
}

// A consent ends by its own date, by the customer's word at the bank, or by a customer's file; each version has a word for it.
func TestUKBank_ends(t *testing.T) {
	t.Parallel()
	w := openWith(t, bankFile+"timeline:\n  - {on: today+20, do: end_consents, login: texted}\n")
	b := w.ukClient(t, company, v40)
	dated, weekly, revoked := b.asks(everyone, `,"ExpirationDateTime":"2026-03-20T12:00:00Z"`), b.asks(everyone, ""), b.asks(everyone, "")
	tokens := map[string]ukTokens{dated: b.agreed(dated, "plain"), weekly: b.agreed(weekly, "weekly"), revoked: b.texted(revoked)}
	status := func(consent string) (said string, data int) {
		_, body := b.get("/account-access-consents/"+consent, b.own)
		data, _ = b.get("/accounts", tokens[consent].Access)
		return at[string](t, body, "Data", "Status"), data
	}
	for _, c := range []struct {
		after   time.Duration
		consent string
		said    string
		data    int
	}{
		{6 * 24 * time.Hour, dated, "AUTH", 200}, {6*24*time.Hour + 4*time.Hour, dated, "EXPD", 403},
		{7 * 24 * time.Hour, weekly, "AUTH", 200}, {8 * 24 * time.Hour, weekly, "EXPD", 403},
		{19 * 24 * time.Hour, revoked, "AUTH", 200}, {20 * 24 * time.Hour, revoked, "CANC", 400},
	} {
		w.bank.MoveClock(c.after)
		said, data := status(c.consent)
		require.Equal(t, []any{c.said, c.data}, []any{said, data}, "%s after %s", c.consent, c.after)
	}
	require.Equal(t, "invalid_grant", b.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tokens[dated].Refresh}}).Error)
}

// texted is a customer who gets a code before agreeing.
func (b *british) texted(consent string) ukTokens {
	b.t.Helper()
	page, _ := b.visits(b.address(b.signed(b.claims(consent, "code")), "code"))
	b.post(page.String(), url.Values{"login": {"texted"}, "password": {"canary-password"}})
	_, text := b.post(page.String(), url.Values{"code": {"000000"}})
	require.NotContains(b.t, text, `name="accounts"`, "a wrong code")
	b.post(page.String(), url.Values{"code": {"123456"}})
	_, said := b.agrees(page.String(), "texted", "approve", "current")
	return b.token(url.Values{"grant_type": {"authorization_code"}, "code": {said.Get("code")}, "redirect_uri": {ukReturn}})
}
