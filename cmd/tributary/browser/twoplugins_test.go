package browser

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTwoPlugins connects one bank that two plugins serve: consent at the bank for
// its PSD2 interface, then the form of its web site, which a browser of the server
// reads, and in the end the accounts of both, each once.
func TestTwoPlugins(t *testing.T) {
	const name = "Test Bank (PSD2 and web site)"
	s, browser := startSandbox(t, "--plugins", withPlugins(t, "plugins/testbank", "others/psd2", "others/scraper")), chromium(t)
	made := s.order(t, map[string]any{"redirect_url": s.redirects, "state": "s"})
	p := visitor(t, browser, s, "en")
	p.goes(made.Links.AddConnection)
	p.at("Choose your bank")
	p.presses("button", name)
	p.at("Share your " + name + " accounts with Budget app")
	p.presses("button", "I agree")
	p.at("Continue at " + name)
	p.presses("link", "Go to "+name)
	p.logsInAtTheBank("camille")
	p.presses("button", "Approve")
	p.at("Your other accounts at " + name)
	p.sees("StaticText", "does not share savings and loans")
	p.adds("camille")
	p.at("Connecting " + name)
	p.at(name + " is connected")
	require.Equal(t, []string{"REDIRECT SUCCESS", "EMBEDDED SUCCESS"}, s.channels(t, made.UserID))
	require.ElementsMatch(t, []string{"Compte courant", "Livret A"}, s.names(t, made.UserID), "each once")
	require.Equal(t, []string{"ACTIVE", "ACTIVE"}, s.statuses(t, made.UserID))
	p.presses("button", "Finish")
	p.at("Back at /back")
	require.Len(t, s.told(t, made.ID).ConnectionIDs, 1)
}
