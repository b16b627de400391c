package thirdparty_test

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// The bank fetches a certificate from where its third party says that it is, and from nowhere that cannot be trusted.
func TestSeals(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	mux.HandleFunc("/seal.pem", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(text) })
	mux.HandleFunc("/text", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("no certificate")) })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/seal.pem", http.StatusFound) })
	plain := httptest.NewServer(mux)
	t.Cleanup(plain.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())

	found, err := thirdparty.Seals(roots)(t.Context(), server.URL+"/seal.pem")
	require.NoError(t, err)
	require.Equal(t, server.Certificate().SerialNumber, found.SerialNumber)
	for _, address := range []string{server.URL + "/text", server.URL + "/moved", server.URL + "/nothing", plain.URL + "/seal.pem", "file:///seal.pem", "https://%"} {
		_, err := thirdparty.Seals(roots)(t.Context(), address)
		require.Error(t, err, address)
	}
	_, err = thirdparty.Seals(x509.NewCertPool())(t.Context(), server.URL+"/seal.pem")
	require.Error(t, err, "a host that nobody vouches for")
}
