package conformance

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/signature"
	"github.com/tributary-dev/tributary/plugins/psd2/stet"
	"github.com/tributary-dev/tributary/testbank/bank"
)

const (
	put, get = "PUT /v1/consents", "GET /v1/accounts"
	told     = `{"balances":[],"transactions":[],"trustedBeneficiaries":false,"psuIdentity":false}`
)

// all are the headers that the standard has signed.
var all = []string{"(request-target)", "date", "digest", "content-type", "content-length", "x-request-id", "psu-ip-address"}

func without(name string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return n == name })
}

func set(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func drop(name string) func(*http.Request) { return func(r *http.Request) { r.Header.Del(name) } }

// inFrench are calls of the interface of STET, some of them right: by whom, with which key and which headers signed, and
// spoiled before or after that.
var inFrench = map[string]struct {
	call, body, who, key string
	headers              []string
	before, after        func(*http.Request)
	status               int
}{
	"all is right":                      {put, told, "", "", all, nil, nil, 201},
	"a list":                            {get, "", "", "", all, nil, nil, 200},
	"no certificate":                    {get, "", "bare", "", all, nil, nil, 401},
	"another role":                      {get, "", "no role", "", all, nil, nil, 401},
	"a seal of another":                 {get, "", "sealed by another", "https://other.example/qseal.pem", all, nil, nil, 401},
	"a key that is not there":           {get, "", "sealed by another", "", all, nil, nil, 401},
	"an address where nothing is":       {get, "", "", "https://us.example/nothing.pem", all, nil, nil, 401},
	"a key by its number":               {get, "", "", "SN=1,CA=CN=Test", all, nil, nil, 401},
	"a key over plain HTTP":             {get, "", "", "http://us.example/qseal.pem", all, nil, nil, 401},
	"no signature":                      {get, "", "", "", all, nil, drop("Signature"), 401},
	"no digest":                         {put, told, "", "", all, drop("Digest"), nil, 400},
	"a digest of another":               {put, told, "", "", all, set("Digest", signature.Digest("SHA-256", nil)), nil, 401},
	"another request id":                {get, "", "", "", all, nil, set("X-Request-ID", "other"), 401},
	"the user's address not signed":     {get, "", "", "", without("psu-ip-address"), nil, nil, 401},
	"a header of the user's not signed": {get, "", "", "", all, set("PSU-Referer", "x"), nil, 401},
	"the call not signed":               {get, "", "", "", without("(request-target)"), nil, nil, 401},
	"the digest not signed":             {put, told, "", "", without("digest"), nil, nil, 401},
	"the length not signed":             {put, told, "", "", without("content-length"), nil, nil, 401},
	"another call":                      {get, "", "", "", all, nil, func(r *http.Request) { r.URL.RawQuery = "page=2" }, 401},
	"no request id":                     {get, "", "", "", all, drop("X-Request-ID"), nil, 400},
	"no token":                          {get, "", "", "", all, nil, drop("Authorization"), 401},
	"a token of nobody":                 {get, "", "", "", all, set("Authorization", "Bearer acc_guessed"), nil, 401},
	"another type of answer":            {get, "", "", "", all, set("Accept", "text/xml"), nil, 406},
	"another method":                    {"POST /v1/accounts", told, "", "", all, nil, nil, 405},
	"another path":                      {"GET /v1/trusted-beneficiaries", "", "", "", all, nil, nil, 404},
	"an account of nobody":              {"GET /v1/accounts/none/balances", "", "", "", all, nil, nil, 404},
	"an account of another customer":    {"GET /v1/accounts/metered-current/balances", "", "", "", all, nil, nil, 404},
	"an account that was not told":      {"GET /v1/accounts/current/balances", "", "", "", all, nil, nil, 403},
	"a plain day":                       {"GET /v1/accounts/current/transactions?dateFrom=2026-01-01", "", "", "", all, nil, nil, 400},
	"no page":                           {"GET /v1/accounts?page=0", "", "", "", all, nil, nil, 400},
	"a body of nothing":                 {put, `{}`, "", "", all, nil, nil, 400},
	"no body":                           {put, ``, "", "", all, nil, nil, 400},
	"more than there is":                {put, strings.Replace(told, "{", `{"more":1,`, 1), "", "", all, nil, nil, 400},
	"an account that is not there":      {put, strings.Replace(told, "[]", `[{"iban":"FR7612345678901234567890123"}]`, 1), "", "", all, nil, nil, 400},
	"an account by another name":        {put, strings.Replace(told, "[]", `[{"other":{"identification":"current","schemeName":"BANK"}}]`, 1), "", "", all, nil, nil, 400},
	"another type of content":           {put, told, "", "", all, set("Content-Type", "text/plain"), nil, 400},
}

// TestTheBankIsStrictInFrench has it take what is right, and refuse whatever is wrong.
func TestTheBankIsStrictInFrench(t *testing.T) {
	t.Parallel()
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	w.connected(d, "plain")
	token, parties := w.shown(), w.parties(d)
	for name, c := range inFrench {
		require.NoError(t, w.bank.Tell(token, company.ID, bank.Leave{}))
		who, key := parties[c.who], c.key
		if key == "" {
			key = d.Identity.Seal.Address
		}
		r := w.request(c.call, c.body, token)
		if c.before != nil {
			c.before(r)
		}
		require.NoError(t, signature.Signer{KeyID: key, Key: who.seal.Key}.Sign(r, c.headers))
		if c.after != nil {
			c.after(r)
		}
		status, text := w.sends(r, who)
		require.Equal(t, c.status, status, "%s: %s", name, text)
		require.NotContains(t, text, token)
	}
}

// request is a call as the standard wants it, but for its signature.
func (w *frenchWorld) request(call, body, token string) *http.Request {
	w.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.base+"/stet"+path, strings.NewReader(body))
	require.NoError(w.t, err)
	for name, value := range map[string]string{
		"X-Request-ID": "1", "PSU-IP-Address": "192.0.2.1", "Content-Type": "application/json", "Authorization": "Bearer " + token,
		"Date": time.Now().UTC().Format(http.TimeFormat), "Digest": signature.Digest("SHA-256", []byte(body)),
	} {
		r.Header.Set(name, value)
	}
	return r
}

