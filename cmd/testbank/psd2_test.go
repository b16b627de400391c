package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// papers is a folder as "tributary keys certificates" makes it.
func papers(t *testing.T) (folder string, authority *eidas.Authority, own tls.Certificate) {
	t.Helper()
	authority, err := eidas.NewAuthority("Test", time.Now(), time.Hour)
	require.NoError(t, err)
	pair, err := authority.Web(eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345"}, "127.0.0.1")
	require.NoError(t, err)
	folder = t.TempDir()
	for name, text := range map[string][]byte{"ca.pem": authority.Certificate(), "qwac.pem": pair.Certificate, "qwac.key": pair.Key} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o600))
	}
	own, err = tls.X509KeyPair(pair.Certificate, pair.Key)
	require.NoError(t, err)
	return folder, authority, own
}

// A sandbox that has no web site keeps its seal at the bank.
func TestServe_a_seal(t *testing.T) {
	t.Parallel()
	folder, authority, _ := papers(t)
	seal, err := authority.Seal(eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345"})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "qseal.pem"), seal.Certificate, 0o600))
	r := start(t.Context(), t, "--psd2-listen", "127.0.0.1:0", "--psd2-certificates", folder)
	found, err := thirdparty.Seals(authority.Pool())(t.Context(), r.seal)
	require.NoError(t, err)
	require.Equal(t, "PSDFR-ACPR-12345", found.Subject.Names[len(found.Subject.Names)-1].Value)
}

// The interface knows who shows a certificate, browsers see the bank's pages without one, and both are one bank.
func TestServe_third_parties(t *testing.T) {
	t.Parallel()
	folder, authority, own := papers(t)
	r := start(t.Context(), t, "--psd2-listen", "127.0.0.1:0", "--psd2-certificates", folder)
	for want, certificates := range map[string][]tls.Certificate{"CERTIFICATE_MISSING": nil, "SIGNATURE_MISSING": {own}} {
		client := &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: authority.Pool(), Certificates: certificates, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
		}}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.psd2+"/v1/accounts", nil)
		require.NoError(t, err)
		request.Header.Set("X-Request-ID", "99391c7e-ad88-49ec-a2ad-99ddcb1f7721")
		response, err := client.Do(request)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Contains(t, string(text), want)
	}
}

// UK Open Banking is told where it is, also where a browser asks, and a third party registers with the files of the README.
func TestServe_open_banking(t *testing.T) {
	t.Parallel()
	folder, authority, own := papers(t)
	r := start(t.Context(), t, "--psd2-listen", "127.0.0.1:0", "--psd2-certificates", folder)
	seal, err := authority.Seal(eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345"})
	require.NoError(t, err)
	var described struct {
		Issuer        string
		Authorization string `json:"authorization_endpoint"`
		Registration  string `json:"registration_endpoint"`
	}
	r.read(t, "/open-banking/.well-known/openid-configuration", &described)
	require.Equal(t, r.issuer, described.Issuer)
	require.Equal(t, r.url+"/open-banking/authorize", described.Authorization, "browsers know no test authority")
	body, err := json.Marshal(map[string]any{"redirect_uris": []string{"https://127.0.0.1:8443/callback"}, "token_endpoint_auth_method": "private_key_jwt", "certificates": []string{string(seal.Certificate)}})
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authority.Pool(), Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, described.Registration, bytes.NewReader(body))
	require.NoError(t, err)
	response, err := client.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(t, http.StatusCreated, response.StatusCode)
	var said struct {
		ID   string `json:"client_id"`
		JWKS struct {
			Keys []struct{ Kid string }
		}
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&said))
	require.Equal(t, "PSDFR-ACPR-12345", said.ID)
	require.Len(t, said.JWKS.Keys, 3)
}

func TestServe_names_what_is_wrong_with_certificates(t *testing.T) {
	t.Parallel()
	folder, _, _ := papers(t)
	for says, args := range map[string][]string{
		"belong together":               {"--psd2-listen", "127.0.0.1:0"},
		"holds no certificate qwac.pem": {"--psd2-listen", "127.0.0.1:0", "--psd2-certificates", t.TempDir()},
	} {
		status, _, errors := try(t, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
		require.Equal(t, 1, status)
		require.Contains(t, errors, says)
	}
	require.NoError(t, os.Remove(filepath.Join(folder, "ca.pem")))
	_, _, errors := try(t, "serve", "--listen", "127.0.0.1:0", "--psd2-listen", "127.0.0.1:0", "--psd2-certificates", folder)
	require.Contains(t, errors, "holds no ca.pem")
}
