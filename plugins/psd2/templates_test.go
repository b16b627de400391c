package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
)

// Each standard has a template, which can be loaded as it stands, and so can what stands in comments.
func TestTemplates(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("templates/*.yaml")
	require.NoError(t, err)
	require.Len(t, files, len(quirks))
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		bank, err := catalogue.Parse(file, text, quirks)
		require.NoError(t, err)
		require.Equal(t, strings.TrimSuffix(filepath.Base(file), ".yaml"), bank.Standard)
		for line := range strings.Lines(string(text)) {
			offered, is := strings.CutPrefix(strings.TrimSpace(line), "# ")
			name, _, property := strings.Cut(offered, ": ")
			if !is || !property || strings.Contains(name, " ") {
				continue
			}
			whole := strings.Replace(string(text), "# "+offered, offered, 1)
			_, err := catalogue.Parse(file, []byte(whole), quirks)
			require.NoError(t, err, offered)
		}
	}
}
