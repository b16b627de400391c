package bundle_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/bundle"
)

func TestBundle_is_read_as_it_was_written(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	want := bundle.Bundle{
		Bank: "demo", Version: 3, Step: "transactions.0", Failure: "BAD_DATA", Reason: "a row is not there", At: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		Documents: []bundle.Document{{URL: "https://bank.example/a", HTML: "<p>x"}, {Name: "menu", URL: "https://bank.example/b", HTML: "<p>y"}},
		Network:   []bundle.Exchange{{Address: "https://bank.example/a", Kind: "Document", Status: 200}}, Picture: []byte("png"),
	}
	path, err := bundle.Write(folder, want)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	got, err := bundle.Read(path)
	require.NoError(t, err)
	require.Equal(t, want, got)

	other := filepath.Join(folder, "notes.txt")
	require.NoError(t, os.WriteFile(other, []byte("mine"), 0o600))
	bundle.Sweep(folder, time.Now().Add(time.Hour), 2*time.Hour)
	require.FileExists(t, path)
	bundle.Sweep(folder, time.Now().Add(3*time.Hour), 2*time.Hour)
	require.NoFileExists(t, path)
	require.FileExists(t, other)
	_, err = bundle.Read(other)
	require.ErrorContains(t, err, "is no bundle")
	_, err = bundle.Write(filepath.Join(folder, "none"), want)
	require.Error(t, err)
}
