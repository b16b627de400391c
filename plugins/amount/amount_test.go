package amount_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/plugins/amount"
)

func TestAmounts(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`"12.30"`: "12.30", `"-12.3"`: "-12.3", `"+7"`: "7", `"007.10"`: "7.10", `-4.55`: "-4.55", `5`: "5", `1e2`: "100", `1.5E-3`: "0.0015",
		`"-0.00"`: "0.00", `" 1 "`: "1", `"0.1000000000000"`: "0.1", `"-20.0"`: "-20.0",
	} {
		got, err := amount.JSON(json.RawMessage(raw))
		require.NoError(t, err, raw)
		require.Equal(t, want, got, raw)
	}
	for _, raw := range []string{
		`1e400`, `"1e400"`, `1e-400`, `null`, ``, `""`, `"12,30"`, `"1 000"`, `"NaN"`, `"Infinity"`, `{}`, `[1]`, `true`, `"0x10"`, `"."`, `"--1"`,
		`"12345678901234567890"`, `"0.123456789"`, `"` + strings.Repeat("9", 10_000) + `"`, `1e999999999999`,
	} {
		_, err := amount.JSON(json.RawMessage(raw))
		require.ErrorIs(t, err, amount.ErrNone, raw)
	}
}

func TestSigns(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"-1", "1", "0.00", "-3", "-3"},
		[]string{amount.Negate("1"), amount.Negate("-1"), amount.Negate("0.00"), amount.Debit("3"), amount.Debit("-3")})
	require.True(t, amount.Negative("-1"))
}

// Whatever is read is worth exactly what was written.
func TestValueIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,15}(\.[0-9]{1,8})?`).Draw(t, "text")
		got, err := amount.Parse(text)
		require.NoError(t, err)
		want, _ := new(big.Rat).SetString(text)
		have, ok := new(big.Rat).SetString(got)
		require.True(t, ok)
		require.Zero(t, want.Cmp(have), "%s became %s", text, got)
	})
}
