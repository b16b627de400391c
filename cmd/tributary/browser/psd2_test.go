package browser

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// withPSD2 is a folder with both plugins of the test bank.
func withPSD2(t *testing.T) string {
	t.Helper()
	return withPlugins(t, "plugins/testbank", "others/psd2")
}

func withPlugins(t *testing.T, programsOf ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, from := range programsOf {
		for _, ending := range []string{"", ".json"} {
			content, err := os.ReadFile(filepath.Join(programs, from+ending))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.Base(from)+ending), content, 0o700))
		}
	}
	return folder
}

// TestPSD2 connects the test bank over its PSD2 interface, as any European bank
// is: a no at the bank, another try, the pages of the bank with its code, and back.
func TestPSD2(t *testing.T) {
	s, browser := startSandbox(t, "--plugins", withPSD2(t)), chromium(t)
	made := s.order(t, map[string]any{"redirect_url": s.redirects, "state": "s", "channels": []string{"REDIRECT"}})
	p := visitor(t, browser, s, "en")
	p.goes(made.Links.AddConnection)
	p.at("Choose your bank")
	p.presses("button", "Test Bank (PSD2)")
	p.at("Share your Test Bank (PSD2) accounts with Budget app")
	p.presses("button", "I agree")
	p.at("Continue at Test Bank (PSD2)")
	p.presses("link", "Go to Test Bank (PSD2)")
	p.presses("button", "Cancel and go back")
	p.at("Test Bank (PSD2) is not connected yet")
	p.presses("button", "Try again")
	p.presses("link", "Go to Test Bank (PSD2)")
	p.logsInAtTheBank("paul")
	p.types("Code", "123456")
	p.presses("button", "Continue")
	p.presses("button", "Approve")
	p.at("Test Bank (PSD2) is connected")
	p.presses("button", "Finish")
	p.at("Back at /back")
	told := s.told(t, made.ID)
	require.Equal(t, "success", *told.Result)
	require.Len(t, told.ConnectionIDs, 1, "the same connection")
	require.Equal(t, told.ConnectionIDs[0], p.address().Query().Get("connection_id"))
}
