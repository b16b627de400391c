package record_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	require.Equal(t, "b", record.First("", " ", " b "))
	require.Empty(t, record.Provided(" NotProvided "))
	require.Equal(t, "e-1", record.Provided(" e-1 "))
	require.Equal(t, sdk.Day("2026-03-01"), record.Day("no", "2026-13-01", "2026-03-01T23:59:59+02:00"))
	require.Empty(t, record.Day("0001-01-01"))
	require.Equal(t, "EUR", record.Currency("euros", " eur "))
	require.Empty(t, record.Currency("€"))
	iban, is := record.IBAN("fr76 9999 1004 2000 0001 0010 180")
	require.True(t, is)
	require.Equal(t, "FR7699991004200000010010180", iban)
	_, is = record.IBAN("5254 12** **** 3241")
	require.False(t, is)
	require.Equal(t, "************3241", record.Masked("5254120000003241"))
	require.Equal(t, "2026-03-01 10:00:00 +0000 UTC", record.Instant("2026-03-01T10:00:00", "").String())
	require.Equal(t, "2026-03-01 08:00:00 +0000 UTC", record.Instant("2026-03-01T10:00:00+02:00", "").String())
	require.True(t, record.Instant("soon", "9999-12-31").IsZero())
	require.Nil(t, record.Evidence(json.RawMessage(strings.Repeat("x", 1<<20))))
}

// Whatever a bank writes is bounded, and stays a text; two long ids stay two.
func TestBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, limit := rapid.String().Draw(t, "text"), rapid.IntRange(0, 40).Draw(t, "limit")
		cut := record.Cut(text, limit)
		require.LessOrEqual(t, len(cut), max(limit, 3*limit))
		require.True(t, utf8.ValidString(cut))
	})
	long := strings.Repeat("x", 1_000)
	require.LessOrEqual(t, len(record.Bounded(long)), record.MaxID)
	require.NotEqual(t, record.Bounded(long+"a"), record.Bounded(long+"b"))
}

func TestLinks(t *testing.T) {
	t.Parallel()
	var links record.Links
	require.NoError(t, json.Unmarshal([]byte(`{"next":{"href":"/2"},"self":"/1","odd":[1]}`), &links))
	name, href := links.First("odd", "next", "self")
	require.Equal(t, "next /2", name+" "+href)
	require.NoError(t, json.Unmarshal([]byte(`[]`), &links))
}
