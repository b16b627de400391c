package browser

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSTET connects the test bank as a French one: all accounts are shared on the
// bank's page, where none is chosen, and the bank's word is a code.
func TestSTET(t *testing.T) {
	s, browser := startSandbox(t, "--plugins", withPSD2(t)), chromium(t)
	made := s.order(t, map[string]any{"redirect_url": s.redirects, "state": "s", "channels": []string{"REDIRECT"}})
	p := visitor(t, browser, s, "en")
	p.goes(made.Links.AddConnection)
	p.at("Choose your bank")
	p.presses("button", "Test Bank (STET)")
	p.at("Share your Test Bank (STET) accounts with Budget app")
	p.presses("button", "I agree")
	p.at("Continue at Test Bank (STET)")
	p.presses("link", "Go to Test Bank (STET)")
	p.presses("button", "Cancel and go back")
	p.at("Test Bank (STET) is not connected yet")
	p.presses("button", "Try again")
	p.presses("link", "Go to Test Bank (STET)")
	p.logsInAtTheBank("paul")
	p.types("Code", "123456")
	p.presses("button", "Continue")
	p.presses("button", "Approve")
	p.at("Test Bank (STET) is connected")
	p.presses("button", "Finish")
	p.at("Back at /back")
	told := s.told(t, made.ID)
	require.Equal(t, "success", *told.Result)
	require.Len(t, told.ConnectionIDs, 1)
}
