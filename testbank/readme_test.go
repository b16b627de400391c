package testbank_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
)

// The first two blocks are files, and what a play looks like goes with the second; later ones are the server's.
func TestReadme_shows_valid_files(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := strings.Split(string(text), "```yaml\n")[1:]
	require.GreaterOrEqual(t, len(blocks), 3)
	blocks = blocks[:3]
	for i := range blocks {
		blocks[i], _, _ = strings.Cut(blocks[i], "```")
	}
	for _, example := range []string{blocks[0], blocks[1], blocks[1] + blocks[2]} {
		_, err := config.Parse([]byte(example))
		require.NoError(t, err)
	}
}
