package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := `{"email":"ada@example.org","password":"secret1"}`
	for name, c := range map[string]struct {
		method, target, body string
		status               int
		code, location       string
	}{
		"unknown parameter by name":       {"GET", "/v1/users?colour=red", "", 422, "unknown_parameter", "query.colour"},
		"unknown parameter unfit name":    {"GET", "/v1/users?a%20b=red", "", 422, "unknown_parameter", "query"},
		"unknown parameter long name":     {"GET", "/v1/users?" + strings.Repeat("a", 200) + "=1", "", 422, "unknown_parameter", "query"},
		"parameter without a value":       {"GET", "/v1/users?colour", "", 422, "unknown_parameter", "query.colour"},
		"repeated parameter":              {"GET", "/v1/users?limit=1&limit=2", "", 422, "repeated_parameter", "query.limit"},
		"malformed query":                 {"GET", "/v1/users?limit=%zz", "", 422, "malformed_query", ""},
		"semicolon in a query":            {"GET", "/v1/users?limit=1;email=x", "", 422, "malformed_query", ""},
		"text with a control character":   {"GET", "/v1/transactions?text=a%00b", "", 422, "invalid_request", "query.text"},
		"text that is no text":            {"GET", "/v1/transactions?text=a%ffb", "", 422, "invalid_request", "query.text"},
		"name with a control character":   {"PATCH", "/v1/connections/" + con, `{"name":"a\u0000b"}`, 422, "invalid_request", "body.name"},
		"limit of zero":                   {"GET", "/v1/users?limit=0", "", 422, "invalid_request", "query.limit"},
		"limit too high":                  {"GET", "/v1/users?limit=501", "", 422, "invalid_request", "query.limit"},
		"limit that is no number":         {"GET", "/v1/users?limit=ten", "", 422, "invalid_request", "query.limit"},
		"wait too long":                   {"GET", "/v1/queues/" + que + "/events?wait=31", "", 422, "invalid_request", "query.wait"},
		"after below zero":                {"GET", "/v1/queues/" + que + "/events?after=-1", "", 422, "invalid_request", "query.after"},
		"day that does not exist":         {"GET", "/v1/transactions?from=2026-02-30", "", 422, "invalid_request", "query.from"},
		"amount that is none":             {"GET", "/v1/transactions?min_amount=1e9", "", 422, "invalid_amount", "query.min_amount"},
		"status that is none":             {"GET", "/v1/transactions?status=LOST", "", 422, "invalid_request", "query.status"},
		"rule for another direction":      {"POST", "/v1/category_rules", `{"text":"ab","direction":"UP","category_id":"food.groceries"}`, 422, "invalid_request", "body.direction"},
		"unknown property by name":        {"POST", "/v1/users", `{"email":"ada@example.org","colour":"red"}`, 422, "unknown_property", "body.colour"},
		"property in other letters":       {"POST", "/v1/users", `{"Email":"ada@example.org"}`, 422, "unknown_property", "body.Email"},
		"unknown property deep inside":    {"POST", "/v1/connections", `{"provider_id":"x","channels":[{"channel_definition_id":"y","colour":1}]}`, 422, "unknown_property", "body.channels[0].colour"},
		"wrong type":                      {"POST", "/v1/users", `{"email":1}`, 422, "invalid_request", "body.email"},
		"credential that is no text":      {"POST", "/v1/connections", `{"provider_id":"x","channels":[{"channel_definition_id":"y","credentials":{"hunter2":1}}]}`, 422, "invalid_request", "body.channels[0].credentials"},
		"missing property":                {"POST", "/v1/connections", `{"channels":[]}`, 422, "invalid_request", "body"},
		"number out of range":             {"POST", "/v1/queues/" + que + "/ack", `{"seq":1e30}`, 422, "invalid_request", "body.seq"},
		"number that is no integer":       {"POST", "/v1/queues/" + que + "/ack", `{"seq":1.5}`, 422, "invalid_request", "body.seq"},
		"number written with an exponent": {"POST", "/v1/queues/" + que + "/ack", `{"seq":1e3}`, 422, "invalid_request", "body"},
		"body that is no object":          {"POST", "/v1/users", `[]`, 422, "invalid_request", "body"},
		"body null":                       {"POST", "/v1/users", `null`, 422, "invalid_request", "body"},
		"body cut off":                    {"POST", "/v1/users", `{"email":`, 400, "malformed_body", ""},
		"body with more behind":           {"POST", "/v1/users", good + "{}", 400, "malformed_body", ""},
		"no body":                         {"POST", "/v1/users", "", 400, "malformed_body", ""},
		"body too large":                  {"POST", "/v1/users", good + strings.Repeat(" ", MaxBody), 413, "body_too_large", ""},
		"unknown route":                   {"GET", "/v1/nothing", "", 404, "route_not_found", ""},
		"no route":                        {"GET", "/", "", 404, "route_not_found", ""},
		"trailing slash":                  {"GET", "/v1/users/", "", 404, "route_not_found", ""},
		"untidy path":                     {"GET", "/v1//users", "", 404, "route_not_found", ""},
		"path with dots":                  {"GET", "/v1/providers/../users", "", 404, "route_not_found", ""},
		"unknown method":                  {"PUT", "/v1/users", good, 405, "method_not_allowed", ""},
		"odd method":                      {"BREW", "/v1/users", "", 405, "method_not_allowed", ""},
		"oauth that is not there":         {"POST", "/oauth/token", "", 404, "route_not_found", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			p := refused(t, g.call(c.method, c.target, clientToken, c.body), c.status, c.code)
			require.Empty(t, g.seen, "no use case may have been asked")
			if c.location == "" {
				require.Empty(t, p.Errors)
				return
			}
			require.Equal(t, c.location, p.Errors[0].Location)
			require.NotEmpty(t, p.Errors[0].Message)
		})
	}
}

