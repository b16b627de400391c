package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// coffees are two purchases that are the same, a third that comes in a day late, and one that is booked the day after.
const coffees = `, transactions: [
  {date: today-1, amount: -2.40, label: COFFEE}, {date: today-1, amount: -2.40, label: COFFEE},
  {date: today-1, arrives: today+1, amount: -2.40, label: COFFEE}, {date: today+1, transaction_date: today, amount: -9, label: MARKET}]`

func idsOn(t *testing.T, feed string, days int, view ledger.View) []string {
	t.Helper()
	statement, _ := ledger.New(file(t, ", feed: {"+feed+"}"+coffees), origin).Statement("a", origin.AddDate(0, 0, days))
	ids := []string{}
	for _, row := range statement.Seen(view).Transactions {
		ids = append(ids, row.ID)
	}
	return ids
}

func TestFeed_ids(t *testing.T) {
	t.Parallel()
	nobody := ledger.View{}
	require.Equal(t, []string{"2026-03-31-001", "2026-03-30-001", "2026-03-30-002"}, idsOn(t, "ids: positional", 0, nobody))
	require.Equal(t, []string{"2026-04-01-001", "2026-03-30-001", "2026-03-30-002", "2026-03-30-003"}, idsOn(t, "ids: positional", 1, nobody))
	require.Equal(t, []string{"", "", ""}, idsOn(t, "ids: blank", 0, nobody))
	require.Equal(t, []string{"0000000000", "0000000000", "0000000000"}, idsOn(t, "ids: constant", 0, nobody))
	require.ElementsMatch(t, []string{"3", "1", "2"}, idsOn(t, "ids: per_account", 0, nobody))
	require.ElementsMatch(t, []string{"3", "1", "2", "4"}, idsOn(t, "ids: per_account", 1, nobody))
	require.ElementsMatch(t, []string{"Tuesday-1", "Monday-1", "Monday-2"}, idsOn(t, "ids: reused", 0, nobody))
	require.NotEqual(t, idsOn(t, "ids: session", 0, ledger.View{Session: "s1"}), idsOn(t, "ids: session", 0, ledger.View{Session: "s2"}))
	require.Equal(t, idsOn(t, "ids: session", 0, ledger.View{Session: "s1"}), idsOn(t, "ids: session", 0, ledger.View{Session: "s1"}))
	require.NotEqual(t, idsOn(t, "ids: reissued", 0, nobody), idsOn(t, "ids: reissued", 0, ledger.View{Generation: 1}))
	require.Empty(t, idsOn(t, "pending_ids: blank", 0, nobody)[0])
	require.NotEmpty(t, idsOn(t, "pending_ids: blank", 1, nobody)[0])
	require.NotEqual(t, idsOn(t, "pending_ids: other", 0, nobody)[0], idsOn(t, "pending_ids: other", 1, nobody)[0])
}

func TestFeed_dates(t *testing.T) {
	t.Parallel()
	row := func(dates string) ledger.Row {
		return rows(t, file(t, ", feed: {dates: "+dates+"}, transactions: [{date: today, value_date: today+2, transaction_date: today-1, amount: 1, label: x}]"), origin)[0]
	}
	require.Equal(t, "2026-04-02", row("swapped").BookingDate)
	require.Equal(t, "2026-03-31", row("swapped").ValueDate)
	require.Empty(t, row("no_booking_date").BookingDate)
	require.Equal(t, "2026-03-30", row("no_booking_date").TransactionDate)
	require.Empty(t, row("no_transaction_date").TransactionDate)
}

func TestFeed_shows_recent_days_only(t *testing.T) {
	t.Parallel()
	statement, _ := ledger.New(file(t, coffees), origin).Statement("a", origin)
	require.Len(t, statement.Seen(ledger.View{Oldest: origin}).Transactions, 1)
	require.Len(t, statement.Transactions, 3)
}

// play is an account with a timeline of its own.
func play(t require.TestingT, transactions, timeline string) *ledger.Book {
	text := "personas: [{login: ann, password: x1, holder: Ann}]\naccounts:\n" +
		"  - {ref: a, owner: ann, type: CHECKINGS, name: A, number: '1', currency: EUR, balance: 100.00, balance_on: today-9, transactions: [" +
		transactions + "]}\ntimeline: [" + timeline + "]\n"
	parsed, err := config.Parse([]byte(text))
	require.NoError(t, err, text)
	return ledger.New(parsed, origin)
}

