package oauth

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestBuckets(t *testing.T) {
	t.Parallel()
	b := newBuckets(Limit{Burst: 2, Every: time.Minute})
	now := start
	for range 2 {
		require.Zero(t, b.wait("a", now))
		b.take("a", now)
	}
	require.Equal(t, time.Minute, b.wait("a", now))
	require.Zero(t, b.wait("b", now), "each key has its own")
	require.Equal(t, time.Second, b.wait("a", now.Add(59*time.Second)))
	require.Zero(t, b.wait("a", now.Add(time.Minute)))
	b.give("a")
	require.Zero(t, b.wait("a", now))
	b.give("never taken")
	require.Zero(t, b.wait("never taken", now))
}

// TestBuckets_never_admit_more: over any time, what is admitted is at most the
// burst and one for each interval that passed; and who waits as told is let in.
func TestBuckets_never_admit_more(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := Limit{rapid.IntRange(1, 20).Draw(t, "burst"), time.Duration(rapid.IntRange(1, 100).Draw(t, "every")) * time.Second}
		b, now, admitted, refunded := newBuckets(limit), start, 0, 0
		for range rapid.IntRange(1, 200).Draw(t, "attempts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 30_000).Draw(t, "pause")) * time.Millisecond)
			wait := b.wait("k", now)
			if wait > 0 {
				require.LessOrEqual(t, wait, limit.Every, "nobody is locked")
				require.Zero(t, b.wait("k", now.Add(wait)))
				continue
			}
			b.take("k", now)
			if rapid.Bool().Draw(t, "right") {
				b.give("k")
				refunded++
				continue
			}
			admitted++
			require.LessOrEqual(t, admitted, limit.Burst+int(now.Sub(start)/limit.Every))
		}
	})
}

func TestBuckets_forget_what_means_nothing(t *testing.T) {
	t.Parallel()
	b := newBuckets(Limit{Burst: 1, Every: time.Second})
	for i := range 10 * fewBuckets {
		b.take(fmt.Sprint(i), start.Add(time.Duration(i)*time.Millisecond))
	}
	require.LessOrEqual(t, len(b.free), 2*fewBuckets)
	require.Positive(t, b.wait(fmt.Sprint(10*fewBuckets-1), start.Add(10*fewBuckets*time.Millisecond)), "what counts is kept")
}

func TestThrottle_keeps_the_latest_known_places_only(t *testing.T) {
	t.Parallel()
	th := newThrottle(Limits{})
	for i := range knownMost + 10 {
		k, err := th.admit(attemptOf("cli_1", fmt.Sprint(i), "a"), start)
		require.NoError(t, err)
		th.welcome(k, start)
	}
	require.Len(t, th.known, knownMost)
	later := start.Add(knownFor)
	k, err := th.admit(attemptOf("cli_1", "new", "a"), later)
	require.NoError(t, err)
	th.welcome(k, later)
	require.Len(t, th.known, 1)
	require.Len(t, th.portions(k.attempt, later.Add(knownFor-1)), 1)
	require.Len(t, th.portions(k.attempt, later.Add(knownFor)), 4)
}

func TestLimits_have_defaults(t *testing.T) {
	t.Parallel()
	own := Limit{3, time.Second}
	l := Limits{Account: own, Place: Limit{Burst: 7}}.orDefaults()
	require.Equal(t, own, l.Account)
	require.Equal(t, Limits{}.orDefaults().Place, l.Place, "half a limit is none")
	hour := func(l Limit) int { return l.Burst + int(time.Hour/l.Every) }
	require.LessOrEqual(t, hour(Limits{}.orDefaults().Account), 100, "OWASP ASVS: at most 100 guesses an hour at one account")
	require.Greater(t, l.Place.Every, Limits{}.orDefaults().Account.Every, "one place alone does not use an account's limit up")
}
