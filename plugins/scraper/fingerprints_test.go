package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/testbank/picture"
)

// The shipped fingerprints are those that the command prints, whether each key is a picture or all keys are one.
func TestFingerprints(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("recipes/testbank-modern.yaml")
	require.NoError(t, err)
	r, err := recipe.Parse("testbank-modern.yaml", text)
	require.NoError(t, err)
	keypad := r.Pages[slices.IndexFunc(r.Pages, func(p recipe.Page) bool { return p.Name == "keypad" })].Do[0].Keypad
	folder := t.TempDir()
	page := ""
	for _, digit := range "0123456789" {
		page += "<img src=" + string(digit) + ".png>"
		require.NoError(t, os.WriteFile(filepath.Join(folder, string(digit)+".png"), picture.Digits(string(digit)), 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "keys.html"), []byte(page), 0o600))
	var out, notes bytes.Buffer
	require.Zero(t, fingerprints([]string{folder, "keys", "img"}, &out, &notes), "%s", &notes)
	printed := strings.Fields(out.String())
	require.Len(t, printed, 10)
	for digit, one := range printed {
		require.Equal(t, keypad.Pictures[string(rune('0'+digit))], one)
	}
}
