package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

// A plugin works in /: a path from elsewhere would name something else, or nothing.
func TestSettings_that_are_no_whole_paths(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"recipes", "profiles", "bundles"} {
		_, err := fromSettings(serve.SettingsOf(map[string]string{name: "folder"}))
		require.ErrorContains(t, err, `"`+name+`" must be a whole path`)
	}
}
