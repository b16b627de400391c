package token

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// stating adds a statement of who we are to each form that is sent (RFC 7523, section 2.2), whatever it asks for.
type stating struct {
	statement func() (string, error)
	next      http.RoundTripper
}

func (s stating) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	said, err := s.statement()
	if err != nil {
		return nil, err
	}
	form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	form.Set("client_assertion", said)
	whole := form.Encode()
	own := r.Clone(r.Context())
	own.Body, own.ContentLength = io.NopCloser(strings.NewReader(whole)), int64(len(whole))
	own.GetBody = nil
	return s.next.RoundTrip(own)
}
