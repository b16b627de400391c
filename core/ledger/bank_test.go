package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

// emulated is a bank that gets wrong what banks get wrong. It knows which
// movement is which; the ledger has to find out.
type emulated struct {
	movements []*movement
	ids       string
	made      int
	today     int
	// distinct makes no two movements alike.
	distinct bool
}

// movement is one real movement, with how the bank tells it now.
type movement struct {
	serial int
	row    ledger.Row
	day    int
	gone   bool
}

func dayOf(n int) bank.Day { return bank.Day("2026-03-01").AddDays(n) }

// spend makes a movement; few labels and amounts make many of them alike.
func (e *emulated) spend(t *rapid.T) {
	e.made++
	m := &movement{serial: e.made, day: e.today - rapid.IntRange(0, 2).Draw(t, "late")}
	m.row = ledger.Row{
		Amount: money.Must(rapid.SampledFrom([]string{"-5.00", "-5.00", "-12.30", "80"}).Draw(t, "amount"), "EUR"),
		Label:  rapid.SampledFrom([]string{"CAFE", "CAFE", "SHOP"}).Draw(t, "label"),
		Status: ledger.Booked, BookingDate: dayOf(m.day), TransactionDate: rapid.SampledFrom([]bank.Day{"", dayOf(m.day)}).Draw(t, "acted"),
		Counterparty: rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "counterparty"),
	}
	if rapid.Bool().Draw(t, "pending") {
		m.row.Status, m.row.BookingDate, m.row.TransactionDate = ledger.Pending, "", dayOf(m.day)
	}
	if e.distinct {
		m.row.Amount = money.Must(fmt.Sprintf("-%d.00", e.made), "EUR")
	}
	e.movements = append(e.movements, m)
}

// book books a pending movement, some days later and under another label's case.
func (e *emulated) book(t *rapid.T) {
	if m := e.pick(t, ledger.Pending); m != nil {
		m.row.Status, m.row.BookingDate = ledger.Booked, dayOf(m.day+rapid.IntRange(0, 4).Draw(t, "days"))
		if rapid.Bool().Draw(t, "forgets") {
			m.row.TransactionDate = ""
		}
	}
}

// drop lets a pending movement vanish.
func (e *emulated) drop(t *rapid.T) {
	if m := e.pick(t, ledger.Pending); m != nil {
		m.gone = true
	}
}

func (e *emulated) pick(t *rapid.T, status ledger.Status) *movement {
	var fit []*movement
	for _, m := range e.movements {
		if !m.gone && m.row.Status == status {
			fit = append(fit, m)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	return rapid.SampledFrom(fit).Draw(t, "movement")
}

// tell gives the rows, newest last, with the kind of ids this bank has.
func (e *emulated) tell(t *rapid.T) []ledger.Row {
	var rows []ledger.Row
	for _, m := range e.movements {
		if m.gone {
			continue
		}
		row := m.row
		switch e.ids {
		case "true":
			row.BankID = fmt.Sprint("id", m.serial)
		case "reissued":
			row.BankID = fmt.Sprint("id", m.serial, row.Status)
		case "session":
			row.BankID = fmt.Sprint("s", e.today, "-", m.serial)
		case "constant":
			row.BankID = "NOTPROVIDED"
		}
		rows = append(rows, row)
	}
	if e.ids == "positional" {
		for i := range rows {
			rows[i].BankID = fmt.Sprint("row", len(rows)-i)
		}
	}
	return shuffled(t, rows)
}

func shuffled(t *rapid.T, rows []ledger.Row) []ledger.Row {
	return rapid.Permutation(slices.Clone(rows)).Draw(t, "order")
}

// TestReconcile_follows_any_bank is the model: after each reading the ledger
// holds what the bank holds, exactly; the same rows again, in any order, change
// nothing; no id is reused or comes back; no booked row is lost.
func TestReconcile_follows_any_bank(t *testing.T) {
	t.Parallel()
	for _, ids := range []string{"true", "none", "reissued", "session", "constant", "positional"} {
		t.Run(ids, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				e, b := &emulated{ids: ids}, newBook()
				ever := map[string]bool{}
				for range rapid.IntRange(1, 8).Draw(t, "readings") {
					e.today++
					for range rapid.IntRange(0, 4).Draw(t, "events") {
						rapid.SampledFrom([]func(*rapid.T){e.spend, e.spend, e.book, e.drop}).Draw(t, "event")(t)
					}
					rows := e.tell(t)
					follow(t, b, rows, ever)
				}
			})
		})
	}
}

