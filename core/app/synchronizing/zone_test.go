package synchronizing_test

import (
	"context"
	"errors"
	"testing"
	"time"
	_ "time/tzdata" // banks have their zones also where the machine knows none

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// worldIn is a bank in a zone at an instant.
func worldIn(t *testing.T, zone, at string) *world {
	t.Helper()
	there, err := time.LoadLocation(zone)
	require.NoError(t, err)
	now, err := time.Parse(time.RFC3339, at)
	require.NoError(t, err)
	w := newWorld(t)
	w.bank.zone = there
	w.pass(now.Sub(epoch))
	return w
}

// What is asked for and what is dated is by the bank's days, not by those of UTC
// (field note 7).
func TestDays_are_those_of_the_bank(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone, at string
		today    bank.Day
	}{
		"Half_past_eleven_in_UTC_is_tomorrow_in_Paris": {"Europe/Paris", "2026-03-10T23:30:00Z", "2026-03-11"},
		"Summer_begins_in_Paris":                       {"Europe/Paris", "2026-03-28T23:30:00Z", "2026-03-29"},
		"The_day_of_23_hours_is_over":                  {"Europe/Paris", "2026-03-29T22:30:00Z", "2026-03-30"},
		"The_day_of_25_hours_goes_on":                  {"Europe/Paris", "2026-10-25T22:30:00Z", "2026-10-25"},
		"The_day_of_25_hours_is_over":                  {"Europe/Paris", "2026-10-25T23:00:00Z", "2026-10-26"},
		"West_of_UTC_it_is_still_yesterday":            {"America/New_York", "2026-03-11T03:30:00Z", "2026-03-10"},
		"Far_in_the_east_it_is_tomorrow_by_noon":       {"Pacific/Auckland", "2026-12-31T12:00:00Z", "2027-01-01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldIn(t, c.zone, c.at)
			undated := movement("1", "-5", "CAFE", ledger.Pending, "")
			undated.BookingDate = ""
			w.reads("a", undated)
			made := w.connect()
			w.work(made.LastSynchronizationID)
			require.Equal(t, c.today, w.rows()[0].EffectiveDate, "a row without a date has the bank's")
			require.Equal(t, port.Window{Default: c.today.AddDays(-90), From: map[string]bank.Day{}, To: c.today.AddDays(1)}, w.bank.fetched[0].Window)
			w.again(made, synchronization.All)
			require.Equal(t, c.today.AddDays(-14), w.bank.fetched[len(w.bank.fetched)-1].Window.From["a"])
		})
	}
}

// At half past midnight in Paris UTC has the day before. What the bank booked
// today is asked for, and a pending row of today is seen to vanish.
func TestRow_of_today_is_asked_for_after_midnight(t *testing.T) {
	t.Parallel()
	w := worldIn(t, "Europe/Paris", "2026-07-01T22:30:00Z")
	rows := []ledger.Row{movement("1", "-5", "CAFE", ledger.Booked, ""), movement("2", "-7", "CAFE", ledger.Pending, "")}
	rows[0].BookingDate, rows[1].BookingDate = "2026-07-02", ""
	w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
		var told []ledger.Row
		for _, row := range rows {
			if row.BookingDate <= req.Window.To {
				told = append(told, row)
			}
		}
		return errors.Join(sink.Account("a", shown("a")), sink.Rows("a", told), sink.Done("a", "2026-06-01", min(req.Window.To, "2026-07-02")))
	}
	c := w.connect()
	w.work(c.LastSynchronizationID)
	require.Len(t, w.rows(), 2)
	require.Equal(t, bank.Day("2026-07-02"), w.rows()[0].EffectiveDate)
	rows = rows[:1]
	w.again(c, synchronization.All)
	require.Len(t, w.rows(), 1, "it vanished on the day that it had")
}

// A run a minute before the bank's midnight and one after it are of two days.
func TestWindow_begins_on_the_banks_day_of_the_last_success(t *testing.T) {
	t.Parallel()
	w := worldIn(t, "America/New_York", "2026-03-11T03:59:00Z")
	w.reads("a")
	c := w.connect()
	w.work(c.LastSynchronizationID)
	w.pass(2 * time.Minute)
	w.again(c, synchronization.All)
	last := w.bank.fetched[len(w.bank.fetched)-1].Window
	require.Equal(t, bank.Day("2026-02-24"), last.From["a"], "the success was on the 10th")
	require.Equal(t, bank.Day("2026-03-12"), last.To, "today is the 11th")
	w.pass(time.Minute)
	w.again(c, synchronization.All)
	require.Equal(t, bank.Day("2026-02-25"), w.bank.fetched[len(w.bank.fetched)-1].Window.From["a"])
}

// A gap is told between days of the bank.
func TestGap_lies_between_days_of_the_bank(t *testing.T) {
	t.Parallel()
	w := worldIn(t, "Europe/Paris", "2026-03-01T23:30:00Z")
	balances := func(amount string) {
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			now := []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must(amount, "EUR")}}
			return errors.Join(sink.Account("a", shown("a")), sink.Balances("a", now), sink.Done("a", "2026-01-01", "2026-03-05"))
		}
	}
	balances("100")
	c := w.connect()
	w.work(c.LastSynchronizationID)
	w.pass(24 * time.Hour)
	balances("90")
	gap := w.again(c, synchronization.All).Accounts[0].Gap
	require.NotNil(t, gap)
	require.Equal(t, [2]bank.Day{"2026-03-02", "2026-03-03"}, [2]bank.Day{gap.From, gap.To})
}
