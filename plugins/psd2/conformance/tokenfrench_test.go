package conformance

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/stet"
)

// asks opens the bank's address for browsers, and gives where the browser is sent, or the status where it is not.
func (w *frenchWorld) asks(changes url.Values) (to *url.URL, status int) {
	w.t.Helper()
	query := url.Values{"response_type": {"code"}, "client_id": {company.ID}, "redirect_uri": {returnURL}, "scope": {"aisp"}, "state": {"s-1"}}
	for name, values := range changes {
		query[name] = values
	}
	client := *w.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Get(w.base + "/stet/authorize?" + query.Encode()) //nolint:noctx // a browser
	require.NoError(w.t, err)
	require.NoError(w.t, response.Body.Close())
	if to, err = response.Location(); err != nil {
		to = nil
	}
	return to, response.StatusCode
}

// exchanges asks the token server, and gives its error; empty where it gave tokens.
func (w *frenchWorld) exchanges(d *stet.Dialect, form url.Values) (wrong string, tokens map[string]any) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+"/stet/token", strings.NewReader(form.Encode()))
	require.NoError(w.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, text := w.sends(r, party{d.Identity.Transport, d.Identity.Seal})
	var said map[string]any
	require.NoError(w.t, json.Unmarshal([]byte(text), &said))
	if status == http.StatusOK {
		return "", said
	}
	wrong, _ = said["error"].(string)
	return wrong, nil
}

// The bank tells a third party what is wrong with its question, and sends nobody to an address that is none.
func TestFrenchAuthorisation(t *testing.T) {
	t.Parallel()
	w := openFrench(t, "", mixed)
	for wrong, changes := range map[string]url.Values{
		"unsupported_response_type": {"response_type": {"token"}}, "invalid_scope": {"scope": {"aisp pisp"}}, "invalid_request": {"code_challenge": {"x"}, "code_challenge_method": {"plain"}},
	} {
		to, _ := w.asks(changes)
		require.Equal(t, "us.example", to.Host)
		require.Equal(t, url.Values{"error": {wrong}, "state": {"s-1"}}, to.Query())
	}
	for _, changes := range []url.Values{{"redirect_uri": {"javascript:alert(1)"}}, {"redirect_uri": {""}}, {"client_id": {""}}} {
		to, status := w.asks(changes)
		require.Nil(t, to)
		require.Equal(t, http.StatusBadRequest, status)
	}
}

// A code is for one company, one address and, where it began with a challenge, for who has the verifier; it works once.
func TestFrenchCodes(t *testing.T) {
	t.Parallel()
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	code := func(changes url.Values) string {
		page, _ := w.asks(changes)
		return w.onPage(page.String(), "plain", "approve").Get("code")
	}
	good := func(code string) url.Values {
		return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "client_id": {company.ID}, "redirect_uri": {returnURL}}
	}
	with := func(form url.Values, name, value string) url.Values { form.Set(name, value); return form }
	plain := code(nil)
	for name, c := range map[string]struct {
		form  url.Values
		wrong string
	}{
		"another company":      {with(good(plain), "client_id", "PSDDE-BAFIN-99"), "invalid_client"},
		"another address":      {with(good(plain), "redirect_uri", "https://evil.example/"), "invalid_grant"},
		"a verifier of nobody": {with(good(plain), "code_verifier", "v"), "invalid_grant"},
		"another grant":        {with(good(plain), "grant_type", "password"), "unsupported_grant_type"},
		"no code":              {with(good(plain), "code", ""), "invalid_grant"},
	} {
		wrong, _ := w.exchanges(d, c.form)
		require.Equal(t, c.wrong, wrong, name)
	}
	wrong, tokens := w.exchanges(d, good(plain))
	require.Empty(t, wrong)
	require.Equal(t, "Bearer", tokens["token_type"])
	wrong, _ = w.exchanges(d, good(plain))
	require.Equal(t, "invalid_grant", wrong, "a code works once")

	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" // RFC 7636, appendix B
	proven := code(url.Values{"code_challenge": {challenge}, "code_challenge_method": {"S256"}})
	wrong, _ = w.exchanges(d, good(proven))
	require.Equal(t, "invalid_grant", wrong, "the verifier is missing")
	wrong, _ = w.exchanges(d, with(good(proven), "code_verifier", verifier))
	require.Empty(t, wrong)
}