// TestReconcile_keeps_identities: where no two movements are alike, each keeps
// its id from the first reading to the last, whatever the bank's ids do.
func TestReconcile_keeps_identities(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SampledFrom([]string{"true", "none", "reissued", "session", "constant", "positional"}).Draw(t, "ids")
		e, b := &emulated{ids: ids, distinct: true}, newBook()
		names := map[string]string{}
		for range rapid.IntRange(1, 6).Draw(t, "readings") {
			e.today++
			for range rapid.IntRange(0, 4).Draw(t, "events") {
				rapid.SampledFrom([]func(*rapid.T){e.spend, e.spend, e.book, e.drop}).Draw(t, "event")(t)
			}
			follow(t, b, e.tell(t), map[string]bool{})
			for _, row := range b.live() {
				amount := row.Amount.Decimal()
				if names[amount] == "" {
					names[amount] = string(row.ID)
				}
				require.Equal(t, names[amount], string(row.ID))
			}
		}
	})
}

func follow(t *rapid.T, b *book, rows []ledger.Row, ever map[string]bool) {
	covered := ledger.Window{From: "2026-02-01", To: "2026-04-30"}
	changes := b.read(covered, rows...)
	for _, added := range changes.Added {
		require.False(t, ever[string(added.ID)], "%s came back", added.ID)
		ever[string(added.ID)] = true
	}
	for _, removed := range changes.Removed {
		require.Equal(t, ledger.Pending, removed.Status, "only pending rows are removed")
	}
	require.Equal(t, told(rows), held(b.live()))
	requirePlaces(t, b)
	requireNothing(t, b.read(covered, shuffled(t, rows)...), len(rows))
}

// told and held are the multisets of what a bank tells and the ledger holds.
func told(rows []ledger.Row) map[string]int {
	count := map[string]int{}
	for _, row := range rows {
		count[fmt.Sprint(row.Amount, row.Status, row.BookingDate, row.Label)]++
	}
	return count
}

func held(rows []ledger.Transaction) map[string]int {
	count := map[string]int{}
	for _, row := range rows {
		count[fmt.Sprint(row.Amount, row.Status, row.BookingDate, row.RawLabel)]++
	}
	return count
}

// requirePlaces checks that fingerprint and occurrence name one row.
func requirePlaces(t *rapid.T, b *book) {
	places := map[string]bool{}
	for _, row := range b.all() {
		place := fmt.Sprint(row.Fingerprint, row.Occurrence)
		require.False(t, places[place], "%s stands where another does", row.ID)
		places[place] = true
	}
}

func TestReconcile_of_the_same_rows_twenty_times_changes_nothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBook()
		covered := rapid.SampledFrom([]ledger.Window{{}, {From: "2026-03-02"}, {From: "2026-01-01", To: "2026-03-03"}}).Draw(t, "covered")
		b.read(covered, rapid.SliceOfN(anyRow, 0, 8).Draw(t, "before")...)
		rows := rapid.SliceOfN(anyRow, 0, 8).Draw(t, "rows")
		b.read(covered, rows...)
		before := b.all()
		for range 20 {
			requireNothing(t, b.read(covered, shuffled(t, rows)...), len(rows))
		}
		require.ElementsMatch(t, before, b.all())
	})
}

func TestReconcile_does_not_see_the_order(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one, other := newBook(), newBook()
		for range rapid.IntRange(1, 3).Draw(t, "readings") {
			rows := rapid.SliceOfN(anyRow, 0, 8).Draw(t, "rows")
			one.read(all, rows...)
			other.read(all, shuffled(t, rows)...)
			require.Equal(t, one.rows, other.rows)
		}
	})
}

// anyRow is a row out of a small world, where everything collides with everything.
var anyRow = rapid.Custom(func(t *rapid.T) ledger.Row {
	day := rapid.SampledFrom([]bank.Day{"", "2026-03-01", "2026-03-02", "2026-03-09"})
	return ledger.Row{
		BankID:          rapid.SampledFrom([]string{"", " ", "1", "2", "3"}).Draw(t, "id"),
		Amount:          money.Must(rapid.SampledFrom([]string{"-5", "-5.00", "-6", "5", "0"}).Draw(t, "amount"), "EUR"),
		Status:          rapid.SampledFrom([]ledger.Status{ledger.Pending, ledger.Pending, ledger.Booked, ledger.Booked, ledger.Refunded, ledger.Other}).Draw(t, "status"),
		BookingDate:     day.Draw(t, "booking"),
		TransactionDate: day.Draw(t, "acted"),
		ValueDate:       day.Draw(t, "value"),
		Label:           rapid.SampledFrom([]string{"", "CAFE", "cafe", "SHOP"}).Draw(t, "label"),
		Counterparty:    rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "counterparty"),
		Type:            rapid.SampledFrom([]ledger.Type{"", ledger.PointOfSale}).Draw(t, "type"),
		Raw:             rapid.SampledFrom([][]byte{nil, []byte("1")}).Draw(t, "raw"),
	}
})
