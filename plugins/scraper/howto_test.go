package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var block = regexp.MustCompile("(?s)\n```sh\n(.*?)```")

// TestHowTo follows the page word for word: each block is run, one after the other, in a folder that looks like the
// repository after make build.
func TestHowTo(t *testing.T) {
	t.Parallel()
	built, err := program()
	require.NoError(t, err)
	here, err := os.Getwd()
	require.NoError(t, err)
	root := filepath.Dir(filepath.Dir(here))
	folder := folder(t)
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "bin/plugins"), 0o750))
	require.NoError(t, os.Symlink(built, filepath.Join(folder, "bin/plugins/scraper")))
	require.NoError(t, os.Symlink(filepath.Join(root, "plugins"), filepath.Join(folder, "plugins")))
	page, err := os.ReadFile(filepath.Join(root, "docs/how-to/write-a-recipe.md"))
	require.NoError(t, err)
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	script := "set -eu\n"
	for _, found := range block.FindAllStringSubmatch(string(page)+string(readme), -1) {
		script += found[1]
	}
	require.GreaterOrEqual(t, strings.Count(script, "bin/plugins/scraper"), 5)
	command := exec.CommandContext(t.Context(), "bash", "-c", script)
	command.Dir = folder
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "ok   recipes/sparverein.fixtures/ordinary")
	require.Contains(t, string(out), `name is "", expected "Tagesgeld Plus"`)
}
