package usecasetest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// TestEverything finds texts and bytes, or no test that looks for secrets with
// it would mean anything.
func TestEverything(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	all := usecasetest.Everything(w.Store)
	for _, there := range []string{string(w.Ana.ID), "ana@example.com", string(w.Ana.SealedKey), "Acme", "user.created"} {
		require.Contains(t, all, there)
	}
	require.Equal(t, all, usecasetest.Everything(w.Store), "it does not depend on the order of maps")
}
