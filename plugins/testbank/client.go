package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	callLimit   = 30 * time.Second
	answerLimit = 4 << 20
)

// client speaks HTTP with the configured bank and with nobody else.
type client struct {
	base *url.URL
	http *http.Client
}

func newClient(base *url.URL) *client {
	return &client{base: base, http: &http.Client{
		Timeout:       callLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		// No proxy: the environment must not decide where credentials go.
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout: 10 * time.Second, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute,
		},
	}}
}

// refusal is the bank's typed error. Its message is not kept: what a bank writes may hold anything.
type refusal struct {
	Code string `json:"code"`
	// URL is the page where the customer can mend it.
	URL string `json:"url"`
	// RetryAt is when another try makes sense, by the bank's clock, which is the server's too.
	RetryAt time.Time `json:"retry_at"`
}

func (r *refusal) Error() string { return "the bank refused" }

func refusedWith(err error, code string) bool {
	var r *refusal
	return errors.As(err, &r) && r.Code == code
}

// call is one request to the bank.
type call struct {
	method string
	path   []string // segments, escaped one by one
	query  url.Values
	bearer string
	psu    *sdk.PSU // who is there, for calls that the bank counts otherwise
	body   any
}

// do makes a call and decodes the answer into out, unless that is nil. The error is a *refusal where the bank says no
// with a reason, a *sdk.Failure, or the context's own when the caller has given up.
func (c *client) do(ctx context.Context, ask call, out any) error {
	request, err := c.request(ctx, ask)
	if err != nil {
		return sdk.Fail(sdk.Technical, err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return unreachable(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, answerLimit+1))
	switch {
	case err != nil:
		return unreachable(ctx, err)
	case len(text) > answerLimit:
		return sdk.Fail(sdk.BadData, errors.New("an answer is too long"))
	}
	return understand(response.StatusCode, text, out)
}

func (c *client) request(ctx context.Context, ask call) (*http.Request, error) {
	body := io.Reader(http.NoBody)
	if ask.body != nil {
		text, err := json.Marshal(ask.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	segments := make([]string, len(ask.path))
	for i, segment := range ask.path {
		segments[i] = url.PathEscape(segment)
	}
	target := c.base.JoinPath(segments...)
	target.RawQuery = ask.query.Encode()
	request, err := http.NewRequestWithContext(ctx, ask.method, target.String(), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	if ask.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+ask.bearer)
	}
	if ask.psu != nil {
		request.Header.Set("PSU-IP-Address", cmp.Or(ask.psu.IP, "unknown"))
	}
	return request, nil
}

// unreachable tells a bank that does not answer from a caller that no longer waits.
func unreachable(ctx context.Context, cause error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return sdk.Fail(sdk.ProviderUnavailable, cause)
}

func understand(status int, text []byte, out any) error {
	switch {
	case status >= 500:
		failure := sdk.Fail(sdk.ProviderUnavailable, fmt.Errorf("status %d", status))
		var r refusal
		if json.Unmarshal(text, &r) == nil && r.Code == "unavailable" {
			failure.RetryAt = r.RetryAt
		}
		return failure
	case status >= 400:
		r := &refusal{}
		if err := json.Unmarshal(text, r); err != nil || r.Code == "" {
			return sdk.Fail(sdk.BadData, fmt.Errorf("status %d without a reason", status))
		}
		return r
	case status >= 300:
		return sdk.Fail(sdk.BadData, fmt.Errorf("status %d: redirects are not followed", status))
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return sdk.Fail(sdk.BadData, err)
	}
	return nil
}
