package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

func model(t *testing.T) *kong.Application {
	t.Helper()
	parser, err := newParser(context.Background(), streams{}, func(int) {})
	require.NoError(t, err)
	return parser.Model
}

// The golden file shows a reviewer what an operator will read.
func TestHelp(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, place := range placesOf(model(t).Node) {
		s := call(t, nil, append(strings.Fields(place.path), "--help")...)
		require.Zero(t, s.status, s.log)
		all.WriteString("$ tributary " + strings.TrimSpace(place.path+" --help") + "\n" + s.out + "\n")
	}
	golden := filepath.Join("testdata", "help.golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(all.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), all.String(), "run the tests of this package with -update")
}

// Every setting that is one value is a flag somewhere, and no flag is called
// like a setting without being one.
func TestFlags_are_the_settings(t *testing.T) {
	t.Parallel()
	flags := map[string]bool{}
	for _, place := range placesOf(model(t).Node) {
		for _, flag := range place.flags {
			flags[strings.TrimPrefix(flag.text, "--")] = true
		}
	}
	for _, key := range setting.Keys() {
		require.Equal(t, !key.FileOnly, flags[key.Flag()], key.Name)
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish"} {
		s := call(t, nil, "completion", shell)
		require.Zero(t, s.status, s.log)
		require.Contains(t, s.out, "client create")
		require.Contains(t, s.out, "redirect-url")
	}
	bash, err := exec.LookPath("bash")
	require.NoError(t, err, "bash is needed")
	script := call(t, nil, "completion", "bash").out
	for line, want := range map[string]string{
		"tributary cl":                       "client",
		"tributary client ":                  "create list rotate move theme disable enable --help",
		"tributary client create --re":       "--redirect-url",
		"tributary client create --data x -": "--help --config --data --database-url-file --name --scope --right --redirect-url --origin --app-link --json",
		"tributary keys r":                   "rotate",
	} {
		words := strings.Split(line, " ")
		ask := script + "\nCOMP_WORDS=(" + strings.Join(quoted(words), " ") + ")\nCOMP_CWORD=" + string(rune('0'+len(words)-1)) + "\n_tributary\necho \"${COMPREPLY[*]}\"\n"
		out, err := exec.CommandContext(t.Context(), bash, "--norc", "-c", ask).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, want, strings.TrimSpace(string(out)), line)
	}
}

func quoted(words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = "'" + word + "'"
	}
	return all
}
