package aspsp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// client shows the bank's own certificate, which it takes from everybody.
func (b *Bank) client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: b.trust, Certificates: b.server.TLS.Certificates, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
	}}
}

// Bare reads all pages with nothing but an HTTP client and a decoder, and tells how long that took.
func (b *Bank) Bare(ctx context.Context) (time.Duration, error) {
	client := b.client()
	defer client.CloseIdleConnections()
	began, read := time.Now(), 0
	for page := range pages(0, len(b.rows)) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.URL+b.list+"/1/transactions?page="+strconv.Itoa(page), http.NoBody)
		if err != nil {
			return 0, err
		}
		answer, err := client.Do(request)
		if err != nil {
			return 0, err
		}
		rows, err := b.decode(answer.Body)
		_ = answer.Body.Close()
		if err != nil {
			return 0, err
		}
		read += rows
	}
	if read != len(b.rows) {
		return 0, fmt.Errorf("%d rows were read bare of %d", read, len(b.rows))
	}
	return time.Since(began), nil
}
