package scenarios_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/scenarios"
)

var day = regexp.MustCompile(`Day \d`)

// TestScenarios holds each file to what makes it a story: it is valid (else All panics), begins with what it tells, day by
// day, and has a play.
func TestScenarios(t *testing.T) {
	t.Parallel()
	all := scenarios.All()
	require.Greater(t, len(all), 20)
	for _, s := range all {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			require.Regexp(t, `^\d\d-[a-z-]+$`, s.Name)
			require.True(t, strings.HasSuffix(s.Title, ".") || strings.HasSuffix(s.Title, ","), s.Title)
			story, _, _ := bytes.Cut(s.Text, []byte("bank:"))
			require.Regexp(t, day, string(story))
			require.Contains(t, string(story), "ggregators", "it says what usually goes wrong")
			require.Greater(t, len(s.File.Play), 1)
			require.Positive(t, s.Days)
		})
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"01-session-ids", "session-ids"} {
		found, ok := scenarios.Named(name)
		require.True(t, ok)
		require.Equal(t, "01-session-ids", found.Name)
	}
	_, ok := scenarios.Named("../default")
	require.False(t, ok)
}
