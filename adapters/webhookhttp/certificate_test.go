package webhookhttp_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/adapters/outbound/outboundtest"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// certify makes a certificate for a name; by itself where by is nil.
func certify(t *testing.T, by *authority, name string, from, until time.Time) (*authority, tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	made := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: from, NotAfter: until,
		IsCA: by == nil, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	self := &authority{made, key}
	if by == nil {
		by = self
	}
	raw, err := x509.CreateCertificate(rand.Reader, made, by.certificate, &key.PublicKey, by.key)
	require.NoError(t, err)
	self.certificate, err = x509.ParseCertificate(raw)
	require.NoError(t, err)
	return self, tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

// TestClaim_W6_broken_certificates: who cannot prove to be whom the address names
// gets nothing of an event, and the client reads why.
func TestClaim_W6_broken_certificates(t *testing.T) {
	t.Parallel()
	const name = "hooks.example"
	now := time.Now()
	from, until := now.Add(-time.Hour), now.Add(time.Hour)
	root, _ := certify(t, nil, "A root", from, until)
	_, good := certify(t, root, name, from, until)
	_, expired := certify(t, root, name, from, now.Add(-time.Minute))
	_, early := certify(t, root, name, now.Add(30*time.Minute), until)
	_, other := certify(t, root, "other.example", from, until)
	_, self := certify(t, nil, name, from, until)
	trusted := x509.NewCertPool()
	trusted.AddCert(root.certificate)
	o := options()
	o.Resolver = outboundtest.Resolver(func(string) []netip.Addr { return outboundtest.Addrs("127.0.0.1") })
	o.TLS = func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}
	}
	s := sender(outbound.NewClient(o), o)

	for what, c := range map[string]struct {
		config *tls.Config
		status int
		code   delivery.Code
	}{
		"good":         {&tls.Config{Certificates: []tls.Certificate{good}}, http.StatusNoContent, ""},
		"good, HTTP/2": {&tls.Config{Certificates: []tls.Certificate{good}, NextProtos: []string{"h2"}}, http.StatusNoContent, ""},
		"expired":      {&tls.Config{Certificates: []tls.Certificate{expired}}, 0, delivery.BadTLS},
		"too early":    {&tls.Config{Certificates: []tls.Certificate{early}}, 0, delivery.BadTLS},
		"wrong name":   {&tls.Config{Certificates: []tls.Certificate{other}}, 0, delivery.BadTLS},
		"self-signed":  {&tls.Config{Certificates: []tls.Certificate{self}}, 0, delivery.BadTLS},
		"outdated TLS": {&tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS11}, 0, delivery.BadTLS},
		"no TLS":       {nil, 0, delivery.BadTLS},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			var told atomic.Int64
			port := secured(t, c.config, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { told.Add(1); w.WriteHeader(http.StatusNoContent) }))
			got := s.Send(t.Context(), webhook.Message{URL: "https://" + name + ":" + port + "/", ID: "evt_1", At: now, Body: []byte("{}")})
			require.Equal(t, c.status, got.HTTPStatus)
			require.Equal(t, c.code, got.Code)
			require.Empty(t, got.Excerpt)
			require.Equal(t, c.status != 0, told.Load() > 0)
		})
	}
	t.Run("a handshake without an end", func(t *testing.T) {
		t.Parallel()
		address, _ := bare(t, "127.0.0.1:0", hang)
		got := s.Send(t.Context(), webhook.Message{URL: strings.Replace(address, "http:", "https:", 1), ID: "evt_1", At: now, Body: []byte("{}")})
		require.Equal(t, delivery.TimedOut, got.Code)
	})
}

// silent is for servers whose clients break off on purpose.
var silent = log.New(io.Discard, "", 0)

// secured serves with TLS, or without where there is no config.
func secured(t *testing.T, config *tls.Config, handler http.Handler) (port string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err = net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	server := &http.Server{Handler: handler, TLSConfig: config, ReadHeaderTimeout: time.Minute}
	server.ErrorLog = silent
	done := make(chan struct{})
	go func() {
		defer close(done)
		if config == nil {
			_ = server.Serve(listener)
			return
		}
		_ = server.ServeTLS(listener, "", "")
	}()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return port
}
