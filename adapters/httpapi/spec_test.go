package httpapi

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the OpenAPI documents anew")

func TestDocumentsAreThoseOfTheCode(t *testing.T) {
	yaml31, yaml30, err := Spec()
	require.NoError(t, err)
	for name, made := range map[string][]byte{"openapi.yaml": yaml31, "openapi-3.0.yaml": yaml30} {
		path := filepath.Join("..", "..", "openapi", name)
		if *update {
			require.NoError(t, os.WriteFile(path, made, 0o644))
		}
		kept, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(kept), string(made), "run: go test ./adapters/httpapi -run Documents -update")
	}
}

func TestDocumentIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	first31, first30, err := Spec()
	require.NoError(t, err)
	for range 5 {
		next31, next30, err := Spec()
		require.NoError(t, err)
		require.Equal(t, string(first31), string(next31))
		require.Equal(t, string(first30), string(next30))
	}
}
