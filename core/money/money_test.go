package money_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/money"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"0": true, "-12.30": true, "1234567890.12345678": true, "0.10": true,
		"": false, "1e400": false, "NaN": false, "+1": false, "1,2": false, ".5": false, "1.": false, "--1": false,
		"1234567890123456789": false, "0.123456789": false, " 1": false, "1\n": false, "١": false,
	} {
		amount, err := money.Parse(text, "EUR")
		if !ok {
			require.ErrorIs(t, err, money.ErrAmount, "%q", text)
			continue
		}
		require.NoError(t, err, text)
		require.Equal(t, text, amount.Decimal())
	}
	for _, currency := range []string{"", "eur", "EURO", "E R", "€"} {
		_, err := money.Parse("1", currency)
		require.ErrorIs(t, err, money.ErrCurrency)
	}
}

func TestAdd_is_exact(t *testing.T) {
	t.Parallel()
	form := `-?[0-9]{1,12}(\.[0-9]{1,8})?`
	rapid.Check(t, func(t *rapid.T) {
		a := money.Must(rapid.StringMatching(form).Draw(t, "a"), "EUR")
		b := money.Must(rapid.StringMatching(form).Draw(t, "b"), "EUR")
		sum, err := a.Add(b)
		require.NoError(t, err)
		back, err := sum.Add(negated(b))
		require.NoError(t, err)
		require.True(t, a.Equal(back), "%v + %v - %v = %v", a, b, b, back)
		require.Equal(t, a.Canonical(), back.Canonical())
	})
	_, err := money.Must("1", "EUR").Add(money.Must("1", "USD"))
	require.Error(t, err)
}

func negated(a money.Amount) money.Amount {
	text := a.Decimal()
	if text[0] == '-' {
		return money.Must(text[1:], a.Currency())
	}
	return money.Must("-"+text, a.Currency())
}

func TestSortKey_orders_like_the_values(t *testing.T) {
	t.Parallel()
	form := `-?[0-9]{1,18}(\.[0-9]{1,8})?`
	rapid.Check(t, func(t *rapid.T) {
		a := money.Must(rapid.StringMatching(form).Draw(t, "a"), "EUR")
		b := money.Must(rapid.StringMatching(form).Draw(t, "b"), "EUR")
		require.Equal(t, a.Cmp(b), strings.Compare(a.SortKey(), b.SortKey()), "%v %v", a, b)
		require.Len(t, a.SortKey(), 28)
	})
}
