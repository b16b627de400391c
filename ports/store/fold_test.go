package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Café": "cafe", "CAFE\u0301": "cafe", "Œuvre Æ": "oeuvre ae", "Straße": "strasse", "ŁÓDŹ": "lodz", "İstanbul": "istanbul",
		"ΑΒΓ": "αβγ", "100 % _": "100 % _", "\xff": "\ufffd",
	} {
		require.Equal(t, want, store.Fold(text), "%q", text)
	}
}
