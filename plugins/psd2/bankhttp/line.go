// Package bankhttp owns the connection to one bank: TLS with our certificate, the hosts that may be contacted, bounds
// and time limits, the signature, and which failure it is when no answer comes.
//
// It knows no standard's paths or bodies. Invariants: only hosts of the catalogue entry are contacted, over verified
// TLS; no redirect is followed and no proxy used; no answer is read beyond its bound; what the bank or the network says
// never reaches the text of a failure.
package bankhttp

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/signature"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	callLimit = 60 * time.Second
	// answerLimit bounds one answer, in bytes: 20,000 rows of a large report.
	answerLimit = 16 << 20
	headerLimit = 64 << 10
)

// Line is the connection to one bank. It is safe for concurrent use.
type Line struct {
	base   *url.URL
	hosts  []string
	client *http.Client
	bank   catalogue.Bank
	seal   *operator.Seal
}

// New makes the connection to a bank. Nothing is contacted.
func New(bank catalogue.Bank, identity operator.Identity) (*Line, error) {
	if bank.Signature != nil && identity.Seal == nil {
		return nil, fmt.Errorf("the bank %s wants signatures: the operator's identity there needs a seal", bank.ID)
	}
	if bank.Signature != nil && bank.Signature.Key == catalogue.KeyAddress && identity.Seal.Address == "" {
		return nil, fmt.Errorf("the bank %s wants to be told where our certificate is: the operator's seal there needs an address", bank.ID)
	}
	l := &Line{base: bank.Addresses.Base(), hosts: bank.Hosts(), bank: bank, seal: identity.Seal}
	settings := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: identity.Roots}
	if identity.Transport != nil {
		// Shown whatever the bank says of authorities: those that it names are often roots alone, and crypto/tls would show
		// nothing then, which the bank takes for somebody without a certificate.
		settings.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return identity.Transport, nil }
	}
	l.client = &http.Client{
		Timeout:       callLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &guard{hosts: l.hosts, shown: settings.Clone(), next: &http.Transport{
			DialContext:     (&net.Dialer{Timeout: dialLimit}).DialContext,
			TLSClientConfig: settings, TLSHandshakeTimeout: handshakeLimit, ForceAttemptHTTP2: true,
			MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: headerLimit,
		}},
	}
	return l, nil
}

// Client is for libraries that speak HTTP themselves (OAuth); it is bound by the same rules.
func (l *Line) Client() *http.Client { return l.client }

// Ask is one request.
type Ask struct {
	Method string
	// To is a whole address, from Resolve or Path.
	To     *url.URL
	Header http.Header
	Body   []byte
}

// Do makes a request. The error is a *sdk.Failure where there is no answer, or the context's own when the caller gave up.
func (l *Line) Do(ctx context.Context, ask Ask) (Answer, error) {
	request, err := l.request(ctx, ask)
	if err != nil {
		return Answer{}, sdk.Fail(sdk.Technical, err)
	}
	response, err := l.client.Do(request)
	if err != nil {
		return Answer{}, Unreachable(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerLimit+1))
	switch {
	case err != nil:
		return Answer{}, Unreachable(ctx, err)
	case len(body) > answerLimit:
		return Answer{}, sdk.Fail(sdk.BadData, errors.New("an answer is too long"))
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

// Send is Do with a body of JSON, nil for none. An answer that leads elsewhere is an error: no redirect is followed.
func (l *Line) Send(ctx context.Context, ask Ask, body any) (Answer, error) {
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return Answer{}, sdk.Fail(sdk.Technical, err)
		}
		ask.Body = text
		ask.Header.Set("Content-Type", "application/json")
	}
	answer, err := l.Do(ctx, ask)
	if err == nil && answer.Status >= 300 && answer.Status < 400 {
		return answer, sdk.Fail(sdk.BadData, errors.New("a redirect, which is not followed"))
	}
	return answer, err
}

func (l *Line) request(ctx context.Context, ask Ask) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, ask.Method, ask.To.String(), bytes.NewReader(ask.Body))
	if err != nil {
		return nil, err
	}
	if ask.Header != nil {
		request.Header = ask.Header.Clone()
	}
	return request, l.sign(request, ask.Body)
}

func (l *Line) sign(request *http.Request, body []byte) error {
	wants := l.bank.Signature
	if wants == nil {
		return nil
	}
	request.Header.Set("Digest", signature.Digest(wants.Digest, body))
	if slices.Contains(wants.Headers, "date") {
		request.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	signer := signature.Signer{KeyID: l.seal.Address, Key: l.seal.Key}
	if wants.Key != catalogue.KeyAddress {
		signer.KeyID = signature.KeyID(l.seal.Certificate)
		request.Header.Set("TPP-Signature-Certificate", base64.StdEncoding.EncodeToString(l.seal.Certificate.Raw))
	}
	return signer.Sign(request, wants.Headers)
}

// Unreachable tells a bank that does not answer from a caller that no longer waits.
func Unreachable(ctx context.Context, cause error) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case errors.Is(cause, ErrHost):
		return sdk.Fail(sdk.BadData, ErrHost)
	case refusesUs(cause):
		failure := sdk.Fail(sdk.Technical, cause)
		failure.Whose = sdk.Host
		return failure
	}
	return sdk.Fail(sdk.ProviderUnavailable, cause)
}
