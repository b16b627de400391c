package httpapi_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/core/event"
)

// TestEventExamples fit their schema, each one its own and no other.
func TestEventExamples(t *testing.T) {
	t.Parallel()
	schema, err := httpapi.EventSchema()
	require.NoError(t, err)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("events.json", document))
	one, err := compiler.Compile("events.json")
	require.NoError(t, err)
	written, err := httpapi.EventExamples()
	require.NoError(t, err)
	var examples []map[string]any
	require.NoError(t, json.Unmarshal(written, &examples))
	require.Len(t, examples, len(event.Names()))
	for i, name := range event.Names() {
		require.Equal(t, string(name), examples[i]["name"])
		require.NoError(t, one.Validate(examples[i]), name)
		for _, missing := range []string{"data", "seq", "version", "user_id"} {
			less := map[string]any{}
			for key, value := range examples[i] {
				if key != missing {
					less[key] = value
				}
			}
			require.Error(t, one.Validate(less), "%s without %s", name, missing)
		}
	}
}
