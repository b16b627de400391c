package stet

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the table of quirks anew")

// The README's table is that of the code.
func TestTableOfQuirks(t *testing.T) {
	const path, head = "../README.md", "| name (STET) | meaning, and where it was seen |\n|---|---|\n"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, after, found := strings.Cut(string(text), head)
	require.True(t, found)
	var table strings.Builder
	for _, name := range Quirks() {
		table.WriteString("| `" + name + "` | " + quirks[name] + " |\n")
	}
	_, rest, _ := strings.Cut(after, "\n\n")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(before+head+table.String()+"\n"+rest), 0o600))
		return
	}
	require.Contains(t, string(text), head+table.String()+"\n", "run this test with -update")
}
