package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
)

// simulated runs a simulation that has to find nothing wrong.
func simulated(t *testing.T, s simulation) string {
	t.Helper()
	var out bytes.Buffer
	s.out = &out
	right, err := s.run(t.Context())
	require.NoError(t, err)
	require.True(t, right, out.String())
	return out.String()
}

func TestLives_through_the_services_and_SQLite(t *testing.T) {
	t.Parallel()
	said := simulated(t, simulation{years: 2, seed: 11, size: life.Size{Accounts: 4, Days: 100}})
	require.Contains(t, said, "account-years    2 ")
	require.Contains(t, said, "missing          0\n")
}

func TestLives_through_the_rules_alone(t *testing.T) {
	t.Parallel()
	simulated(t, simulation{years: 6, seed: 12, bare: true, size: life.Size{Accounts: 3, Days: 200}})
}
