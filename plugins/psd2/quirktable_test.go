package main

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
)

var update = flag.Bool("update", false, "write the tables of quirks anew")

// heads are the tables of the README.
var heads = map[string]string{
	catalogue.BerlinGroup:   "| name | meaning, and where it was seen |\n|---|---|\n",
	catalogue.STET:          "| name (STET) | meaning, and where it was seen |\n|---|---|\n",
	catalogue.OpenBankingUK: "| name (UK) | meaning, and where it was seen |\n|---|---|\n",
}

// The README's tables are those of the code.
func TestTableOfQuirks(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	readme := string(text)
	for standard, known := range quirks {
		head := heads[standard]
		before, after, found := strings.Cut(readme, head)
		require.True(t, found, standard)
		var table strings.Builder
		for _, name := range known.Names() {
			table.WriteString("| `" + name + "` | " + known[name] + " |\n")
		}
		_, rest, _ := strings.Cut(after, "\n\n")
		readme = before + head + table.String() + "\n" + rest
	}
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(readme), 0o600))
		return
	}
	require.True(t, readme == string(text), "run this test with -update")
}
