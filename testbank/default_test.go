package testbank_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

func defaultFile(t *testing.T) *config.File {
	t.Helper()
	file, err := config.Parse(testbank.DefaultConfig())
	require.NoError(t, err)
	return file
}

func TestDefaultConfig_has_every_kind_of_persona_and_account(t *testing.T) {
	t.Parallel()
	file := defaultFile(t)
	challenges, behaviours, types := map[config.ChallengeKind]bool{}, map[config.BehaviourKind]bool{}, map[config.AccountType]bool{}
	for _, p := range file.Personas {
		challenges[p.Challenge.Kind] = true
		require.NotEmpty(t, p.Description, p.Login)
		for _, b := range p.Behaviours {
			behaviours[b.Kind] = true
		}
	}
	for _, a := range file.Accounts {
		types[a.Type] = true
	}
	require.Len(t, challenges, 7)
	require.Len(t, behaviours, 10)
	require.Len(t, types, 4)
}

// The default file must look alive on whatever day somebody starts it.
func TestDefaultConfig_never_ages(t *testing.T) {
	t.Parallel()
	for _, start := range []time.Time{date(2026, 3, 31), date(2026, 11, 23), date(2028, 2, 29)} {
		book := ledger.New(defaultFile(t), start)
		statement, ok := book.Statement("paul-courant", start)
		require.True(t, ok)
		oldest := statement.Transactions[len(statement.Transactions)-1]
		require.Less(t, oldest.Date(), start.AddDate(0, -6, 0).Format(time.DateOnly), "six months of history")
		require.Greater(t, len(statement.Transactions), 300)
		require.Equal(t, config.Pending, statement.Transactions[0].Status, "something is always pending")
	}
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
