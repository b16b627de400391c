package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
)

// Each shipped recipe reads its fixtures as they say: log-in, code, accounts and rows before and after the release, a keypad, a wall
// and a bank that is closed.
func TestFixtures_of_shipped_recipes(t *testing.T) {
	t.Parallel()
	for _, theme := range themes {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			var out, notes bytes.Buffer
			require.Zero(t, try([]string{"recipes/testbank-" + theme + ".yaml"}, &out, &notes), "%s", &notes)
			for _, name := range []string{"ordinary", "release", "keypad", "wall", "maintenance"} {
				require.Contains(t, out.String(), "testbank-"+theme+".fixtures/"+name+"\n")
			}
		})
	}
}

// What record keeps of a visit is read as the bank was, and tells nothing of the customer.
func TestRecord(t *testing.T) {
	t.Parallel()
	w := openBank(t, testbank.DefaultConfig())
	recipes := t.TempDir()
	text, err := os.ReadFile("recipes/testbank-classic.yaml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(recipes, "old.yaml"), text, 0o600))
	at := filepath.Join(recipes, "old.fixtures/simone")
	args := []string{filepath.Join(recipes, "old.yaml"), at, "today=2026-03-14", "from=2026-03-01"}
	getenv := func(name string) string { return map[string]string{"TRIBUTARY_SETTING_TESTBANK_URL": w.url}[name] }
	var out, notes bytes.Buffer
	require.Zero(t, record(args, strings.NewReader("simone\nsimone-pass1\nSaint-Malo\n"), &out, &notes, getenv), "%s", &notes)
	require.NoError(t, filepath.WalkDir(at, func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if !entry.IsDir() {
			text, err := os.ReadFile(path) //nolint:gosec // what was just written
			require.NoError(t, err)
			for _, told := range []string{"imone", "Arnaud", "Malo", "BOULANGERIE", "99991", w.url} {
				require.NotContains(t, string(text), told, path)
			}
		}
		return nil
	}))
	require.Zero(t, try(args[:1], &out, &notes), "%s", &notes)
	require.Equal(t, 1, record(args, strings.NewReader(""), &out, &notes, getenv))
	require.Contains(t, notes.String(), "is not empty")
	require.Equal(t, 1, record([]string{args[0], filepath.Join(recipes, "other")}, strings.NewReader(""), &out, &notes, func(string) string { return "" }))
	require.Contains(t, notes.String(), "TRIBUTARY_SETTING_TESTBANK_URL")

	// What a recipe reads otherwise is told.
	broken := bytes.Replace(text, []byte("label: {column: "), []byte(`label: {match: "^.", column: `), 1)
	require.NotEqual(t, text, broken)
	require.NoError(t, os.WriteFile(filepath.Join(recipes, "old.yaml"), broken, 0o600))
	require.Equal(t, 1, try(args[:1], &out, &notes))
	require.Contains(t, notes.String(), "label is ")
}

// A try that fails says what there was: the pages in front, and what was asked for and is not in the folder.
func TestTry_says_what_there_is(t *testing.T) {
	t.Parallel()
	recipes := t.TempDir()
	text, err := os.ReadFile("recipes/testbank-classic.yaml")
	require.NoError(t, err)
	text = bytes.Replace(text, []byte("/web/classic/\""), []byte("/web/gone/\"\ntimeouts: {page: 2}"), 1)
	require.NoError(t, os.WriteFile(filepath.Join(recipes, "old.yaml"), text, 0o600))
	require.NoError(t, os.CopyFS(filepath.Join(recipes, "old.fixtures/wall"), os.DirFS("recipes/testbank-classic.fixtures/wall")))
	var out, notes bytes.Buffer
	require.Equal(t, 1, try([]string{filepath.Join(recipes, "old.yaml")}, &out, &notes))
	require.Contains(t, notes.String(), "there is: https://bank.invalid/web/gone/")
	require.Contains(t, notes.String(), "not in the folder, and asked for: web/gone")
}
