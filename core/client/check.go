package client

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
)

// ErrClient says that a client's settings are unusable.
var ErrClient = fault.New(fault.Invalid, "invalid_client_settings", "The client's settings are not acceptable.")

// Rights lists them all.
func Rights() []Right { return []Right{DirectCredentials, PasswordGrant, SandboxControl} }

// Check names everything that is wrong with scopes, rights and redirect URLs.
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
	for i, text := range c.RedirectURLs {
		if !redirectable(text) {
			wrong = append(wrong, fault.At(fmt.Sprintf("redirect_urls[%d]", i), "wants https and no fragment, or http on this machine"))
		}
	}
	if len(wrong) > 0 {
		return ErrClient.With(wrong...)
	}
	return nil
}

// redirectable follows RFC 6749 §3.1.2 and RFC 8252 §7.3: absolute, without a
// fragment, encrypted unless it never leaves the machine.
func redirectable(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || len(text) > 2000 {
		return false
	}
	host := u.Hostname()
	return u.Scheme == "https" || (u.Scheme == "http" && (host == "localhost" || host == "127.0.0.1" || host == "::1"))
}
