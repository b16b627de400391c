package synchronization_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/synchronization"
)

func TestPresent_hands_on_nothing_that_breaks_a_header(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]string{
		"":                                 "",
		"Mozilla/5.0 (X11; Linux)":         "Mozilla/5.0 (X11; Linux)",
		"a\r\nX-Injected: b\x00\x7f":       "aX-Injected: b",
		"café \xff":                        "café ",
		strings.Repeat("a", 511) + "é-end": strings.Repeat("a", 511),
	} {
		require.Equal(t, &synchronization.PSU{IP: "192.0.2.1", UserAgent: want}, synchronization.Present("192.0.2.1", told))
	}
}
