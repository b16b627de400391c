package bankhttp

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Path is an address of the API; the segments are escaped one by one.
func (l *Line) Path(segments ...string) *url.URL {
	escaped := make([]string, len(segments))
	for i, segment := range segments {
		escaped[i] = url.PathEscape(segment)
	}
	return l.base.JoinPath(escaped...)
}

// Resolve reads a link of an answer to from. Banks write them whole, from the root of their host, or from the root of
// the API, which is somewhere else behind a gateway, as examples of STET do without a slash in front; and without a scheme, as in examples of the Berlin Group. A link to
// another host is refused.
func (l *Line) Resolve(from *url.URL, link string) (*url.URL, error) {
	if host, _, whole := strings.Cut(link, "/"); whole && slices.Contains(l.hosts, host) {
		link = "https://" + link
	}
	address, err := url.Parse(link)
	if err != nil || link == "" {
		return nil, sdk.Fail(sdk.BadData, errors.New("a link that is no address"))
	}
	version := l.bank.Addresses.VersionPath
	fromRoot := strings.HasPrefix(address.Path, "/v") && !strings.HasPrefix(address.Path, l.base.Path+"/")
	if address.Host == "" && address.Opaque == "" && (fromRoot || version != "" && strings.HasPrefix(address.Path, version+"/")) {
		whole := l.base.JoinPath(address.Path)
		whole.RawQuery = address.RawQuery
		return whole, nil
	}
	whole := from.ResolveReference(address)
	if !l.Allows(whole) {
		return nil, sdk.Fail(sdk.BadData, ErrHost)
	}
	return whole, nil
}

// Next reads the link to the next page of a list. Only the same list goes on: what is something else is refused.
func (l *Line) Next(from *url.URL, link string) (*url.URL, error) {
	to, err := l.Resolve(from, link)
	switch {
	case err != nil:
		return nil, err
	case to.Path == from.Path:
		return to, nil
	case resource(to) == resource(from): // from the inside of a gateway: the same list by another path
		whole := *from
		whole.RawQuery = to.RawQuery
		return &whole, nil
	}
	return nil, sdk.Fail(sdk.BadData, errors.New("a next page that is of something else"))
}

// resource is which list an address is of: the last three segments, such as accounts/1/transactions.
func resource(address *url.URL) string {
	segments := strings.Split(strings.Trim(address.EscapedPath(), "/"), "/")
	return strings.Join(segments[max(0, len(segments)-3):], "/")
}

// Allows reports whether an address is the bank's, for us.
func (l *Line) Allows(address *url.URL) bool {
	return address.Scheme == "https" && address.User == nil && slices.Contains(l.hosts, address.Host)
}

// Shows reports whether an address is the bank's, for the user's browser. On the machine itself, where test banks are, it
// needs no TLS: nothing of it leaves the machine, and browsers trust it as they trust https (W3C Secure Contexts).
func (l *Line) Shows(address *url.URL) bool {
	ip, err := netip.ParseAddr(address.Hostname())
	here := err == nil && ip.IsLoopback() && address.Scheme == "http"
	return l.Allows(address) || here && address.User == nil && slices.Contains(l.hosts, address.Host)
}

// Page reads the address of a page for the user's browser.
func (l *Line) Page(from *url.URL, link string) (string, error) {
	if address, err := url.Parse(link); err == nil && l.Shows(address) {
		return address.String(), nil
	}
	whole, err := l.Resolve(from, link)
	if err != nil {
		return "", err
	}
	return whole.String(), nil
}
