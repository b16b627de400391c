package conformance

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
)

// fourCodes are 4.0's names of faults.
var fourCodes = map[string]string{
	"UK.OBIE.Field.Invalid": "U002", "UK.OBIE.Field.InvalidDate": "U003", "UK.OBIE.Field.Missing": "U004", "UK.OBIE.Field.Unexpected": "U005", "UK.OBIE.Header.Invalid": "U006",
	"UK.OBIE.Resource.ConsentMismatch": "U008", "UK.OBIE.Resource.InvalidConsentStatus": "U009", "UK.OBIE.Resource.InvalidFormat": "U010", "UK.OBIE.Resource.NotFound": "U011",
	"UK.OBIE.Reauthenticate": "U028", "UK.OBIE.UnexpectedError": "U000",
}

// demand is what the standard's text wants to be answered.
type demand struct {
	method, path, token, body string
	header                    map[string]string
	status                    int
	code                      string // in 3.1's words, "" for none
}

// demands are the standard's, of a customer who shares the account current and not the card. Its tokens are read (all
// permissions), basic (accounts alone), owners (and whose they are), rest (what the bank has none of), own (the third party's),
// other (another third party's).
var demands = map[string]demand{
	"an account":                              {path: "/accounts/current", token: "read", status: 200},
	"no such endpoint":                        {path: "/foobar", token: "read", status: 404, code: "UK.OBIE.Resource.NotFound"},
	"no such endpoint, no token":              {path: "/foobar", status: 404, code: "UK.OBIE.Resource.NotFound"},
	"nothing below an account":                {path: "/accounts/current/foobar", token: "read", status: 404, code: "UK.OBIE.Resource.NotFound"},
	"nothing below balances":                  {path: "/accounts/current/balances/foobar", token: "read", status: 404, code: "UK.OBIE.Resource.NotFound"},
	"no such method":                          {method: "POST", path: "/accounts", token: "read", body: "{}", status: 405, code: "UK.OBIE.UnexpectedError"},
	"no such method of consents":              {method: "PUT", path: "/account-access-consents/x", token: "own", body: "{}", status: 405, code: "UK.OBIE.UnexpectedError"},
	"another type":                            {path: "/accounts", token: "read", header: map[string]string{"Accept": "application/xml"}, status: 406, code: "UK.OBIE.Header.Invalid"},
	"another charset":                         {path: "/accounts", token: "read", header: map[string]string{"Accept": "application/json; charset=iso-8859-1"}, status: 406, code: "UK.OBIE.Header.Invalid"},
	"any type":                                {path: "/accounts", token: "read", header: map[string]string{"Accept": "text/html, */*;q=0.1"}, status: 200},
	"a charset":                               {path: "/accounts", token: "read", header: map[string]string{"Accept": "application/json; charset=UTF-8"}, status: 200},
	"no type":                                 {path: "/accounts", token: "read", header: map[string]string{"Accept": ""}, status: 200},
	"no token":                                {path: "/accounts", header: map[string]string{"Authorization": ""}, status: 401, code: "UK.OBIE.Header.Invalid"},
	"an empty token":                          {path: "/accounts/current", header: map[string]string{"Authorization": "Bearer "}, status: 401, code: "UK.OBIE.Header.Invalid"},
	"an unknown token":                        {path: "/balances", token: "nonsense", status: 401, code: "UK.OBIE.Header.Invalid"},
	"a token of the third party's own":        {path: "/balances", token: "own", status: 401, code: "UK.OBIE.Header.Invalid"},
	"a token of another":                      {path: "/accounts", token: "other", status: 401, code: "UK.OBIE.Header.Invalid"},
	"a customer's token":                      {path: "/account-access-consents/x", token: "read", status: 401, code: "UK.OBIE.Header.Invalid"},
	"an interaction that is no UUID":          {path: "/accounts", token: "read", header: map[string]string{"x-fapi-interaction-id": "one"}, status: 400, code: "UK.OBIE.Header.Invalid"},
	"no interaction":                          {path: "/accounts", token: "read", header: map[string]string{"x-fapi-interaction-id": ""}, status: 200},
	"a date of another form":                  {path: "/accounts", token: "read", header: map[string]string{"x-fapi-auth-date": "2026-03-14"}, status: 400, code: "UK.OBIE.Header.Invalid"},
	"a date":                                  {path: "/accounts", token: "read", header: map[string]string{"x-fapi-auth-date": "Sun, 10 Sep 2017 19:43:31 UTC"}, status: 200},
	"no address of the customer":              {path: "/accounts", token: "read", header: map[string]string{"x-fapi-customer-ip-address": "home"}, status: 400, code: "UK.OBIE.Header.Invalid"},
	"an address of version 6":                 {path: "/accounts", token: "read", header: map[string]string{"x-fapi-customer-ip-address": "2001:db8::1"}, status: 200},
	"an account that nobody has":              {path: "/accounts/foobar", token: "read", status: 400, code: "UK.OBIE.Resource.NotFound"},
	"balances of an account that nobody has":  {path: "/accounts/foobar/balances", token: "read", status: 400, code: "UK.OBIE.Resource.NotFound"},
	"rows of an account that nobody has":      {path: "/accounts/foobar/transactions", token: "read", status: 400, code: "UK.OBIE.Resource.NotFound"},
	"the party of an account that nobody has": {path: "/accounts/foobar/party", token: "read", status: 400, code: "UK.OBIE.Resource.NotFound"},
	"an account that was not chosen":          {path: "/accounts/card/balances", token: "read", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"an account of another customer":          {path: "/accounts/metered-current", token: "read", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"balances without leave":                  {path: "/balances", token: "basic", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"balances of an account without leave":    {path: "/accounts/current/balances", token: "basic", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"rows without leave":                      {path: "/transactions", token: "basic", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"rows of an account without leave":        {path: "/accounts/current/transactions", token: "basic", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"the party without leave":                 {path: "/party", token: "basic", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"beneficiaries without leave":             {path: "/accounts/current/beneficiaries", token: "read", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"a slash at the end":                      {path: "/accounts/current/beneficiaries/", token: "rest", status: 200},
	"beneficiaries":                           {path: "/beneficiaries", token: "rest", status: 200},
	"a product":                               {path: "/accounts/current/product", token: "rest", status: 200},
	"statements of a day":                     {path: "/statements?fromStatementDateTime=20160101T104012.567+01", token: "rest", status: 200},
	"a statement that nobody has":             {path: "/accounts/current/statements/1", token: "rest", status: 400, code: "UK.OBIE.Resource.NotFound"},
	"nothing below beneficiaries":             {path: "/accounts/current/beneficiaries/foobar", token: "rest", status: 404, code: "UK.OBIE.Resource.NotFound"},
	"nothing below parties":                   {path: "/accounts/current/parties/foobar", token: "read", status: 404, code: "UK.OBIE.Resource.NotFound"},
	"a product of all":                        {path: "/product", token: "rest", status: 404, code: "UK.OBIE.Resource.NotFound"},
	"offers of an account that nobody has":    {path: "/accounts/foobar/offers", token: "rest", status: 400, code: "UK.OBIE.Resource.NotFound"},
	"parties of an account that nobody has":   {path: "/accounts/foobar/parties", token: "read", status: 400, code: "UK.OBIE.Resource.NotFound"},
	"offers, and a token of its own":          {path: "/offers", token: "own", status: 401, code: "UK.OBIE.Header.Invalid"},
	"standing orders without a token":         {path: "/standing-orders", header: map[string]string{"Authorization": ""}, status: 401, code: "UK.OBIE.Header.Invalid"},
	"whoever agreed, without leave for that":  {path: "/party", token: "owners", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"whose an account is":                     {path: "/accounts/current/party", token: "owners", status: 200},
	"a consent that nobody has":               {path: "/account-access-consents/foobar", token: "own", status: 400, code: "UK.OBIE.Resource.NotFound"},
	"a consent of another":                    {path: "/account-access-consents/{other}", token: "own", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"the end of a consent of another":         {method: "DELETE", path: "/account-access-consents/{other}", token: "own", status: 403, code: "UK.OBIE.Resource.ConsentMismatch"},
	"a day":                                   {path: "/transactions?fromBookingDateTime=2026-03-13", token: "read", status: 200},
	"a time without a zone":                   {path: "/transactions?fromBookingDateTime=2020-04-23T15:47:00&toBookingDateTime=2020-04-23T15:48:00", token: "read", status: 200},
	"a fraction of a second":                  {path: "/transactions?fromBookingDateTime=2020-04-23T15:47:00.999", token: "read", status: 200},
	"a time with a zone":                      {path: "/transactions?fromBookingDateTime=2020-04-23T15:47:00%2B01:00&toBookingDateTime=2026-03-14T00:00:00Z", token: "read", status: 200},
	"a zone that nobody escaped":              {path: "/transactions?fromBookingDateTime=2020-04-23T15:47:00+01:00", token: "read", status: 200},
	"a time in both forms":                    {path: "/transactions?fromBookingDateTime=2016-01-01T104012.345Z", token: "read", status: 200},
	"pieces of a second twice":                {path: "/transactions?fromBookingDateTime=2016-01-01T10:40:12.34.567%2B01", token: "read", status: 200},
	"statements of a time in both forms":      {path: "/statements?fromStatementDateTime=2016-01-01T104012.345Z", token: "rest", status: 200},
	"statements of pieces of a second":        {path: "/statements?fromStatementDateTime=2016-01-01T10:40:12.34.567Z", token: "rest", status: 200},
	"statements of no day":                    {path: "/statements?fromStatementDateTime=yesterday", token: "rest", status: 400, code: "UK.OBIE.Field.Invalid"},
	"no day":                                  {path: "/transactions?toBookingDateTime=yesterday", token: "read", status: 400, code: "UK.OBIE.Field.Invalid"},
	"a day that is not":                       {path: "/transactions?toBookingDateTime=2026-02-30T00:00:00", token: "read", status: 400, code: "UK.OBIE.Field.Invalid"},
	"no page":                                 {path: "/transactions?page=99", token: "read", status: 400, code: "UK.OBIE.Field.Invalid"},
	"a consent in another form":               {method: "POST", path: "/account-access-consents", token: "own", body: good, header: map[string]string{"Content-Type": "text/plain"}, status: 415, code: "UK.OBIE.Header.Invalid"},
	"a consent in another charset":            {method: "POST", path: "/account-access-consents", token: "own", body: good, header: map[string]string{"Content-Type": "application/json; charset=latin1"}, status: 415, code: "UK.OBIE.Header.Invalid"},
	"a consent":                               {method: "POST", path: "/account-access-consents", token: "own", body: good, status: 201},
	"no JSON":                                 asked(`nonsense`, "UK.OBIE.Resource.InvalidFormat"),
	"null":                                    asked(`null`, "UK.OBIE.Resource.InvalidFormat"),
	"null for all":                            asked(`{"Data":null,"Risk":null}`, "UK.OBIE.Resource.InvalidFormat"),
	"null for permissions":                    asked(`{"Data":{"Permissions":null},"Risk":{}}`, "UK.OBIE.Field.Invalid"),
	"null for a permission":                   asked(`{"Data":{"Permissions":[null]},"Risk":{}}`, "UK.OBIE.Field.Invalid"),
	"a number for a permission":               asked(`{"Data":{"Permissions":[1]},"Risk":{}}`, "UK.OBIE.Field.Invalid"),
	"more than one object":                    asked(`{} {}`, "UK.OBIE.Resource.InvalidFormat"),
	"too much":                                asked(`{"Data":{"Permissions":["`+strings.Repeat("x", 70_000)+`"]},"Risk":{}}`, "UK.OBIE.Resource.InvalidFormat"),
	"a list":                                  asked(`[]`, "UK.OBIE.Resource.InvalidFormat"),
	"no data":                                 asked(`{"Risk":{}}`, "UK.OBIE.Field.Missing"),
	"no risk":                                 asked(`{"Data":{"Permissions":["ReadAccountsBasic"]}}`, "UK.OBIE.Field.Missing"),
	"a risk":                                  asked(`{"Data":{"Permissions":["ReadAccountsBasic"]},"Risk":{"High":true}}`, "UK.OBIE.Field.Unexpected"),
	"no permissions":                          asked(`{"Data":{},"Risk":{}}`, "UK.OBIE.Field.Missing"),
	"permissions that are a text":             asked(`{"Data":{"Permissions":"ReadAccountsBasic"},"Risk":{}}`, "UK.OBIE.Field.Invalid"),
	"empty permissions":                       permits(``, ""),
	"an unknown permission":                   permits(`"ReadAccountsBasic","ReadMinds"`, ""),
	"basic rows in no direction":              permits(`"ReadAccountsBasic","ReadTransactionsBasic"`, ""),
	"detailed rows in no direction":           permits(`"ReadAccountsBasic","ReadTransactionsDetail"`, ""),
	"credits of nothing":                      permits(`"ReadAccountsBasic","ReadTransactionsCredits"`, ""),
	"debits of nothing":                       permits(`"ReadAccountsBasic","ReadTransactionsDebits"`, ""),
	"an end that is past":                     asked(`{"Data":{"Permissions":["ReadAccountsBasic"],"ExpirationDateTime":"2026-03-01T00:00:00Z"},"Risk":{}}`, "UK.OBIE.Field.InvalidDate"),
	"an end that is no date":                  asked(`{"Data":{"Permissions":["ReadAccountsBasic"],"ExpirationDateTime":"soon"},"Risk":{}}`, "UK.OBIE.Field.Invalid"),
	"an end without a zone":                   asked(`{"Data":{"Permissions":["ReadAccountsBasic"],"ExpirationDateTime":"2027-03-01T00:00:00"},"Risk":{}}`, "UK.OBIE.Field.Invalid"),
	"an end before the beginning":             asked(`{"Data":{"Permissions":["ReadAccountsBasic"],"TransactionFromDateTime":"2026-03-02T00:00:00Z","TransactionToDateTime":"2026-03-01T00:00:00Z"},"Risk":{}}`, "UK.OBIE.Field.InvalidDate"),
}

const good = `{"Data":{"Permissions":["ReadAccountsBasic"]},"Risk":{}}`

// asked is a consent that is refused.
func asked(body, code string) demand {
	return demand{method: http.MethodPost, path: "/account-access-consents", token: "own", body: body, status: http.StatusBadRequest, code: code}
}

func permits(names, more string) demand {
	return asked(`{"Data":{"Permissions":[`+names+`]`+more+`},"Risk":{}}`, "UK.OBIE.Field.Invalid")
}

const owners = `"ReadAccountsBasic","ReadParty"`

const rest = `"ReadAccountsBasic","ReadBeneficiariesBasic","ReadDirectDebits","ReadOffers","ReadProducts","ReadScheduledPaymentsBasic","ReadStandingOrdersBasic","ReadStatementsBasic"`

var otherCompany = eidas.Organization{Name: "Example SAS", Country: "FR", ID: "PSDFR-ACPR-99999", Supervisor: "ACPR", SupervisorID: "FR-ACPR"}

// What the standard demands, in both versions: the status, the fault's name, the interaction played back, the type of the answer.
func TestUKBank_demands(t *testing.T) {
	t.Parallel()
	for version, api := range versionsUK {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			b, other := w.ukClient(t, company, api), w.ukClient(t, otherCompany, api)
			otherConsent := other.asks(everyone, "")
			tokens := map[string]string{
				"read": b.agreed(b.asks(everyone, ""), "plain", "current").Access, "basic": b.agreed(b.asks(`"ReadAccountsBasic"`, ""), "plain", "current").Access,
				"rest": b.agreed(b.asks(rest, ""), "plain", "current").Access, "owners": b.agreed(b.asks(owners, ""), "plain", "current").Access, "own": b.own, "other": other.agreed(otherConsent, "plain").Access, "nonsense": "nonsense",
			}
			for name, d := range demands {
				path := strings.ReplaceAll(d.path, "{other}", otherConsent)
				method := d.method
				if method == "" {
					method = http.MethodGet
				}
				status, header, said := b.call(method, path, tokens[d.token], d.body, d.header)
				require.Equal(t, d.status, status, "%s: %v", name, said)
				require.Equal(t, "application/json; charset=utf-8", header.Get("Content-Type"), name)
				played := header.Get("x-fapi-interaction-id")
				require.NoError(t, uuid.Validate(played), name)
				if given, changed := d.header["x-fapi-interaction-id"]; !changed || uuid.Validate(given) == nil {
					require.Equal(t, interactionID, played, name)
				}
				if d.code == "" {
					require.NotEmpty(t, at[string](t, said, "Links", "Self"), name)
					continue
				}
				code := d.code
				if version == "4.0" {
					code = fourCodes[code]
				}
				require.Equal(t, code, faultCode(t, said), name)
			}
		})
	}
}

// A consent of the newer version is nothing over the older; the other way round it is good.
func TestUKBank_versions(t *testing.T) {
	t.Parallel()
	w := open(t)
	old, young := w.ukClient(t, company, v31), w.ukParty(t, company, v40)
	young.own, young.http = old.own, old.http // tokens are bound to its certificate
	consents := map[string]string{v31: old.asks(everyone, ""), v40: young.asks(everyone, "")}
	for _, c := range []struct {
		of, over string
		by       *british
		status   int
	}{{v31, v31, old, 200}, {v31, v40, young, 200}, {v40, v40, young, 200}, {v40, v31, old, 403}} {
		token := old.agreed(consents[c.of], "plain").Access
		status, _ := c.by.get("/accounts", token)
		require.Equal(t, c.status, status, "%s over %s", c.of, c.over)
		status, _ = c.by.get("/account-access-consents/"+consents[c.of], old.own)
		require.Equal(t, c.status, status, "%s over %s", c.of, c.over)
	}
}

// Calls with nobody there are counted; the bank says when the next one is free.
func TestUKBank_quota(t *testing.T) {
	t.Parallel()
	b := open(t).ukClient(t, company, v31)
	token := b.agreed(b.asks(everyone, ""), "metered").Access
	alone := map[string]string{"x-fapi-customer-ip-address": ""}
	path := "/accounts/metered-current/balances"
	status, _, _ := b.call(http.MethodGet, path, token, "", alone)
	require.Equal(t, http.StatusOK, status)
	status, header, _ := b.call(http.MethodGet, path, token, "", alone)
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Equal(t, "86400", header.Get("Retry-After"))
	status, _ = b.get(path, token)
	require.Equal(t, http.StatusOK, status, "the customer is there")
}

// What a third party does wrong in the browser: nobody is sent to an address that is not its own.
func TestUKBank_authorisation_requests(t *testing.T) {
	t.Parallel()
	w := open(t)
	b := w.ukClient(t, company, v31)
	other := w.ukClient(t, otherCompany, v31)
	consent, theirs := b.asks(everyone, ""), other.asks(everyone, "")
	now := w.clock()
	claim := func(name string, value any) func(map[string]any) { return func(c map[string]any) { c[name] = value } }
	intent := func(id string) func(map[string]any) {
		return claim("claims", map[string]any{"id_token": map[string]any{"openbanking_intent_id": map[string]any{"value": id, "essential": true}}})
	}
	const page = "" // stays at the bank
	for name, c := range map[string]struct {
		spoil func(map[string]any)
		kind  string
	}{
		"another audience":         {claim("aud", "https://other.example"), "invalid_request_object"},
		"another issuer":           {claim("iss", "other"), "invalid_request_object"},
		"another client":           {claim("client_id", "other"), "invalid_request_object"},
		"another address":          {claim("redirect_uri", "https://evil.example/"), page},
		"an address below ours":    {claim("redirect_uri", ukReturn+"/more"), page},
		"no nonce":                 {claim("nonce", ""), "invalid_request_object"},
		"no state":                 {claim("state", ""), "invalid_request_object"},
		"another state":            {claim("state", "s-2"), "invalid_request"},
		"another scope":            {claim("scope", "openid"), "invalid_scope"},
		"no openid":                {claim("scope", "accounts"), "invalid_scope"},
		"another response":         {claim("response_type", "token"), "unsupported_response_type"},
		"no consent":               {claim("claims", map[string]any{}), "invalid_request_object"},
		"a consent that is not":    {intent("nonsense"), "invalid_request"},
		"a consent of another":     {intent(theirs), "invalid_request"},
		"over":                     {claim("exp", now.Add(-time.Second).Unix()), "invalid_request_object"},
		"no end":                   {claim("exp", nil), "invalid_request_object"},
		"good for too long":        {claim("exp", now.Add(2*time.Hour).Unix()), "invalid_request_object"},
		"not yet":                  {claim("nbf", now.Add(10*time.Minute).Unix()), "invalid_request_object"},
		"made long ago":            {claim("nbf", now.Add(-2*time.Hour).Unix()), "invalid_request_object"},
		"an acr that is not":       {claim("claims", map[string]any{"id_token": map[string]any{"openbanking_intent_id": map[string]any{"value": consent}, "acr": map[string]any{"essential": true, "value": "urn:mace:silver"}}}), "invalid_request_object"},
		"a challenge in the clear": {func(c map[string]any) { c["code_challenge"], c["code_challenge_method"] = "x", "plain" }, "invalid_request_object"},
	} {
		claims := b.claims(consent, "code id_token")
		c.spoil(claims)
		back, text := b.visits(b.address(b.signed(claims), "code id_token"))
		if c.kind == page {
			require.NotEqual(t, "evil.example", back.Host, name)
			require.Contains(t, text, "does not go on", name)
			continue
		}
		require.Equal(t, "us.example", back.Host, "%s: %s", name, text)
		said, err := url.ParseQuery(back.Fragment + back.RawQuery)
		require.NoError(t, err)
		require.Equal(t, c.kind, said.Get("error"), "%s: %s", name, said.Get("error_description"))
	}
}

// What is not signed by the client leads nowhere.
func TestUKBank_authorisation_signatures(t *testing.T) {
	t.Parallel()
	w := open(t)
	b, other := w.ukClient(t, company, v31), w.ukClient(t, otherCompany, v31)
	consent := b.asks(everyone, "")
	good := b.signed(b.claims(consent, "code"))
	for name, address := range map[string]string{
		"no request":      b.address("", "code"),
		"not signed":      b.address(regexp.MustCompile(`\.[^.]+$`).ReplaceAllString(good, "."), "code"),
		"another key":     b.address(other.signed(b.claims(consent, "code")), "code"),
		"another client":  strings.Replace(b.address(good, "code"), "client_id="+b.id, "client_id="+other.id, 1),
		"unknown client":  strings.Replace(b.address(good, "code"), "client_id="+b.id, "client_id=nobody", 1),
		"nothing at all":  b.base + "/open-banking/authorize",
		"a broken header": b.address("eyJhbGciOiJub25lIn0.e30.", "code"),
	} {
		back, text := b.visits(address)
		require.Contains(t, text, "does not go on", name)
		require.Equal(t, w.base, back.Scheme+"://"+back.Host, name)
	}
	at, _ := b.visits(b.address(good, "code"))
	require.Contains(t, at.Path, "/redirect/authorize/", "and what is right goes on")
}

// Codes are good for whoever began, with the address and the verifier of the beginning.
func TestUKBank_codes(t *testing.T) {
	t.Parallel()
	w := open(t)
	b, other := w.ukClient(t, company, v31), w.ukClient(t, otherCompany, v31)
	code := func(more map[string]any) string {
		claims := b.claims(b.asks(everyone, ""), "code")
		for name, value := range more {
			claims[name] = value
		}
		page, _ := b.visits(b.address(b.signed(claims), "code"))
		_, said := b.agrees(page.String(), "plain", "approve")
		return said.Get("code")
	}
	form := func(code string, more ...string) url.Values {
		out := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {ukReturn}}
		for i := 0; i < len(more); i += 2 {
			out.Set(more[i], more[i+1])
		}
		return out
	}
	challenge := map[string]any{"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"} // RFC 7636, appendix B
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	require.Equal(t, "invalid_grant", b.token(form(code(nil), "redirect_uri", ukReturn+"/more")).Error)
	require.Equal(t, "invalid_grant", b.token(form(code(nil), "code_verifier", verifier)).Error)
	require.Equal(t, "invalid_grant", other.token(form(code(nil))).Error)
	require.Equal(t, "invalid_grant", b.token(form(code(challenge))).Error)
	require.Equal(t, "invalid_grant", b.token(form(code(challenge), "code_verifier", "x")).Error)
	require.Equal(t, http.StatusOK, b.token(form(code(challenge), "code_verifier", verifier)).Status)
	require.Equal(t, "unsupported_grant_type", b.token(url.Values{"grant_type": {"password"}}).Error)
	require.Equal(t, "invalid_scope", b.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"payments"}}).Error)
	require.Equal(t, "invalid_client", b.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"accounts"}, "client_id": {other.id}}).Error)
}