// rows are those of a list of transactions, as "bookingDate entryReference", with where its links lead.
func (w *frenchWorld) rows(d *stet.Dialect, token, query string) (rows []string, links map[string]string) {
	w.t.Helper()
	r := w.request("GET /v1/accounts/current/transactions"+query, "", token)
	require.NoError(w.t, signature.Signer{KeyID: d.Identity.Seal.Address, Key: d.Identity.Seal.Key}.Sign(r, all))
	status, text := w.sends(r, party{d.Identity.Transport, d.Identity.Seal})
	if status == http.StatusNoContent {
		return nil, nil
	}
	require.Equal(w.t, http.StatusOK, status, text)
	var page struct {
		Transactions []struct {
			Date  string `json:"bookingDate"`
			Entry string `json:"entryReference"`
		} `json:"transactions"`
		Links map[string]struct {
			Href string `json:"href"`
		} `json:"_links"`
	}
	require.NoError(w.t, json.Unmarshal([]byte(text), &page))
	links = map[string]string{}
	for name, link := range page.Links {
		links[name] = link.Href
	}
	for _, one := range page.Transactions {
		rows = append(rows, one.Date+" "+one.Entry)
	}
	return rows, links
}

// TestFrenchFilters asks for days, of which the first is in and the last is not, and for what came after a row.
func TestFrenchFilters(t *testing.T) {
	t.Parallel()
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	w.connected(d, "plain")
	token := w.shown()
	from := func(day string) string { return "dateFrom=" + day + "T00:00:00Z" }
	first, links := w.rows(d, token, "")
	require.Len(t, first, 2, "a page")
	require.Equal(t, map[string]string{
		"self": "v1/accounts/current/transactions", "first": "v1/accounts/current/transactions", "last": "v1/accounts/current/transactions?page=2", "next": "v1/accounts/current/transactions?page=2",
		"parent-list": "v1/accounts", "balances": "v1/accounts/current/balances",
	}, links)
	second, links := w.rows(d, token, "?page=2")
	require.Equal(t, "v1/accounts/current/transactions", links["prev"])
	require.NotContains(t, links, "next")
	whole := slices.Concat(first, second)
	require.Equal(t, "2026-03-14 ", whole[0], "what is not booked has no reference yet")
	found, _ := w.rows(d, token, "?"+from("2026-03-12")+"&dateTo=2026-03-13T00:00:00%2B02:00")
	require.Equal(t, whole[2:3], found, "the day of dateTo is not in it")
	_, links = w.rows(d, token, "?"+from("2026-01-01"))
	require.Equal(t, "v1/accounts/current/transactions?dateFrom=2026-01-01T00:00:00Z&page=2", links["next"], "what was asked for goes on")
	_, last, _ := strings.Cut(whole[2], " ")
	found, _ = w.rows(d, token, "?afterEntryReference="+last)
	require.Equal(t, whole[1:2], found)
	found, links = w.rows(d, token, "?"+from("2027-01-01"))
	require.Empty(t, found)
	require.Nil(t, links)
}

// parties are ours, and some that are not quite.
func (w *frenchWorld) parties(d *stet.Dialect) map[string]party {
	w.t.Helper()
	ours, others := party{d.Identity.Transport, d.Identity.Seal}, w.party(eidas.Organization{Name: "Other", Country: "DE", ID: "PSDDE-BAFIN-99"})
	w.seals.Store("https://other.example/qseal.pem", others.seal.Certificate)
	noRole := company
	noRole.Roles = []eidas.Role{eidas.PaymentInitiation}
	return map[string]party{"": ours, "bare": {nil, ours.seal}, "no role": w.party(noRole), "sealed by another": {ours.transport, others.seal}}
}
