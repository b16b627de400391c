package browser

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOpenBanking connects the test bank as one of UK Open Banking: the bank's
// answer comes behind a number sign, which the page of the return brings on.
func TestOpenBanking(t *testing.T) {
	s, browser := startSandbox(t, "--plugins", withPSD2(t)), chromium(t)
	made := s.order(t, map[string]any{"redirect_url": s.redirects, "state": "s", "channels": []string{"REDIRECT"}})
	p := visitor(t, browser, s, "en")
	p.goes(made.Links.AddConnection)
	p.at("Choose your bank")
	p.presses("button", "Test Bank (UK)")
	p.at("Share your Test Bank (UK) accounts with Budget app")
	p.presses("button", "I agree")
	p.at("Continue at Test Bank (UK)")
	p.presses("link", "Go to Test Bank (UK)")
	p.logsInAtTheBank("oscar")
	p.types("Code", "654321")
	p.presses("button", "Continue")
	p.presses("button", "Approve")
	p.at("Test Bank (UK) is connected")
	p.presses("button", "Finish")
	p.at("Back at /back")
	told := s.told(t, made.ID)
	require.Equal(t, "success", *told.Result)
	require.Len(t, told.ConnectionIDs, 1)
}
