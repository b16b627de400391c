package testbank_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
)

var update = flag.Bool("update", false, "rewrite config.schema.json")

func TestCommittedSchema_is_the_one_of_the_structs(t *testing.T) {
	t.Parallel()
	if *update {
		require.NoError(t, os.WriteFile("config.schema.json", config.Schema(), 0o644))
	}
	committed, err := os.ReadFile("config.schema.json")
	require.NoError(t, err)
	require.Equal(t, string(config.Schema()), string(committed), "run: go test ./testbank -update")
}
