package client

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/core/fault"
)

// ErrClient says that a client's settings are unusable.
var ErrClient = fault.New(fault.Invalid, "invalid_client_settings", "The client's settings are not acceptable.")

// Rights lists them all.
func Rights() []Right { return []Right{DirectCredentials, PasswordGrant, SandboxControl} }

// Check names everything that is wrong with scopes, rights and addresses.
func (c Client) Check() error {
	var wrong []fault.Detail
	for i, scope := range c.Scopes {
		if !slices.Contains(Scopes(), scope) {
			wrong = append(wrong, fault.At(fmt.Sprintf("scopes[%d]", i), "is no scope"))
		}
	}
	for i, right := range c.Rights {
		if !slices.Contains(Rights(), right) {
			wrong = append(wrong, fault.At(fmt.Sprintf("rights[%d]", i), "is no right"))
		}
	}
	for _, list := range []struct {
		name, wants string
		given       []string
		good        func(string) bool
	}{
		{"redirect_urls", "wants https and no fragment, or http on this machine", c.RedirectURLs, redirectable},
		{"origins", "wants scheme, host and port as browsers write them, such as https://app.example: https, or http on this machine", c.Origins, isOrigin},
		{"app_links", "wants a scheme with the name of a domain of yours backwards, such as com.example.app:/banks", c.AppLinks, isAppLink},
	} {
		for i, text := range list.given {
			if !list.good(text) {
				wrong = append(wrong, fault.At(fmt.Sprintf("%s[%d]", list.name, i), list.wants))
			}
		}
	}
	if len(wrong) > 0 {
		return ErrClient.With(wrong...)
	}
	return nil
}

// longest is what an address may have, in bytes.
const longest = 2000

// Hosts are names or addresses, and nothing that would mean something in a
// header that they are put into.
var (
	originPattern  = regexp.MustCompile(`^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$`)
	hostPattern    = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	appLinkPattern = regexp.MustCompile(`^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:/[!-~]*$`)
)

// redirectable follows RFC 6749 §3.1.2 and RFC 8252 §7.3: absolute, without a
// fragment, encrypted unless it never leaves the machine.
func redirectable(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.User != nil || strings.Contains(text, "#") || len(text) > longest {
		return false
	}
	host := u.Hostname()
	return (hostPattern.MatchString(strings.ToLower(host)) || host == "::1") && encrypted(u)
}

// isOrigin takes what a browser calls the origin of a page, letter for letter:
// it is compared with that, and stands in policies.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || !originPattern.MatchString(text) || len(text) > longest {
		return false
	}
	port, _ := strconv.Atoi(u.Port())
	usual := map[string]int{"https": 443, "http": 80}[u.Scheme] // which browsers leave out
	return port < 1<<16 && port != usual && encrypted(u)
}

// isAppLink follows RFC 8252 §7.1. An https address that an app claims is a
// redirect URL like any other.
func isAppLink(text string) bool {
	_, err := url.Parse(text)
	return err == nil && appLinkPattern.MatchString(text) && !strings.Contains(text, "#") && len(text) <= longest
}

// encrypted is also what never leaves the machine.
func encrypted(u *url.URL) bool {
	host := u.Hostname()
	return u.Scheme == "https" || (u.Scheme == "http" && (host == "localhost" || host == "127.0.0.1" || host == "::1"))
}
