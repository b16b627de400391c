package conformance

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/signature"
)

// party is a third party that may do wrong.
type party struct {
	transport *tls.Certificate
	seal      *operator.Seal
}

func (w *world) party(who eidas.Organization) party {
	w.t.Helper()
	transport := loaded(w.t, webOf(w.t, who))
	return party{&transport, seal(w.t, sealOf(w.t, who))}
}

const goodConsent = `{"access":{"allPsd2":"allAccounts"},"recurringIndicator":true,"validUntil":"2026-05-01","frequencyPerDay":4,"combinedServiceIndicator":false}`

// ask makes a request as the standard wants it, changed by spoil once before and once after it is signed.
func (w *world) ask(p party, method, path, body string, before, after func(*http.Request)) (status int, code string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.base+"/xs2a"+path, bytes.NewReader([]byte(body)))
	require.NoError(w.t, err)
	for name, value := range map[string]string{
		"X-Request-ID": "99391c7e-ad88-49ec-a2ad-99ddcb1f7721", "PSU-IP-Address": "192.0.2.1", "TPP-Redirect-URI": returnURL, "Content-Type": "application/json",
		"Digest": signature.Digest("SHA-256", []byte(body)), "TPP-Signature-Certificate": base64.StdEncoding.EncodeToString(p.seal.Certificate.Raw),
	} {
		r.Header.Set(name, value)
	}
	headers := []string{"digest", "x-request-id", "psu-id", "tpp-redirect-uri"}
	if before != nil {
		before(r)
	}
	require.NoError(w.t, signature.Signer{KeyID: signature.KeyID(p.seal.Certificate), Key: p.seal.Key}.Sign(r, headers))
	if after != nil {
		after(r)
	}
	status, text := w.sends(r, p)
	var said struct {
		Messages []struct {
			Code string `json:"code"`
		} `json:"tppMessages"`
	}
	_ = json.Unmarshal([]byte(text), &said)
	if len(said.Messages) > 0 {
		code = said.Messages[0].Code
	}
	return status, code
}

// The test bank takes what is right, and refuses whatever is wrong with certificates, digests and signatures.
func TestTheBankIsStrict(t *testing.T) {
	t.Parallel()
	w := open(t)
	ours, others := w.party(company), w.party(eidas.Organization{Name: "Other", Country: "DE", ID: "PSDDE-BAFIN-99"})
	noRole := company
	noRole.Roles = []eidas.Role{eidas.PaymentInitiation}
	status, _ := w.ask(ours, http.MethodPost, "/v1/consents", goodConsent, nil, nil)
	require.Equal(t, http.StatusCreated, status)
	for name, c := range map[string]struct {
		who           party
		before, after func(*http.Request)
		status        int
		code          string
	}{
		"no certificate":          {party{nil, ours.seal}, nil, nil, 401, "CERTIFICATE_MISSING"},
		"another role":            {w.party(noRole), nil, nil, 401, "ROLE_INVALID"},
		"a seal of another":       {party{ours.transport, others.seal}, nil, nil, 401, "CERTIFICATE_INVALID"},
		"a certificate of nobody": {ours, set("TPP-Signature-Certificate", "bm8="), nil, 401, "CERTIFICATE_INVALID"},
		"no signature":            {ours, nil, drop("Signature"), 401, "SIGNATURE_MISSING"},
		"no digest":               {ours, nil, drop("Digest"), 401, "SIGNATURE_MISSING"},
		"a digest of another":     {ours, set("Digest", signature.Digest("SHA-256", nil)), nil, 401, "SIGNATURE_INVALID"},
		"another request id":      {ours, nil, set("X-Request-ID", "11111111-ad88-49ec-a2ad-99ddcb1f7721"), 401, "SIGNATURE_INVALID"},
		"another return":          {ours, nil, set("TPP-Redirect-URI", "https://evil.example/"), 401, "SIGNATURE_INVALID"},
		"a header left out":       {ours, drop("X-Request-ID"), set("X-Request-ID", "99391c7e-ad88-49ec-a2ad-99ddcb1f7721"), 401, "SIGNATURE_INVALID"},
		"no request id":           {ours, nil, drop("X-Request-ID"), 400, "FORMAT_ERROR"},
		"no address of the user":  {ours, drop("PSU-IP-Address"), nil, 400, "FORMAT_ERROR"},
		"no return":               {ours, drop("TPP-Redirect-URI"), nil, 400, "FORMAT_ERROR"},
	} {
		status, code := w.ask(c.who, http.MethodPost, "/v1/consents", goodConsent, c.before, c.after)
		require.Equal(t, c.status, status, name)
		require.Equal(t, c.code, code, name)
	}
	for _, body := range []string{
		`{}`, `no`, `{"access":{},"recurringIndicator":true,"validUntil":"2026-05-01","frequencyPerDay":4,"combinedServiceIndicator":false}`,
		`{"access":{"allPsd2":"allAccounts"},"recurringIndicator":false,"validUntil":"2026-05-01","frequencyPerDay":4,"combinedServiceIndicator":false}`,
		`{"access":{"allPsd2":"allAccounts"},"recurringIndicator":true,"validUntil":"2020-05-01","frequencyPerDay":4,"combinedServiceIndicator":false}`,
		`{"access":{"allPsd2":"allAccounts"},"recurringIndicator":true,"validUntil":"2026-05-01","frequencyPerDay":0,"combinedServiceIndicator":false}`,
		`{"access":{"allPsd2":"allAccounts"},"recurringIndicator":true,"validUntil":"2026-05-01","frequencyPerDay":4,"combinedServiceIndicator":false,"more":1}`,
	} {
		status, code := w.ask(ours, http.MethodPost, "/v1/consents", body, nil, nil)
		require.Equal(t, "FORMAT_ERROR", code, body)
		require.Equal(t, http.StatusBadRequest, status, body)
	}
	for path, want := range map[string]string{
		"/v1/accounts": "FORMAT_ERROR", "/v1/consents/none": "CONSENT_UNKNOWN", "/v1/accounts/1/transactions?bookingStatus=both": "FORMAT_ERROR",
	} {
		_, code := w.ask(ours, http.MethodGet, path, "", nil, nil)
		require.Equal(t, want, code, path)
	}
}

// shown is the token that the plugin showed last.
func (w *world) shown() string {
	all := w.tap.all()
	return strings.TrimPrefix(all[len(all)-1].request.Header.Get("Authorization"), "Bearer ")
}

// sends makes a request with a certificate, and gives what came back.
func (w *world) sends(r *http.Request, who party) (status int, text string) {
	w.t.Helper()
	settings := &tls.Config{RootCAs: w.authority.Pool(), MinVersion: tls.VersionTLS12}
	if who.transport != nil {
		settings.Certificates = []tls.Certificate{*who.transport}
	}
	response, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true}}).Do(r)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return response.StatusCode, string(body)
}
