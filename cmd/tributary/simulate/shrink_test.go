package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
)

func TestHalved_leaves_what_is_needed(t *testing.T) {
	t.Parallel()
	l := life.New(7, life.Size{Accounts: 2, Days: 60}).Cut(1, 40, func(*life.Movement) bool { return true })
	guilty := []*life.Movement{l.Accounts[0].Movements[3], l.Accounts[0].Movements[11]}
	holds := func(cut *life.Life) bool {
		found := 0
		for _, m := range cut.Accounts[0].Movements {
			if m == guilty[0] || m == guilty[1] {
				found++
			}
		}
		return found == 2
	}
	small := halved(l, 1, holds)
	require.Equal(t, guilty, small.Accounts[0].Movements)
	require.Len(t, small.Visits, 41)
}

func TestLives_are_the_same_again(t *testing.T) {
	t.Parallel()
	size := life.Size{Accounts: 3, Days: 90}
	one, other := life.New(5, size), life.New(5, size)
	require.Equal(t, one, other)
	for visit := range one.Visits {
		ask := life.Ask{Channel: one.Channels[0], To: "2030-01-01"}
		told, again := life.Bank{Life: one}.Answer(visit, ask), life.Bank{Life: other}.Answer(visit, ask)
		require.Equal(t, told, again)
	}
	require.NotEqual(t, one.Accounts, life.New(6, size).Accounts)
}
