package client_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
)

func TestCheck_names_everything_that_is_wrong(t *testing.T) {
	t.Parallel()
	c := client.Client{
		Scopes: []client.Scope{client.Profile, "all"}, Rights: []client.Right{"root", client.PasswordGrant},
		RedirectURLs: []string{"https://a.example/x?y=1", "http://localhost:3000/", "http://a.example/", "https://a.example/#x", "a.example", "javascript:1", "https://u@a.example/"},
	}
	err := c.Check()
	require.ErrorIs(t, err, client.ErrClient)
	failed, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok)
	var places []string
	for _, detail := range failed.Details {
		places = append(places, detail.Location)
	}
	require.Equal(t, []string{"scopes[1]", "rights[0]", "redirect_urls[2]", "redirect_urls[3]", "redirect_urls[4]", "redirect_urls[5]", "redirect_urls[6]"}, places)
	require.NoError(t, client.Client{Scopes: client.Scopes(), Rights: client.Rights(), RedirectURLs: c.RedirectURLs[:2]}.Check())
}

func TestCheck_takes_addresses_as_they_are_compared(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		client    func(text string) client.Client
		good, bad []string
	}{
		"origins": {
			func(text string) client.Client { return client.Client{Origins: []string{text}} },
			[]string{"https://app.example", "https://app.example:8443", "https://xn--bcher-kva.example", "http://localhost:3000", "http://127.0.0.1:1", "https://10.0.0.1"},
			[]string{
				"", "null", "*", "https://*.example", "https://app.example/", "https://app.example/x", "https://app.example?x", "https://app.example#x", "https://app.example:443",
				"http://localhost:80", "https://app.example:", "https://app.example:0", "https://app.example:08443", "https://app.example:99999", "https://App.example", "HTTPS://app.example",
				"http://app.example", "https://u@app.example", "https://app.example;x", "https://app.example https://evil.example", "https://app.example,x", "https://app'example", "//app.example",
				"app.example", "https://", "https://bücher.example", "javascript://app.example", "data:text/html,x", "file:///x", "com.example.app:/x", "http://localhost.evil.example", "https://[::1]",
			},
		},
		"app_links": {
			func(text string) client.Client { return client.Client{AppLinks: []string{text}} },
			[]string{"com.example.app:/banks", "com.example.app://banks?x=1", "example.app:/"},
			[]string{
				"", "myapp:/x", "javascript:alert(1)", "javascript:/x", "data:/x", "https://app.example", "com.example.app:banks", "com.example.app:/x#y", "COM.example:/x", "com.example.app:/ x",
				"com.example.app:/\n", "com..app:/x", ".app:/x", "com.:/x", "com.example;x:/y", "com.example.app:/%zz", "com.example.app:/é", "com.example.app:/" + strings.Repeat("x", 2000),
			},
		},
		"redirect_urls": {
			func(text string) client.Client { return client.Client{RedirectURLs: []string{text}} },
			[]string{"https://app.example", "https://App.example/x", "http://[::1]:3000/"},
			[]string{"https://app.example;x/", "https://app.example*/", "https:///x", "https://", "https://app.example/#", "//app.example/x", "http://localhost.evil.example/"},
		},
	} {
		for _, text := range c.good {
			require.NoError(t, c.client(text).Check(), "%s %q", name, text)
		}
		for _, text := range c.bad {
			err := c.client(text).Check()
			require.ErrorIs(t, err, client.ErrClient, "%s %q", name, text)
			failed, _ := errors.AsType[*fault.Error](err)
			require.Equal(t, name+"[0]", failed.Details[0].Location, text)
		}
	}
}
