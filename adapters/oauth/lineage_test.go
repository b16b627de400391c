package oauth

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestJudge_A6 is the matrix for used refresh tokens: generation by age.
func TestJudge_A6(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	const grace, head = 10 * time.Second, 5
	for name, c := range map[string]struct {
		generation int
		ago        time.Duration // since it was superseded; 0 is not at all
		want       verdict
	}{
		"n":                                      {head, 0, rotate},
		"n, replaced just now":                   {head, time.Microsecond, repeat},
		"n, replaced at the end of the grace":    {head, grace - time.Microsecond, repeat},
		"n, replaced before the grace":           {head, grace, reuse},
		"n-1, just now":                          {head - 1, time.Microsecond, repeat},
		"n-1, at the end of the grace":           {head - 1, grace - time.Microsecond, repeat},
		"n-1, after the grace":                   {head - 1, grace, reuse},
		"n-1, long ago":                          {head - 1, 24 * time.Hour, reuse},
		"n-2, just now":                          {head - 2, time.Microsecond, reuse},
		"n-2, after the grace":                   {head - 2, grace, reuse},
		"the first":                              {1, time.Microsecond, reuse},
		"n-1, while the clock was put back by 1": {head - 1, -time.Hour, repeat},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place := link{Generation: c.generation}
			if c.ago != 0 {
				place.SupersededAt = now.Add(-c.ago).UnixMicro()
			}
			require.Equal(t, c.want, judge(lineage{Generation: head}, place, now, grace))
		})
	}
	t.Run("no grace", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, reuse, judge(lineage{Generation: head}, link{head - 1, now.UnixMicro()}, now, -1))
		require.Equal(t, rotate, judge(lineage{Generation: head}, link{head, 0}, now, -1))
	})
}

func TestConfig_bounds_the_grace(t *testing.T) {
	t.Parallel()
	for given, want := range map[time.Duration]time.Duration{
		0: 10 * time.Second, time.Second: time.Second, time.Minute: time.Minute, time.Hour: time.Minute, -1: -1,
	} {
		require.Equal(t, want, New(Config{Grace: given}).grace)
	}
}
