package outbound

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/tributary-dev/tributary/ports/fetcher"
)

// maxAddress is the longest address that is looked at, in bytes.
const maxAddress = 2000

// Fetcher reads documents over HTTP. It implements fetcher.Fetcher.
type Fetcher struct {
	client *http.Client
	limit  int64
}

// NewFetcher makes a fetcher of documents up to limit bytes.
func NewFetcher(options Options, limit int64) *Fetcher {
	return &Fetcher{client: NewClient(options), limit: limit}
}

// Fetch implements fetcher.Fetcher.
func (f *Fetcher) Fetch(ctx context.Context, address string) ([]byte, error) {
	target, err := url.Parse(address)
	if err != nil || len(address) > maxAddress {
		return nil, fetcher.ErrAddress // the cause quotes the address
	}
	request := (&http.Request{Method: http.MethodGet, URL: target, Header: http.Header{"User-Agent": {"Tributary"}}}).WithContext(ctx)
	answer, err := f.client.Do(request)
	if err != nil {
		return nil, translate(ctx, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fetcher.ErrFetch
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, f.limit+1))
	switch {
	case err != nil:
		return nil, translate(ctx, err)
	case int64(len(body)) > f.limit:
		return nil, fetcher.ErrTooLarge
	}
	return body, nil
}

// translate keeps the cause for logs, without the address that url.Error puts
// before it: its query may be a secret.
func translate(ctx context.Context, err error) error {
	var around *url.Error
	if errors.As(err, &around) {
		err = around.Err
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, ErrRefused):
		return fetcher.ErrAddress
	}
	return fetcher.ErrFetch.Because(err)
}
