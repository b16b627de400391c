package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

func balance(kind ledger.BalanceType, amount string, hour int) ledger.Balance {
	return ledger.Balance{Type: kind, Amount: money.Must(amount, "EUR"), AsOf: morning.Add(time.Duration(hour) * time.Hour)}
}

func TestBalanceOf(t *testing.T) {
	t.Parallel()
	withCredit := balance(ledger.BalanceAvailable, "1300", 0)
	withCredit.CreditIncluded = true
	none := money.Amount{}
	for name, c := range map[string]struct {
		balances []ledger.Balance
		limit    money.Amount
		want     string
	}{
		"booked_before_all":            {[]ledger.Balance{balance(ledger.BalanceExpected, "1", 2), balance(ledger.BalanceBooked, "2", 0)}, none, "2 EUR"},
		"the_latest_booked":            {[]ledger.Balance{balance(ledger.BalanceBooked, "1", 0), balance(ledger.BalanceBooked, "2", 1)}, none, "2 EUR"},
		"the_first_of_equals":          {[]ledger.Balance{balance(ledger.BalanceBooked, "1", 0), balance(ledger.BalanceBooked, "2", 0)}, none, "1 EUR"},
		"expected_before_available":    {[]ledger.Balance{balance(ledger.BalanceAvailable, "1", 2), balance(ledger.BalanceExpected, "2", 0)}, none, "2 EUR"},
		"available_less_credit":        {[]ledger.Balance{withCredit}, money.Must("1000", "EUR"), "300 EUR"},
		"a_limit_may_be_told_negative": {[]ledger.Balance{withCredit}, money.Must("-1000", "EUR"), "300 EUR"},
		"a_limit_that_is_not_known":    {[]ledger.Balance{withCredit, balance(ledger.BalanceOther, "7", 0)}, none, "7 EUR"},
		"a_limit_in_another_currency":  {[]ledger.Balance{withCredit}, money.Must("1000", "USD"), "0"},
		"money_owed_is_negative":       {[]ledger.Balance{balance(ledger.BalanceBooked, "-250.10", 0)}, none, "-250.10 EUR"},
		"no_amount_is_no_balance":      {[]ledger.Balance{{Type: ledger.BalanceBooked}, balance(ledger.BalanceOther, "3", 0)}, none, "3 EUR"},
		"nothing_to_choose_from":       {nil, none, "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			amount, _ := ledger.BalanceOf(c.balances, c.limit)
			require.Equal(t, c.want, amount.String())
			require.Equal(t, c.want == "0", amount.IsZero())
		})
	}
	_, asOf := ledger.BalanceOf([]ledger.Balance{balance(ledger.BalanceBooked, "1", 5)}, none)
	require.Equal(t, morning.Add(5*time.Hour), asOf)
}

func TestCheckBalance(t *testing.T) {
	t.Parallel()
	before, after := balance(ledger.BalanceBooked, "100.00", 0), balance(ledger.BalanceBooked, "80.5", 48)
	amounts := func(texts ...string) (amounts []money.Amount) {
		for _, text := range texts {
			amounts = append(amounts, money.Must(text, "EUR"))
		}
		return amounts
	}
	require.Equal(t, ledger.Integrity{State: ledger.Proven}, ledger.CheckBalance(before, after, amounts("-20", "0.50"), nil))
	gap := ledger.CheckBalance(before, after, amounts("-20"), nil)
	require.Equal(t, ledger.Gap, gap.State)
	require.Equal(t, "0.50 EUR", gap.Missing.String())
	require.Equal(t, [2]bank.Day{"2026-03-12", "2026-03-14"}, [2]bank.Day{gap.From, gap.To})

	credit, foreign := after, after
	credit.CreditIncluded = true
	foreign.Amount = money.Must("80.5", "USD")
	for name, c := range map[string]struct {
		before, after ledger.Balance
		booked        []money.Amount
	}{
		"nothing_before":       {ledger.Balance{}, after, nil},
		"nothing_after":        {before, ledger.Balance{}, nil},
		"no_amount":            {before, ledger.Balance{Type: ledger.BalanceBooked}, nil},
		"another_kind":         {before, balance(ledger.BalanceExpected, "80.5", 0), nil},
		"credit_in_one_only":   {before, credit, nil},
		"another_currency":     {before, foreign, nil},
		"a_row_of_another_one": {before, after, []money.Amount{money.Must("1", "USD")}},
	} {
		require.Equal(t, ledger.Integrity{State: ledger.NotComputable}, ledger.CheckBalance(c.before, c.after, c.booked, nil), name)
	}
}

