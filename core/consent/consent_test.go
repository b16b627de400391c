package consent_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
)

var (
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	source = ident.Source{Now: func() time.Time { return noon }, Rand: rand.Reader}
)

const day = 24 * time.Hour

func given() *consent.Consent {
	return consent.New(consent.Order{ID: ident.New[ident.Consent](source), By: consent.ByUser}, noon)
}

func standing(days int) *consent.Consent {
	c := given()
	c.Confirm(consent.Record{ID: "bank-1"}, days, noon)
	c.Drain()
	return c
}

func days(c *consent.Consent) (told []int) {
	for _, d := range c.Drain() {
		if d.Name == event.ConsentExpiring {
			told = append(told, d.Data["days"].(int)) //nolint:errcheck,forcetypeassert // the test fails by it
		}
	}
	return told
}

func TestDays_at_most(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind             bank.ChannelType
		configured, want int
	}{{bank.Redirect, 0, 180}, {bank.Redirect, 90, 90}, {bank.Embedded, 0, 0}, {bank.Embedded, 365, 365}} {
		require.Equal(t, c.want, consent.Days(c.kind, c.configured), "%s of %d", c.kind, c.configured)
	}
}

func TestConfirm_ends_with_the_earlier_of_both(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		days  int
		until time.Time
		want  time.Time
	}{
		"the_bank_is_shorter": {180, noon.Add(90 * day), noon.Add(90 * day)},
		"the_bank_is_longer":  {180, noon.Add(3650 * day), noon.Add(180 * day)},
		"the_bank_says_none":  {180, time.Time{}, noon.Add(180 * day)},
		"only_the_bank_says":  {0, noon.Add(90 * day), noon.Add(90 * day)},
		"nobody_says":         {0, time.Time{}, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := given()
			made.Confirm(consent.Record{ValidUntil: c.until}, c.days, noon)
			require.Equal(t, c.want, made.ValidUntil)
			require.Equal(t, consent.Active, made.Status)
			require.Equal(t, event.ConsentGiven, made.Drain()[0].Name)
		})
	}
}

func TestAnother_is_named_otherwise_or_lasts_longer(t *testing.T) {
	t.Parallel()
	until := noon.Add(180*day + 123456789*time.Nanosecond)
	c := given()
	c.Confirm(consent.Record{ID: "bank-1", ValidUntil: until.Truncate(time.Microsecond)}, 365, noon) // as a store gives it back
	require.False(t, c.Another(consent.Record{ID: "bank-1", ValidUntil: until}), "the same instant, by a clock that tells more")
	require.False(t, c.Another(consent.Record{}))
	require.True(t, c.Another(consent.Record{ID: "bank-1", ValidUntil: until.Add(time.Minute)}))
	require.True(t, c.Another(consent.Record{ID: "bank-2", ValidUntil: until}))
}

func TestNotices(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		days int
		at   []int // days after the beginning at which somebody looks
		want []int
	}{
		"each_once_in_its_turn":            {180, []int{149, 150, 150, 166, 173, 179, 179}, []int{30, 14, 7, 1}},
		"a_jump_over_several_gives_one":    {180, []int{174, 175}, []int{7}},
		"a_jump_to_the_last_day":           {180, []int{179}, []int{1}},
		"a_clock_that_goes_back":           {180, []int{167, 150, 167, 151}, []int{14}},
		"a_short_life_has_those_that_fit":  {10, []int{0, 3, 9}, []int{7, 1}},
		"as_long_as_a_notice_is_too_short": {7, []int{0, 6}, []int{1}},
		"a_life_of_a_day":                  {1, []int{0}, nil},
		"without_an_end":                   {0, []int{0, 5000}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := standing(c.days)
			for _, at := range c.at {
				require.False(t, made.Look(noon.Add(time.Duration(at)*day)))
			}
			require.Equal(t, c.want, days(made))
		})
	}
}

func TestEnd_is_final(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*consent.Consent) bool{
		"by_time":     func(c *consent.Consent) bool { return c.Look(noon.Add(180 * day)) },
		"by_the_bank": func(c *consent.Consent) bool { return c.End(noon) },
		"by_the_user": func(c *consent.Consent) bool { return c.Revoke(consent.ByUser, noon) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := standing(180)
			made.Told()
			require.True(t, end(made))
			require.Len(t, made.Drain(), 1)
			require.Len(t, made.Told(), 1)
			after := *made
			require.False(t, end(made), "a second time")
			require.False(t, made.Revoke(consent.ByClient, noon))
			made.Confirm(consent.Record{ID: "x"}, 9, noon)
			made.Heed(consent.Record{ID: "x"}, noon)
			require.Equal(t, after, *made)
			require.False(t, made.Live(noon), "also for a clock that goes back")
			require.Zero(t, made.DueAt)
		})
	}
}

func TestReplace_leaves_one_that_had_ended_as_it_was(t *testing.T) {
	t.Parallel()
	before, next := standing(180), given()
	before.Replace(next, noon)
	require.Equal(t, consent.Replaced, before.Status)
	require.Equal(t, next.ID, before.ReplacedBy)
	require.Equal(t, before.ID, next.Replaces)
	expired := standing(180)
	expired.Look(noon.Add(200 * day))
	expired.Replace(given(), noon.Add(200*day))
	require.Equal(t, consent.Expired, expired.Status)
	require.Empty(t, expired.ReplacedBy)
}

func TestCheckTerms(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"1", "2026-03", "v1.2_b"} {
		require.NoError(t, consent.CheckTerms(good))
	}
	for _, bad := range []string{"", "a b", "é", string(make([]byte, 65)), "x\n"} {
		require.ErrorIs(t, consent.CheckTerms(bad), consent.ErrTerms, "%q", bad)
	}
}

// TestLife goes through any lives: whatever the clock does, a notice is never
// given twice or late, nothing that has ended lives, and what is due is found by
// looking at DueAt alone.
func TestLife(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		made := standing(rapid.IntRange(0, 200).Draw(t, "days"))
		seen, entries := map[int]bool{}, len(made.Told())
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			now := noon.Add(time.Duration(rapid.IntRange(-24, 24*220).Draw(t, "hour")) * time.Hour)
			was, due := made.Status, !made.DueAt.IsZero() && !made.DueAt.After(now)
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				made.Revoke(consent.ByUser, now)
			case 1:
				made.Heed(consent.Record{ValidUntil: now.Add(day)}, now)
			default:
				made.Look(now)
				require.Equal(t, due, len(made.News) > 0, "it changed exactly when it was due")
				require.True(t, made.DueAt.IsZero() || made.DueAt.After(now), "it is not due again at once")
			}
			for _, d := range days(made) {
				require.False(t, seen[d], "notice %d twice", d)
				seen[d] = true
				require.False(t, now.Before(made.ValidUntil.Add(-time.Duration(d)*day)), "too early")
				require.True(t, now.Before(made.ValidUntil), "too late")
			}
			if was.Final() {
				require.Equal(t, was, made.Status)
				require.False(t, made.Live(now))
			}
			for _, e := range made.Told() {
				entries++
				require.Equal(t, entries, e.Number)
			}
			require.Equal(t, entries, made.Recorded)
		}
	})
}

func TestWithdrawal_is_tried_for_a_week(t *testing.T) {
	t.Parallel()
	w, now, tries := consent.Withdrawal{CreatedAt: noon}, noon, 0
	for w.Failed(now) {
		require.True(t, w.DueAt.After(now))
		now = w.DueAt
		tries++
	}
	require.Greater(t, tries, 20)
	require.Less(t, tries, 60)
	require.GreaterOrEqual(t, now.Sub(noon), 6*day)
}
