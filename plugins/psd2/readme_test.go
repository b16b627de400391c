package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
)

// The bank's file in the README can be used as it stands.
func TestReadme_shows_a_valid_bank(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, block, found := strings.Cut(string(text), "```yaml\n# banks/testbank.yaml\n")
	require.True(t, found)
	block, _, _ = strings.Cut(block, "```")
	bank, err := catalogue.Parse("testbank.yaml", []byte(block), quirks)
	require.NoError(t, err)
	require.Equal(t, "testbank-xs2a", bank.ID)
}
