package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
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
