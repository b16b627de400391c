package thirdparty

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	sealLimit   = 32 << 10
	sealPatient = 5 * time.Second
)

var errSeal = errors.New("there is no certificate at this address")

// Seals gives what fetches the certificates of third parties from where their signatures say that they are: over TLS
// alone, verified by these roots, without proxies and redirects. Whoever calls it has seen a certificate of the connection
// that is good: nobody else has the bank fetch anything.
func Seals(roots *x509.CertPool) func(ctx context.Context, address string) (*x509.Certificate, error) {
	client := &http.Client{
		Timeout:       sealPatient,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, IdleConnTimeout: time.Minute},
	}
	return func(ctx context.Context, address string) (*x509.Certificate, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
		if err != nil || !strings.HasPrefix(address, "https://") {
			return nil, errSeal
		}
		response, err := client.Do(request)
		if err != nil {
			return nil, errSeal
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(io.LimitReader(response.Body, sealLimit))
		block, _ := pem.Decode(text)
		if err != nil || response.StatusCode != http.StatusOK || block == nil {
			return nil, errSeal
		}
		return x509.ParseCertificate(block.Bytes)
	}
}
