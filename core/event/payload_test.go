package event_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
)

// TestPayload_of_every_name says what happened, and every field what it is.
func TestPayload_of_every_name(t *testing.T) {
	t.Parallel()
	for _, name := range event.Names() {
		p := event.PayloadOf(name)
		require.Positive(t, p.Version, name)
		require.NotEmpty(t, p.Doc, name)
		require.False(t, p.Channel && !p.Connection || p.Connection && !p.User, name)
		seen := map[string]bool{}
		for _, f := range p.Fields {
			require.NotEmpty(t, f.Doc, "%s: %s", name, f.Name)
			require.False(t, seen[f.Name], "%s: %s twice", name, f.Name)
			seen[f.Name] = true
			fits := map[event.Kind]func() bool{
				event.Word: func() bool { _, ok := f.Example.(string); return ok }, event.Instant: func() bool { _, ok := f.Example.(string); return ok },
				event.Count: func() bool { _, ok := f.Example.(int); return ok }, event.Words: func() bool { _, ok := f.Example.([]string); return ok },
			}[f.Kind]
			require.NotNil(t, fits, "%s: %s", name, f.Name)
			require.True(t, fits(), "%s: the example of %s", name, f.Name)
		}
	}
}
