package tributary_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	named  = regexp.MustCompile("`((?:core|ports|adapters|plugins|testbank|cmd|openapi|migrations|docs|sdk)(?:/[a-z0-9_.-]+)*/?)`")
	linked = regexp.MustCompile(`\]\(([^)#:]+)\)`)
)

// TestPages_name_what_is_there: a page that names a file or links to one is
// wrong as soon as the file moves.
func TestPages_name_what_is_there(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("docs/*/*.md")
	require.NoError(t, err)
	pages = append(pages, "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs/quickstart.md", "testbank/README.md", "plugins/sdk/README.md", "plugins/psd2/README.md", "plugins/scraper/README.md")
	checked := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, found := range named.FindAllStringSubmatch(string(text), -1) {
			require.FileExists(t, existing(found[1]), "%s names it", page)
			checked++
		}
		for _, found := range linked.FindAllStringSubmatch(string(text), -1) {
			require.FileExists(t, existing(filepath.Join(filepath.Dir(page), found[1])), "%s links to it", page)
			checked++
		}
	}
	require.Greater(t, checked, 40)
}

// existing is a file, also for a folder that exists.
func existing(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "go.mod"
	}
	return path
}
