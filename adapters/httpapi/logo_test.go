package httpapi

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/core/provider"
)

// TestLogo is at our own address, where there is one.
func TestLogo_is_at_our_own_address(t *testing.T) {
	t.Parallel()
	of := func(p provider.Provider) *string {
		return api{server: &server{Config: Config{ServerURL: "https://api.example/"}}}.providerIn("en")(p).LogoURL
	}
	p := provider.Provider{ID: "oak"}
	require.Nil(t, of(p))
	p.LogoURL = "https://bank.example/logo.svg"
	require.Equal(t, p.LogoURL, *of(p))
	p.Logo = provider.NewLogo(picture.Picture{PNG: []byte("pixels")})
	require.Equal(t, "https://api.example/widget/logos/oak/"+p.Logo.Hash+"/logo.png", *of(p))
}
