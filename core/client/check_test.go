package client_test

import (
	"errors"
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
