package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

var origin = time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)

// file makes a bank with one account that holds the given rows and rules.
func file(t require.TestingT, account string) *config.File {
	text := "personas: [{login: ann, password: x1, holder: Ann}]\naccounts:\n" +
		"  - {ref: a, owner: ann, type: CHECKINGS, name: A, number: '1', currency: EUR, balance: 100.00" + account + "}\n"
	parsed, err := config.Parse([]byte(text))
	require.NoError(t, err, text)
	return parsed
}

func rows(t *testing.T, f *config.File, today time.Time) []ledger.Row {
	t.Helper()
	statement, ok := ledger.New(f, origin).Statement("a", today)
	require.True(t, ok)
	return statement.Transactions
}

func TestRules_fall_on_their_days(t *testing.T) {
	t.Parallel()
	cases := map[string][]string{
		"monthly: 31, since: 2026-01-01":                       {"2026-03-31", "2026-02-28", "2026-01-31"},
		"weekly: monday, since: today-14":                      {"2026-03-30", "2026-03-23"},
		"every_days: 10, offset: 0, since: today-20":           {"2026-03-25", "2026-03-15"},
		"every_days: 10, offset: 1, since: today-20":           {"2026-03-26", "2026-03-16"},
		"monthly: 1, since: 2026-01-01, until: 2026-02-10":     {"2026-02-01", "2026-01-01"},
		"monthly: 30, since: 2026-03-01, pending_days: 2":      {""},
		"weekly: saturday, since: 2026-03-25, pending_days: 2": {"2026-03-30"},
		"monthly: 1, since: today+1":                           {},
	}
	for rule, want := range cases {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			got := []string{}
			for _, row := range rows(t, file(t, ", recurring: [{id: r, "+rule+", amount: -5.00, label: 'L {day}/{month}'}]"), origin) {
				got = append(got, row.BookingDate)
			}
			require.Equal(t, want, got)
		})
	}
}

func TestRows_tell_purchase_and_booking(t *testing.T) {
	t.Parallel()
	f := file(t, ", recurring: [{id: r, weekly: saturday, since: 2026-03-25, pending_days: 2, amount: -5, label: 'CB {day}/{month}/{year}', kind: card, mcc: '5411'}]")
	pending := rows(t, f, origin.AddDate(0, 0, -2))[0]
	require.Equal(t, ledger.Row{
		ID: pending.ID, TransactionDate: "2026-03-28", Amount: "-5.00", Currency: "EUR", Status: config.Pending,
		Label: "CB 28/03/2026", Kind: "card", MCC: "5411",
	}, pending)
	booked := rows(t, f, origin)[0]
	require.Equal(t, pending.ID, booked.ID)
	require.Equal(t, config.Booked, booked.Status)
	require.Equal(t, "2026-03-30", booked.BookingDate)
	require.Equal(t, "2026-03-28", booked.TransactionDate)
}

func TestLiteralRows(t *testing.T) {
	t.Parallel()
	t.Run("come_when_done_and_are_booked_later", func(t *testing.T) {
		t.Parallel()
		f := file(t, ", transactions: [{date: today+2, transaction_date: today, value_date: today+3, amount: 1.00, label: x}]")
		require.Empty(t, rows(t, f, origin.AddDate(0, 0, -1)))
		require.Equal(t, config.Pending, rows(t, f, origin)[0].Status)
		require.Equal(t, "2026-04-03", rows(t, f, origin.AddDate(0, 0, 2))[0].ValueDate)
	})
	t.Run("marked_pending_stay_so", func(t *testing.T) {
		t.Parallel()
		f := file(t, ", transactions: [{date: today-9, amount: 1.00, label: x, status: PENDING, id: mine}]")
		row := rows(t, f, origin)[0]
		require.Equal(t, "mine", row.ID)
		require.Empty(t, row.BookingDate)
	})
	t.Run("leave_the_window", func(t *testing.T) {
		t.Parallel()
		f := file(t, ", transactions: [{date: today-400, amount: 1.00, label: x}, {date: today-401, amount: 1.00, label: y}]")
		require.Len(t, rows(t, f, origin), 1)
	})
}

func TestBalances(t *testing.T) {
	t.Parallel()
	f := file(t, ", balance_on: today-2, transactions: [{date: today-2, amount: 50.00, label: before}, {date: today-1, amount: -20.50, label: after}, {date: today, amount: -1.25, label: p, status: PENDING}]")
	statement, _ := ledger.New(f, origin).Statement("a", origin)
	require.Equal(t, []ledger.Balance{
		{Type: "BOOKED", Amount: "79.50", Currency: "EUR", AsOf: "2026-03-31"},
		{Type: "EXPECTED", Amount: "78.25", Currency: "EUR", AsOf: "2026-03-31"},
	}, statement.Balances)
}

func TestMoney_keeps_every_decimal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, currency, want string }{
		{"5", "EUR", "5.00"}, {"-0.1", "EUR", "-0.10"}, {"1.005", "EUR", "1.005"}, {"500", "JPY", "500"}, {"1.5", "KWD", "1.500"},
	} {
		require.Equal(t, c.want, ledger.Money(decimal.RequireFromString(c.amount), c.currency))
	}
}

// The same day gives the same rows whoever asks, whatever was asked before; the booked balance moves exactly by what
// was booked; a row keeps its id, amount and label for ever; and drawn amounts stay in their range.
func TestBook_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rhythm := rapid.SampledFrom([]string{"monthly: 31", "monthly: 5", "weekly: friday", "every_days: 3", "every_days: 1"})
		rules := ""
		for i := range rapid.IntRange(1, 3).Draw(t, "rules") {
			rules += fmt.Sprintf("{id: r%d, %s, since: 2026-01-01, pending_days: %d, amount: -80.00..-20.00, label: x},",
				i, rhythm.Draw(t, "rhythm"), rapid.IntRange(0, 4).Draw(t, "pending"))
		}
		f := file(t, ", balance_on: 2025-12-31, recurring: ["+rules+"]")
		early := origin.AddDate(0, 0, rapid.IntRange(-60, 60).Draw(t, "early"))
		late := early.AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "days"))

		book := ledger.New(f, origin)
		first, _ := book.Statement("a", early)
		second, _ := book.Statement("a", late)
		again, _ := ledger.New(f, origin.AddDate(0, 0, 7)).Statement("a", early)
		require.Equal(t, first, again)

		moved, known := decimal.Zero, map[string]ledger.Row{}
		for _, row := range second.Transactions {
			require.NotContains(t, known, row.ID)
			known[row.ID] = row
			amount := decimal.RequireFromString(row.Amount)
			require.True(t, amount.LessThanOrEqual(decimal.NewFromInt(-20)) && amount.GreaterThanOrEqual(decimal.NewFromInt(-80)))
			if row.Status == config.Booked && row.BookingDate > early.Format(time.DateOnly) {
				moved = moved.Add(amount)
			}
		}
		for _, row := range first.Transactions {
			require.Equal(t, known[row.ID].Amount, row.Amount)
			require.Equal(t, known[row.ID].TransactionDate, row.TransactionDate)
		}
		opening := decimal.RequireFromString(first.Balances[0].Amount)
		require.Equal(t, second.Balances[0].Amount, opening.Add(moved).StringFixed(2))
	})
}
