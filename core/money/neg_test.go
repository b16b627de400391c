package money_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/money"
)

func TestNeg(t *testing.T) {
	t.Parallel()
	require.Equal(t, "-12.30 EUR", money.Must("12.30", "EUR").Neg().String())
	require.Equal(t, "0.00 EUR", money.Must("0.00", "EUR").Neg().String())
	require.True(t, money.Amount{}.Neg().IsZero(), "no amount stays none")
	back := money.Must("-5", "EUR").Neg().Neg()
	require.True(t, back.Equal(money.Must("-5", "EUR")))
}
