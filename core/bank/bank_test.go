package bank_test

import (
	"testing"
	"time"
	_ "time/tzdata" // banks have their zones also where the machine knows none

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
)

func TestParseDay(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"2026-03-01": true, "2024-02-29": true, "0001-01-01": true, "9999-12-31": true,
		"": false, "2026-02-29": false, "2026-13-01": false, "2026-3-1": false, "26-03-01": false, "2026-03-01T00:00:00Z": false,
		" 2026-03-01": false, "2026-03-01\n": false, "10000-01-01": false, "2026/03/01": false, "٢٠٢٦-03-01": false,
	} {
		day, err := bank.ParseDay(text)
		if ok {
			require.NoError(t, err, text)
			require.Equal(t, bank.Day(text), day)
			continue
		}
		require.ErrorIs(t, err, bank.ErrDay, "%q", text)
		require.Empty(t, day)
	}
}

func TestDayOf_is_the_day_in_UTC(t *testing.T) {
	t.Parallel()
	paris := time.FixedZone("CET", 3600)
	require.Equal(t, bank.Day("2026-03-11"), bank.DayOf(time.Date(2026, 3, 12, 0, 30, 0, 0, paris)))
	require.Equal(t, bank.Day("2026-03-12"), bank.DayOf(time.Date(2026, 3, 12, 23, 59, 59, 0, time.UTC)))
}

// On the days on which clocks change a day has 23 or 25 hours.
func TestDayIn(t *testing.T) {
	t.Parallel()
	for zone, days := range map[string]map[string]bank.Day{
		"Europe/Paris": {
			"2026-03-28T22:59:59Z": "2026-03-28", "2026-03-28T23:00:00Z": "2026-03-29",
			"2026-03-29T21:59:59Z": "2026-03-29", "2026-03-29T22:00:00Z": "2026-03-30",
			"2026-10-24T21:59:59Z": "2026-10-24", "2026-10-24T22:00:00Z": "2026-10-25",
			"2026-10-25T22:59:59Z": "2026-10-25", "2026-10-25T23:00:00Z": "2026-10-26",
		},
		"America/New_York": {"2026-03-11T03:59:59Z": "2026-03-10", "2026-03-11T04:00:00Z": "2026-03-11", "2026-12-11T04:59:59Z": "2026-12-10"},
		"Pacific/Auckland": {"2026-12-31T10:59:59Z": "2026-12-31", "2026-12-31T11:00:00Z": "2027-01-01"},
		"UTC":              {"2026-12-31T23:59:59Z": "2026-12-31"},
	} {
		there, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for text, want := range days {
			at, err := time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			require.Equal(t, want, bank.DayIn(at, there), "%s in %s", text, zone)
		}
	}
	require.Equal(t, bank.Day("2026-03-10"), bank.DayIn(time.Date(2026, 3, 11, 0, 30, 0, 0, time.FixedZone("", 3600)), nil))
}

func TestAddDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from bank.Day
		n    int
		want bank.Day
	}{
		{"2026-02-28", 1, "2026-03-01"}, {"2024-02-28", 1, "2024-02-29"}, {"2026-01-01", -1, "2025-12-31"}, {"2026-03-29", 0, "2026-03-29"},
		{"", 3, ""}, {"nonsense", 3, ""}, {"9999-12-31", 1, ""}, {"0000-01-01", -1, ""},
	} {
		require.Equal(t, c.want, c.from.AddDays(c.n), "%s %+d", c.from, c.n)
	}
}

func TestDays_count_and_sort_alike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := bank.Day("2026-03-01").AddDays(rapid.IntRange(-2000, 2000).Draw(t, "from"))
		n := rapid.IntRange(-400000, 400000).Draw(t, "n")
		to := from.AddDays(n)
		days, known := from.DaysTo(to)
		require.True(t, known)
		require.Equal(t, n, days)
		require.Equal(t, n > 0, to > from, "days sort as text")
		require.Equal(t, from, to.AddDays(-n))
	})
	for _, pair := range [][2]bank.Day{{"", "2026-01-01"}, {"2026-01-01", ""}, {"x", "y"}} {
		_, known := pair[0].DaysTo(pair[1])
		require.False(t, known)
	}
}

func TestText_falls_back(t *testing.T) {
	t.Parallel()
	both := bank.Text{"en": "Yes", "fr": "Oui"}
	for locale, want := range map[string]string{"en": "Yes", "fr": "Oui", "fr-CA": "Oui", "de": "Yes", "": "Yes", "-": "Yes"} {
		require.Equal(t, want, both.In(locale), "%q", locale)
	}
	require.Equal(t, "Ja", bank.Text{"nl": "Ja", "sv": "Jo"}.In("fr"), "always the same one")
	require.Equal(t, "Oui", bank.Text{"en": "", "fr": "Oui"}.In("en"))
	require.Empty(t, bank.Text(nil).In("en"))
	require.Empty(t, bank.Text{}.In("en"))
}

func TestAccountTypes_are_four(t *testing.T) {
	t.Parallel()
	require.Equal(t, []bank.AccountType{"CHECKINGS", "SAVINGS", "LOAN", "CREDIT_CARD"}, bank.AccountTypes())
}