func TestMethodNotAllowedNamesThoseThatAre(t *testing.T) {
	t.Parallel()
	w := newRig().call("PUT", "/v1/users", clientToken, "{}")
	require.Equal(t, "GET, HEAD, POST", w.Header().Get("Allow"))
}

func TestBodyOfExactlyTheBound(t *testing.T) {
	t.Parallel()
	body := `{"email":"ada@example.org","password":"secret1"}`
	require.Equal(t, http.StatusCreated, newRig().call("POST", "/v1/users", clientToken, body+strings.Repeat(" ", MaxBody-len(body))).Code)
}

func TestManyMistakesGiveAShortAnswer(t *testing.T) {
	t.Parallel()
	var body strings.Builder
	body.WriteString(`{"types":[1`)
	for range 90 {
		body.WriteString(`,1`)
	}
	body.WriteString(`]}`)
	p := refused(t, newRig().call("POST", "/v1/queues", clientToken, body.String()), 422, "invalid_request")
	require.Len(t, p.Errors, maxDetails)
}

func TestOtherContentTypesAreRefused(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/cbor", "a;b+json"} {
		r := request("POST", "/v1/users", clientToken, `{}`)
		r.Header.Set("Content-Type", kind)
		refused(t, newRig().do(r), http.StatusUnsupportedMediaType, "unsupported_media_type")
	}
}

func TestAParameterWithoutAValueIsMissing(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"connection_id", "connection_id&limit=3", "connection_id="} {
		g := newRig()
		require.Equal(t, http.StatusOK, g.call("GET", "/v1/accounts?"+query, clientToken, "").Code)
		require.Equal(t, store.AccountFilter{}, g.seen["accounts"].([2]any)[0], query)
	}
}

// The decoder's own words hold the number.
func TestANumberDoesNotComeBack(t *testing.T) {
	t.Parallel()
	w := newRig().call("POST", "/v1/queues/"+que+"/ack", clientToken, `{"seq":7003e3}`)
	require.NotContains(t, w.Body.String(), "7003e3")
	require.Equal(t, "is not acceptable", refused(t, w, http.StatusUnprocessableEntity, "invalid_request").Errors[0].Message)
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		headers []string
		code    string
	}{
		"missing":        {nil, "token_required"},
		"unknown":        {[]string{"Bearer tra_other"}, "invalid_token"},
		"empty":          {[]string{"Bearer "}, "invalid_token"},
		"another scheme": {[]string{"Basic " + clientToken}, "invalid_token"},
		"two of them":    {[]string{"Bearer " + clientToken, "Bearer " + clientToken}, "invalid_token"},
		"not a token":    {[]string{"Bearer a b"}, "invalid_token"},
		"very long":      {[]string{"Bearer " + strings.Repeat("a", 1025)}, "invalid_token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			for _, e := range examples() {
				r := request(e.method, strings.Split(e.target, "?")[0]+"?colour=red", "", e.body) // not looked at yet
				for _, header := range c.headers {
					r.Header.Add("Authorization", header)
				}
				w := g.do(r)
				refused(t, w, http.StatusUnauthorized, c.code)
				if c.headers == nil {
					require.Equal(t, `Bearer realm="tributary"`, w.Header().Get("WWW-Authenticate"))
				} else {
					require.Equal(t, `Bearer realm="tributary", error="invalid_token"`, w.Header().Get("WWW-Authenticate"))
				}
				require.Empty(t, g.seen)
			}
		})
	}
	t.Run("scheme in other letters", func(t *testing.T) {
		t.Parallel()
		r := request("GET", "/v1/users", "", "")
		r.Header.Set("Authorization", "bearer "+clientToken)
		require.Equal(t, http.StatusOK, newRig().do(r).Code)
	})
}

func TestAnswersAreJSONWhateverIsAccepted(t *testing.T) {
	t.Parallel()
	g := newRig()
	for _, accepted := range []string{"", "*/*", "json", "application/xml", "application/problem+json", "application/json;q=0"} {
		r := request("GET", "/v1/users", clientToken, "")
		r.Header.Set("Accept", accepted)
		require.Equal(t, "application/json", g.do(r).Header().Get("Content-Type"), accepted)
	}
}
