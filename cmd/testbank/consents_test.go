package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/bank"
)

func TestConsents_are_kept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "consents.jsonl")
	kept, keep, err := openConsents(path)
	require.NoError(t, err)
	require.Empty(t, kept)
	keep(bank.Kept{ID: "a", Login: "ann"})
	keep(bank.Kept{ID: "b", Login: "bob"})
	keep(bank.Kept{ID: "a", Login: "ann", Ended: true})
	torn, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = torn.WriteString(`{"id":"c","lo`)
	require.NoError(t, err)
	require.NoError(t, torn.Close())

	kept, keep, err = openConsents(path)
	require.NoError(t, err, "a bank that was killed while it wrote")
	require.Equal(t, []bank.Kept{{ID: "a", Login: "ann", Ended: true}, {ID: "b", Login: "bob"}}, kept, "the last word on each")
	keep(bank.Kept{ID: "d", Login: "ann"})
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(string(text), "\n"))

	require.NoError(t, os.WriteFile(path, []byte("nonsense\n{}\n"), 0o600))
	_, _, err = openConsents(path)
	require.ErrorContains(t, err, ":1: is no consent")
	kept, keep, err = openConsents("")
	require.NoError(t, err)
	require.Empty(t, kept)
	require.Nil(t, keep)
}
