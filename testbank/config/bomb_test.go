package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
)

// A file that is made to keep a parser busy is refused soon, with a place and without a panic.
func TestParse_refuses_bombs_soon(t *testing.T) {
	t.Parallel()
	var stairs strings.Builder
	for depth := 0; stairs.Len() < 100_000; depth++ {
		stairs.WriteString(strings.Repeat(" ", depth) + "a:\n")
	}
	bombs := map[string]string{
		"brackets": "[", "braces": "{a: ", "nested pairs": "a: [\n", "dashes": "- ", "question marks": "? ", "dashes on lines": "-\n",
		"keys": "a:\n", "keys with values": "b: 1\n", "aliases": "b: *a\n", "merges": "<<: *a\n", "tags": "!a ", "documents": "---\na\n", "quotes": "'",
		"comments": "#\n", "newlines": "\n", "colons": ":", "literal": "|\n", "items": "- a: 1\n", "nested dashes": "- - - -\n", "keys in a flow": "a: 1, ",
		"open maps": "{\n", "closing": "]", "stairs": stairs.String(),
		"laughs": "a: &a [x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\n",
	}
	for name, piece := range bombs {
		for _, before := range []string{"", "personas: ["} {
			text := before + strings.Repeat(piece, max((100_000-len(before))/len(piece), 1))
			begin := time.Now()
			_, err := config.Parse([]byte(text))
			require.Error(t, err, name)
			// No measure of speed: a bomb that goes off takes minutes.
			require.Less(t, time.Since(begin), 30*time.Second, "%s after %q", name, before)
		}
	}
}
