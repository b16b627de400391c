package synchronization_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/synchronization"
)

func TestSentences_are_there_for_everything(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "fr"} {
		for _, status := range synchronization.Statuses() {
			require.NotEmpty(t, status.Sentence()[locale], status)
		}
		for _, outcome := range []string{"", "SUCCESS", "PARTIAL_SUCCESS", "WAITING", "FAILED", "SKIPPED"} {
			require.NotEmpty(t, synchronization.AccountOutcome{Outcome: outcome}.Sentence()[locale], outcome)
		}
	}
}