// tale tells a day in a few words: booked balance; each row with its id, status, amount and label; and what is real.
func tale(book *ledger.Book, days int) string {
	today := origin.AddDate(0, 0, days)
	statement, _ := book.Statement("a", today)
	said := []string{statement.Balances[0].Amount}
	for _, r := range statement.Transactions {
		said = append(said, strings.Join([]string{r.ID, string(r.Status), r.Amount, r.Label}, " "))
	}
	truth := book.Truth("a", today)
	happened := []string{}
	for _, m := range truth.Movements {
		happened = append(happened, fmt.Sprintf("%s %s x%d", m.Status, m.Amount, m.Rows))
	}
	return strings.Join(said, ", ") + " | " + strings.Join(happened, ", ")
}

func TestTimeline_of_rows(t *testing.T) {
	t.Parallel()
	const pending = "{id: p, date: today+2, transaction_date: today, amount: -10, label: x}"
	cases := map[string]struct {
		rows, events string
		days         []string
	}{
		"booked_otherwise": {pending, "{on: today+2, do: change, account: a, row: p, id: q, amount: -12, label: y}", []string{
			"100.00, p PENDING -10.00 x | PENDING -10.00 x1", "100.00, p PENDING -10.00 x | PENDING -10.00 x1", "88.00, q BOOKED -12.00 y | BOOKED -12.00 x1",
		}},
		"booked_early": {pending, "{on: today+1, do: change, account: a, row: p, status: BOOKED}", []string{
			"100.00, p PENDING -10.00 x | PENDING -10.00 x1", "90.00, p BOOKED -10.00 x | BOOKED -10.00 x1",
		}},
		"a_pending_one_lapses_and_returns_booked": {pending, "{on: today+1, do: vanish, account: a, row: p}, {on: today+3, do: return, account: a, row: p}", []string{
			"100.00, p PENDING -10.00 x | PENDING -10.00 x1", "100.00 | ", "100.00 | ", "90.00, p BOOKED -10.00 x | BOOKED -10.00 x1",
		}},
		"a_booked_one_that_is_not_told_is_real": {"{id: b, date: today, amount: -10, label: x}", "{on: today+1, do: vanish, account: a, row: b}", []string{
			"90.00, b BOOKED -10.00 x | BOOKED -10.00 x1", "90.00 | BOOKED -10.00 x0",
		}},
		"told_twice_for_a_day": {"{id: b, date: today, amount: -10, label: x}", "{on: today+1, do: double, account: a, row: b, last_day: today+1}", []string{
			"90.00, b BOOKED -10.00 x | BOOKED -10.00 x1", "90.00, b BOOKED -10.00 x, b BOOKED -10.00 x | BOOKED -10.00 x2", "90.00, b BOOKED -10.00 x | BOOKED -10.00 x1",
		}},
		"corrected": {"{id: b, date: today, amount: -10, label: x}", "{on: today+1, do: change, account: a, row: b, amount: -11}", []string{
			"90.00, b BOOKED -10.00 x | BOOKED -10.00 x1", "89.00, b BOOKED -11.00 x | BOOKED -11.00 x1",
		}},
		"rejected_and_refunded": {
			"{id: b, date: today, amount: -10, label: x}, {id: c, date: today, amount: -5, label: y}",
			"{on: today+1, do: change, account: a, row: b, status: REJECTED}, {on: today+1, do: change, account: a, row: c, status: REFUNDED}", []string{
				"85.00, b BOOKED -10.00 x, c BOOKED -5.00 y | ", "95.00, b REJECTED -10.00 x, c REFUNDED -5.00 y | ",
			},
		},
		"late": {"{id: l, date: today-3, arrives: today+1, amount: -10, label: x}", "", []string{"100.00 | ", "90.00, l BOOKED -10.00 x | BOOKED -10.00 x1"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := play(t, c.rows, c.events)
			for days, want := range c.days {
				got := tale(book, days)
				if strings.HasSuffix(want, "y | ") {
					got, _, _ = strings.Cut(got, "| ") // two movements of one day stand in the order of their hidden ids
					got += "| "
				}
				require.Equal(t, want, got, "day %d", days)
			}
		})
	}
}