// The days of a gap are days in the bank's zone; a balance that has a day and no
// time is of that day wherever the bank is.
func TestCheckBalance_tells_days_of_the_bank(t *testing.T) {
	t.Parallel()
	at := func(text, amount string) ledger.Balance {
		asOf, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return ledger.Balance{Type: ledger.BalanceBooked, Amount: money.Must(amount, "EUR"), AsOf: asOf}
	}
	east, west := time.FixedZone("", 3600), time.FixedZone("", -5*3600)
	for _, c := range []struct {
		zone     *time.Location
		from, to string
		days     [2]bank.Day
	}{
		{nil, "2026-03-01T23:30:00Z", "2026-03-03T03:00:00Z", [2]bank.Day{"2026-03-01", "2026-03-03"}},
		{east, "2026-03-01T23:30:00Z", "2026-03-03T03:00:00Z", [2]bank.Day{"2026-03-02", "2026-03-03"}},
		{west, "2026-03-01T23:30:00Z", "2026-03-03T03:00:00Z", [2]bank.Day{"2026-03-01", "2026-03-02"}},
		{west, "2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z", [2]bank.Day{"2026-03-01", "2026-03-03"}},
	} {
		gap := ledger.CheckBalance(at(c.from, "10"), at(c.to, "9"), nil, c.zone)
		require.Equal(t, ledger.Gap, gap.State)
		require.Equal(t, c.days, [2]bank.Day{gap.From, gap.To}, "%s in %v", c.from, c.zone)
	}
}

// TestCheckBalance_follows_the_rows: what Reconcile says was booked explains the
// balance, over pending rows, corrections and rows that are told again.
func TestCheckBalance_follows_the_rows(t *testing.T) {
	t.Parallel()
	b := newBook()
	balances := []string{"100", "100", "75", "70"}
	answers := [][]ledger.Row{
		{booked("1", "-7", "2026-03-01", "OLD")},
		{booked("1", "-7", "2026-03-01", "OLD"), pending("2", "-20", "2026-03-02", "RESTO"), pending("3", "-9", "2026-03-02", "DROPPED")},
		{booked("1", "-7", "2026-03-01", "OLD"), booked("2", "-25", "2026-03-03", "RESTO")},
		{booked("1", "-7", "2026-03-01", "OLD"), booked("2", "-25", "2026-03-03", "RESTO"), booked("", "-5", "2026-03-03", "CAFE")},
	}
	b.read(all, answers[0]...)
	for i := 1; i < len(answers); i++ {
		changes := b.read(all, answers[i]...)
		check := ledger.CheckBalance(balance(ledger.BalanceBooked, balances[i-1], i-1), balance(ledger.BalanceBooked, balances[i], i), changes.Booked, nil)
		require.Equal(t, ledger.Proven, check.State, "%d: %v", i, check.Missing)
	}
	require.Equal(t, ledger.NotComputable, ledger.CheckBalance(ledger.BookedBalance(nil), ledger.BookedBalance([]ledger.Balance{balance(ledger.BalanceBooked, "1", 0)}), nil, nil).State)
}

// A balance counts a row a day before the bank tells it: two gaps, of which the
// second closes the first.
func TestIntegrity_Since(t *testing.T) {
	t.Parallel()
	gap := func(amount string) ledger.Integrity {
		return ledger.Integrity{State: ledger.Gap, Missing: money.Must(amount, "EUR")}
	}
	proven, unknown := ledger.Integrity{State: ledger.Proven}, ledger.Integrity{State: ledger.NotComputable}
	closed := ledger.Integrity{State: ledger.Proven, Missing: money.Must("-5", "EUR")}
	dollars := ledger.Integrity{State: ledger.Gap, Missing: money.Must("5", "USD")}
	for name, c := range map[string]struct {
		now    ledger.Integrity
		before []ledger.Integrity // the newest first
		want   ledger.IntegrityState
	}{
		"proven_stays":               {proven, []ledger.Integrity{gap("5")}, ledger.Proven},
		"unknown_stays":              {unknown, []ledger.Integrity{gap("5")}, ledger.NotComputable},
		"nothing_before":             {gap("-5"), nil, ledger.Gap},
		"it_closes_the_one_before":   {gap("-5"), []ledger.Integrity{gap("5.00")}, ledger.Proven},
		"it_closes_an_earlier_one":   {gap("-5"), []ledger.Integrity{proven, proven, gap("5")}, ledger.Proven},
		"it_closes_two":              {gap("-5"), []ledger.Integrity{gap("2"), proven, gap("3")}, ledger.Proven},
		"it_closes_the_last_of_two":  {gap("-2"), []ledger.Integrity{gap("2"), gap("3")}, ledger.Proven},
		"another_amount":             {gap("-4"), []ledger.Integrity{gap("5")}, ledger.Gap},
		"the_same_sign":              {gap("5"), []ledger.Integrity{gap("5")}, ledger.Gap},
		"one_that_is_closed_already": {gap("-5"), []ledger.Integrity{closed, gap("5")}, ledger.Gap},
		"nothing_is_known_between":   {gap("-5"), []ledger.Integrity{unknown, gap("5")}, ledger.Gap},
		"another_currency":           {gap("-5"), []ledger.Integrity{dollars, gap("5")}, ledger.Gap},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var records []ledger.BalanceRecord
			for _, i := range c.before {
				records = append(records, ledger.BalanceRecord{Integrity: i})
			}
			found := c.now.Since(records)
			require.Equal(t, c.want, found.State)
			require.Equal(t, c.now.Missing, found.Missing)
		})
	}
}
