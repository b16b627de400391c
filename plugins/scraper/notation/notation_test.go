package notation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/plugins/scraper/notation"
)

var (
	french  = notation.Numbers{Decimal: ",", Group: ".", Debit: []string{"S", "DB"}, Credit: []string{"H", "CR"}}
	english = notation.Numbers{Decimal: ".", Group: ",", Debit: []string{"DR"}, Credit: []string{"CR"}}
	swiss   = notation.Numbers{Decimal: ".", Group: "'"}
)

func TestAmounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		numbers                notation.Numbers
		text, amount, currency string
	}{
		{french, "1 234,56 €", "1234.56", "EUR"}, {french, "1 234,56 €", "1234.56", "EUR"}, {french, "− 1.234,56", "-1234.56", ""}, {french, "12,3-", "-12.3", ""},
		{french, "+ 0,00 EUR", "0.00", "EUR"}, {french, "-0,00", "0.00", ""}, {french, "EUR 15,00 S", "-15.00", "EUR"}, {french, "15,00 H", "15.00", ""},
		{english, "£1,234.50", "1234.50", "GBP"}, {english, "-£3.00", "-3.00", "GBP"}, {english, "(12.00)", "-12.00", ""}, {english, "1,234,567.89 DR", "-1234567.89", ""},
		{english, "$ 12", "12", "USD"}, {english, ".50", "0.50", ""}, {swiss, "CHF 1’234.05", "1234.05", "CHF"}, {french, "007,10", "7.10", ""},
	} {
		amount, currency, err := c.numbers.Amount(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, []string{c.amount, c.currency}, []string{amount, currency}, c.text)
	}
	for _, text := range []string{"", "abc", "1,2,3", "12 34,00", "1.23,45", "12,00 pts", "--5,00", "- 5,00 S", strings.Repeat("9", 30), "5,00 €uro", "1e5", "12.5"} {
		_, _, err := french.Amount(text)
		require.ErrorIs(t, err, notation.ErrAmount, text)
	}
}

// What is written by the rules is read as what it is.
func TestAmounts_written_by_the_rules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.StringMatching(`[1-9][0-9]{0,11}`).Draw(t, "whole")
		cents := rapid.StringMatching(`[0-9]{2}`).Draw(t, "cents")
		minus := rapid.SampledFrom([]string{"", "-"}).Draw(t, "minus")
		grouped := ""
		for i, r := range whole {
			if i > 0 && (len(whole)-i)%3 == 0 {
				grouped += "."
			}
			grouped += string(r)
		}
		got, _, err := french.Amount(minus + grouped + "," + cents)
		require.NoError(t, err)
		require.Equal(t, minus+whole+"."+cents, got)
	})
}

func TestDays(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 1, 3, 15, 0, 0, 0, time.UTC)
	for _, c := range []struct{ language, pattern, text, day string }{
		{"fr", "DD/MM/YYYY", "31/12/2025", "2025-12-31"}, {"fr", "D MMM YYYY", "1 févr. 2025", "2025-02-01"}, {"fr", "D MMM YYYY", "14 juil. 2025", "2025-07-14"},
		{"de", "DD.MM.YY", "02.01.26", "2026-01-02"}, {"de", "D. MMM", "30. Dez.", "2025-12-30"}, {"en", "DD MMM YYYY", "05 Mar 2025", "2025-03-05"},
		{"fr", "DD/MM", "09/01", "2026-01-09"}, {"fr", "DD/MM", "11/01", "2025-01-11"}, {"fr", "DD/MM/YYYY", "Hier", "2026-01-02"}, {"de", "DD.MM.YY", "heute", "2026-01-03"},
		{"en", "YYYY-MM-DD*", "2025-10-09T10:11:12Z", "2025-10-09"}, {"fr", "*D MMM YYYY", "vendredi 2 janvier 2026", "2026-01-02"},
	} {
		got, err := notation.Days{Language: c.language, Patterns: []string{c.pattern}}.Day(c.text, today)
		require.NoError(t, err, c.text)
		require.Equal(t, c.day, got.Format(time.DateOnly), c.text)
	}
	for _, text := range []string{"", "32/01/2025", "29/02/2025", "1/1/2025", "01/13/2025", "01/01/25", "demain matin"} {
		_, err := notation.Days{Language: "fr", Patterns: []string{"DD/MM/YYYY"}}.Day(text, today)
		require.ErrorIs(t, err, notation.ErrDay, text)
	}
	_, err := notation.Days{Language: "fr", Patterns: []string{"D MMM YYYY"}}.Day("1 jui 2025", today)
	require.Error(t, err, "juin or juillet")
}
