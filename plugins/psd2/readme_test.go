package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
)

// The banks' files in the README can be used as they stand.
func TestReadme_shows_a_valid_bank(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for name, id := range map[string]string{"testbank.yaml": "testbank-xs2a", "banque.yaml": "banque", "bank.yaml": "uk-bank"} {
		_, block, found := strings.Cut(string(text), "```yaml\n# banks/"+name+"\n")
		require.True(t, found)
		block, _, _ = strings.Cut(block, "```")
		bank, err := catalogue.Parse(name, []byte(block), quirks)
		require.NoError(t, err)
		require.Equal(t, id, bank.ID)
	}
}
