package httpapi

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
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

func TestDocumentsAreServed(t *testing.T) {
	t.Parallel()
	yaml31, yaml30, err := Spec()
	require.NoError(t, err)
	for path, want := range map[string][]byte{"/openapi.yaml": yaml31, "/openapi-3.0.yaml": yaml30} {
		w := newRig().call("GET", path, "", "")
		require.Equal(t, "application/yaml", w.Header().Get("Content-Type"))
		require.Equal(t, string(want), w.Body.String())
	}
}

func TestNewerDocumentIsWellFormed(t *testing.T) {
	t.Parallel()
	yaml31, _, err := Spec()
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(yaml31)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context(), openapi3.IsOpenAPI31OrLater()))
	require.Equal(t, "3.1.0", doc.OpenAPI)
}
