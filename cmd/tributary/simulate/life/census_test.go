package life_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
)

// census counts, over 64 account-years, what the generator is there for.
func census() map[string]int {
	found := map[string]int{}
	for seed := range uint64(16) {
		l := life.New(seed+900, life.Size{Accounts: 4, Days: 365})
		for _, v := range l.Visits {
			found[string(v.Fault.Kind)]++
			found[string(v.Kind)]++
		}
		if len(l.Channels) == 2 {
			found["two channels"]++
		}
		found["ids of accounts "+string(l.Habits.Accounts)]++
		for _, a := range l.Accounts {
			countAccount(found, l, a)
			for _, m := range a.Movements {
				found[m.Family]++
				countStages(found, m)
			}
		}
	}
	return found
}

func countAccount(found map[string]int, l *life.Life, a *life.Account) {
	first, last := a.Faces[0], a.Faces[len(a.Faces)-1]
	for name, is := range map[string]bool{
		"opened later":      a.Opened.After(l.Start),
		"closed":            !a.Closed.IsZero(),
		"gone":              a.Gone >= 0,
		"withdrawn":         a.Withdrawn >= 0,
		"without number":    first.Number == "" && first.IBAN == "",
		"IBAN only":         first.Number == "" && first.IBAN != "",
		"number only":       first.Number != "" && first.IBAN == "",
		"renumbered":        first.Number != last.Number,
		"another notation":  first.IBAN != last.IBAN && first.Number == last.Number,
		"renamed":           first.Name != last.Name,
		"in two currencies": pocket(l, a),
		"several of a kind": alike(l, a) > 1,
		"three of a kind":   alike(l, a) > 2,
	} {
		if is {
			found[name]++
		}
	}
}

func alike(l *life.Life, a *life.Account) (n int) {
	for _, other := range l.Accounts {
		if other.Type == a.Type && other.Currency == a.Currency {
			n++
		}
	}
	return n
}

func pocket(l *life.Life, a *life.Account) bool {
	for _, other := range l.Accounts {
		if other != a && other.Number == a.Number && a.Number != "" && other.Currency != a.Currency {
			return true
		}
	}
	return false
}

func countStages(found map[string]int, m *life.Movement) {
	for i, s := range m.Stages {
		if s.Booking == "" && s.Status == life.Booked {
			found["booked without booking date"]++
		}
		if i == 0 || s.Absent {
			continue
		}
		before := m.Stages[i-1]
		if before.Status == life.Pending && s.Status == life.Booked && before.Accounted() == s.Accounted() {
			found["booked on the day of the purchase"]++
		}
		if before.Status == life.Booked && s.Accounted() != before.Accounted() {
			found["booked day corrected"]++
		}
	}
}

func TestLives_are_full_of_what_banks_do(t *testing.T) {
	t.Parallel()
	found := census()
	for name, least := range map[string]int{
		// what fails
		string(life.Refused): 40, string(life.Broken): 60, string(life.NoBalance): 40, string(life.NoRows): 80, string(life.Hidden): 20,
		string(life.Stale): 80, string(life.Short): 15, string(life.Repeated): 10, string(life.Reconnect): 60, string(life.Listing): 30,
		// accounts
		"two channels": 2, "ids of accounts kept": 2, "ids of accounts of the consent": 4, "ids of accounts of the session": 1,
		"opened later": 3, "closed": 2, "gone": 1, "withdrawn": 1, "without number": 3, "IBAN only": 5, "number only": 10, "renumbered": 2,
		"another notation": 3, "renamed": 8, "in two currencies": 2, "several of a kind": 20, "three of a kind": 5,
		// rows
		"booked without booking date": 300, "booked on the day of the purchase": 500, "booked day corrected": 30, "undated pending": 300,
		"identical": 500, "late": 300, "vanished": 400, "returning": 80, "long pending": 80, "corrected label": 30, "reversal": 100,
	} {
		require.GreaterOrEqual(t, found[name], least, "%s: %v", name, found)
	}
	for _, family := range life.Families() {
		require.Positive(t, found[family], family)
	}
}

// Some accounts move, half of them to another channel.
func TestLives_move(t *testing.T) {
	t.Parallel()
	moved, onward := 0, 0
	for seed := range uint64(60) {
		l := life.New(seed, life.Size{Accounts: 1, Days: 120})
		require.Equal(t, -1, life.New(seed, life.Size{Accounts: 1, Days: 120, Settled: true}).Move)
		if l.Move < 0 {
			continue
		}
		moved++
		require.Equal(t, life.Moving, l.Visits[l.Move].Kind)
		require.NotEqual(t, l.Visits[l.Move-1].Consent, l.Visits[l.Move].Consent)
		if l.Onward != "" {
			onward++
			require.NotContains(t, l.Channels, l.Onward)
			require.Equal(t, []string{l.Onward}, l.ChannelsAt(l.Move))
		}
		require.Equal(t, l.Channels, l.ChannelsAt(l.Move-1))
	}
	require.Greater(t, moved, 10)
	require.Greater(t, onward, 3)
}