func TestTruth(t *testing.T) {
	t.Parallel()
	t.Run("keeps_what_was_told_last", func(t *testing.T) {
		t.Parallel()
		book := play(t, "{id: b, date: today, amount: -10, label: x}", "{on: today+2, do: vanish, account: a, row: b}, {on: today+3, do: change, account: a, row: b, label: y}")
		m := book.Truth("a", origin.AddDate(0, 0, 4)).Movements[0]
		require.Equal(t, "2026-04-01", m.ToldUntil)
		require.Equal(t, "x", m.Told.Label)
		require.Equal(t, "y", m.Label)
	})
	t.Run("has_an_identity_that_no_feed_shows", func(t *testing.T) {
		t.Parallel()
		book := play(t, "{id: p, date: today+1, transaction_date: today, amount: -10, label: x}", "{on: today+1, do: change, account: a, row: p, id: q, amount: -11}")
		before, after := book.Truth("a", origin).Movements[0], book.Truth("a", origin.AddDate(0, 0, 1)).Movements[0]
		require.Equal(t, before.ID, after.ID)
		require.NotEqual(t, before.Told.ID, after.Told.ID)
		require.NotContains(t, []string{before.Told.ID, after.Told.ID}, after.ID)
	})
	t.Run("marks_what_nothing_tells_apart", func(t *testing.T) {
		t.Parallel()
		for feed, pairs := range map[string]int{"ids: stable": 0, "ids: per_account": 0, "ids: blank": 1, "ids: session": 1, "ids: constant": 1, "ids: positional": 1} {
			truth := ledger.New(file(t, ", feed: {"+feed+"}"+coffees), origin).Truth("a", origin)
			require.Len(t, truth.Indistinguishable, pairs, feed)
		}
	})
}

// Whatever the feed makes of it: the same day gives the same answer whatever was asked before, the truth is the same under
// every feed, the rows tell exactly the movements that are told, and the booked balance is what is booked.
func TestFeed_properties(t *testing.T) {
	t.Parallel()
	words := map[string][]string{
		"ids":         {"stable", "session", "positional", "reissued", "reused", "blank", "per_account", "constant"},
		"pending_ids": {"same", "blank", "other"}, "order": {"newest", "oldest", "shuffled"},
		"dates": {"plain", "swapped", "no_booking_date", "no_transaction_date"},
	}
	rapid.Check(t, func(t *rapid.T) {
		feed := []string{}
		for _, key := range []string{"ids", "pending_ids", "order", "dates"} {
			feed = append(feed, key+": "+rapid.SampledFrom(words[key]).Draw(t, key))
		}
		transactions, events := []string{}, []string{}
		for i := range rapid.IntRange(1, 6).Draw(t, "rows") {
			done := rapid.IntRange(-5, 5).Draw(t, "done")
			transactions = append(transactions, fmt.Sprintf("{id: r%d, transaction_date: today%+d, date: today%+d, arrives: today%+d, amount: -%d, label: x}",
				i, done, done+rapid.IntRange(0, 3).Draw(t, "pending"), done+rapid.IntRange(0, 3).Draw(t, "late"), rapid.IntRange(1, 3).Draw(t, "amount")))
			events = append(events, fmt.Sprintf("{on: today%+d, do: %s, account: a, row: r%d}", rapid.IntRange(-5, 8).Draw(t, "on"),
				rapid.SampledFrom([]string{"vanish", "return", "double", "change, amount: -7", "change, status: CANCELLED", "change, id: other"}).Draw(t, "do"), i))
		}
		plain := play(t, strings.Join(transactions, ", "), strings.Join(events, ", "))
		strange := ledger.New(strangely(t, feed, transactions, events), origin)
		for range 4 {
			today := origin.AddDate(0, 0, rapid.IntRange(-6, 10).Draw(t, "today"))
			first, _ := strange.Statement("a", today)
			again, _ := ledger.New(strangely(t, feed, transactions, events), origin).Statement("a", today)
			require.Equal(t, first.Transactions, again.Transactions)
			require.Equal(t, bare(plain.Truth("a", today)), bare(strange.Truth("a", today)))
			told := 0
			for _, m := range strange.Truth("a", today).Movements {
				told += m.Rows
			}
			require.Len(t, first.Transactions, told)
		}
	})
}

func strangely(t require.TestingT, feed, transactions, events []string) *config.File {
	parsed, err := config.Parse([]byte("personas: [{login: ann, password: x1, holder: Ann}]\naccounts:\n" +
		"  - {ref: a, owner: ann, type: CHECKINGS, name: A, number: '1', currency: EUR, balance: 100.00, balance_on: today-9, feed: {" + strings.Join(feed, ", ") +
		"}, transactions: [" + strings.Join(transactions, ", ") + "]}\ntimeline: [" + strings.Join(events, ", ") + "]\n"))
	require.NoError(t, err)
	return parsed
}

// bare is the truth without how it was told.
func bare(truth ledger.Truth) []ledger.Movement {
	for i := range truth.Movements {
		truth.Movements[i].Told = ledger.Row{}
	}
	return truth.Movements
}
