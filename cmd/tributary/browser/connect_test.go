package browser

import (
	"testing"

	"github.com/go-rod/rod"
	"github.com/stretchr/testify/require"
)

// testConnect is the shortest way through the widget, and what comes of it.
func testConnect(t *testing.T, s *sandbox, browser *rod.Browser) {
	t.Run("with_a_form", func(t *testing.T) {
		made := s.order(t, map[string]any{"redirect_url": s.redirects, "state": "s&t", "channels": []string{"EMBEDDED"}})
		p := visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		p.at("Choose your bank")
		require.NotContains(t, p.address().String(), made.Links.AddConnection, "the link is not kept in the address")
		p.presses("button", "Test Bank")
		p.at("Share your Test Bank accounts with Budget app")
		p.presses("button", "I agree")
		p.at("Sign in to Test Bank")
		p.types("Login", "camille")
		p.types("Password", "camille-pass1")
		p.presses("button", "Sign in")
		p.at("Test Bank is connected")
		p.presses("button", "Finish")
		p.at("Back at /back")
		query := p.address().Query()
		told := s.told(t, made.ID)
		require.Equal(t, "FINISHED", told.Status)
		require.Equal(t, "success", *told.Result)
		require.Len(t, told.ConnectionIDs, 1)
		for name, want := range map[string]string{"x": "1", "result": "success", "status": "SUCCESS", "state": "s&t", "connection_id": told.ConnectionIDs[0]} {
			require.Equal(t, want, query.Get(name), name)
		}
	})
}
