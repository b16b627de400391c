package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTable_is_current(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../taxonomy.json")
	require.NoError(t, err)
	want, err := render(source)
	require.NoError(t, err)
	have, err := os.ReadFile("../table_gen.go")
	require.NoError(t, err)
	require.Equal(t, string(want), string(have), "run go generate ./core/category")
}

func TestMerchantCodes_belong_to_one_category(t *testing.T) {
	t.Parallel()
	all := taxonomy{Categories: []category{{ID: "a", Codes: []string{"5411", "3000-3299"}}}}
	spans, err := all.spans()
	require.NoError(t, err)
	require.Equal(t, []span{{5411, 5411, "a"}, {3000, 3299, "a"}}, spans)
	for name, code := range map[string]string{"no_number": "54x1", "open_range": "3000-", "empty": ""} {
		_, err := taxonomy{Categories: []category{{ID: "a", Codes: []string{code}}}}.spans()
		require.ErrorContains(t, err, "a:", name)
	}
	_, err = taxonomy{Categories: []category{{ID: "a", Codes: []string{"10-20"}}, {ID: "b", Codes: []string{"20"}}}}.spans()
	require.ErrorContains(t, err, "a and b")
}

func TestGenerate_names_the_file_that_is_wrong(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	bad := filepath.Join(folder, "bad.json")
	require.NoError(t, os.WriteFile(bad, []byte("{"), 0o600))
	require.ErrorContains(t, generate(bad, filepath.Join(folder, "out.go")), bad)
	require.NoFileExists(t, filepath.Join(folder, "out.go"))
	require.Error(t, generate(filepath.Join(folder, "none.json"), filepath.Join(folder, "out.go")))
}
