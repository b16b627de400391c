package ledger_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

// aReading is how many rows a bank tells in each reading of the benchmark.
const aReading = 1_000

// BenchmarkReconcile tells 1,000 rows: those of the newest days, which are all
// known, or rows that are all new. known is what lies within Reach, so no
// history is longer; it is here to be seen growing with nothing but itself.
func BenchmarkReconcile(b *testing.B) {
	for _, known := range []int{aReading, 10_000, 100_000} {
		b.Run(fmt.Sprintf("again/known=%d", known), func(b *testing.B) { reconcile(b, known, 0) })
		b.Run(fmt.Sprintf("new/known=%d", known), func(b *testing.B) { reconcile(b, known, known) })
	}
}

func reconcile(b *testing.B, known, from int) {
	before := ledger.Reconcile(nil, readingOf(0, known)).Added
	reading := readingOf(from, aReading)
	b.ReportAllocs()
	for b.Loop() {
		changes := ledger.Reconcile(before, reading)
		if len(changes.Added)+changes.Unchanged != aReading {
			b.Fatal(len(changes.Added), changes.Unchanged)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/aReading/1000, "µs/row")
}

// readingOf holds rows of a hundred a day, from the newest back, each of a shop
// and an amount of its own.
func readingOf(from, count int) ledger.Reading {
	today := bank.Day("2026-01-01")
	reading := ledger.Reading{
		Account: ledger.Account{ID: "acc_1"}, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Today: today,
		Describe: func(row ledger.Row) ledger.Description { return ledger.Description{Label: row.Label} },
	}
	for n := from; n < from+count; n++ {
		day := today.AddDays(-n / 100)
		reading.Rows = append(reading.Rows, ledger.Row{
			BankID: "b" + strconv.Itoa(n), Amount: money.Must(fmt.Sprintf("-%d.%02d", n%900, n%100), "EUR"), Status: ledger.Booked,
			Type: ledger.PointOfSale, BookingDate: day, ValueDate: day, Label: "CARD SHOP " + strconv.Itoa(n%100),
		})
	}
	ids := from
	reading.NewID = func() ident.Transaction { ids++; return ident.Transaction("txn_" + strconv.Itoa(ids)) }
	return reading
}
