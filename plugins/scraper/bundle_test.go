package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// A visit that fails leaves what is needed to mend the recipe, and nothing of the customer: neither what was typed nor what
// the pages say of people and money.
func TestBundle_of_a_failed_visit(t *testing.T) {
	t.Parallel()
	// The recipe as it was before the bank changed something: it looks for a class that is not there.
	text, err := os.ReadFile("recipes/testbank-modern.yaml")
	require.NoError(t, err)
	text = bytes.Replace(text, []byte(`amount: "[data-f=amount_text], td:nth-child(1)"`), []byte(`amount: ".gone"`), 1)
	text = bytes.Replace(text, []byte("credentials:\n"), []byte("timeouts: {page: 5}\ncredentials:\n"), 1)
	recipes, bundles := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(recipes, "old.yaml"), text, 0o600))
	w := open(t, "recipes", recipes, "bundles", bundles)
	step, err := w.begin("modern", "camille")
	require.NoError(t, err)
	k, err := w.fetch("modern", step.Ready)
	require.NoError(t, err)
	require.Len(t, k.failed, 2)
	require.Equal(t, sdk.BadData, k.failed["account-camille-courant"].Failure.Code)

	left, err := filepath.Glob(filepath.Join(bundles, "*.bundle.zip"))
	require.NoError(t, err)
	require.Len(t, left, 1)
	whole := contents(t, left[0])
	require.Contains(t, whole, `"step": "transactions.3"`)
	require.Contains(t, whole, "row 1: amount: is no amount")
	require.Contains(t, whole, `data-f="amount_text"`)
	for _, secret := range []string{"camille", "Camille", "Moreau", "MONOPRIX", "FR76", "BOULANGERIE", "cookie"} {
		require.NotContains(t, strings.ReplaceAll(whole, "data-cookies", ""), secret)
	}

	var out, notes bytes.Buffer
	require.Equal(t, 1, replay([]string{left[0], filepath.Join(recipes, "old.yaml")}, &out, &notes))
	require.Contains(t, notes.String(), "row 1: ")
	out.Reset()
	require.Zero(t, replay([]string{left[0], "recipes/testbank-modern.yaml"}, &out, &notes), "the recipe that was mended: %s", &notes)
	require.Regexp(t, `transactions\.3: \d\d rows`, out.String())
}

func contents(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer func() { _ = archive.Close() }()
	var all strings.Builder
	for _, file := range archive.File {
		in, err := file.Open()
		require.NoError(t, err)
		_, err = io.Copy(&all, in)
		require.NoError(t, err)
	}
	return all.String()
}

// What was typed is nowhere, whatever the page does with it; and a visit that ends leaves a picture.
func TestBundle_of_a_page_that_repeats_secrets(t *testing.T) {
	t.Parallel()
	bundles := t.TempDir()
	w := open(t, "bundles", bundles)
	_, err := w.begin("modern", "serge") // a wall
	requireCode(t, sdk.Blocked, err)
	left, err := filepath.Glob(filepath.Join(bundles, "*.bundle.zip"))
	require.NoError(t, err)
	require.Len(t, left, 1)
	whole := contents(t, left[0])
	require.Contains(t, whole, "PNG")
	require.NotContains(t, whole, "serge")
	_, err = w.begin("modern", "victor") // a user's own mistake leaves nothing
	requireCode(t, sdk.AuthFailed, err)
	left, err = filepath.Glob(filepath.Join(bundles, "*.bundle.zip"))
	require.NoError(t, err)
	require.Len(t, left, 1)
}
