package ledger_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

func rowIn(amount, currency string) money.Amount { return money.Must(amount, currency) }

func sorted(rows []ledger.Transaction) []ledger.Transaction {
	slices.SortFunc(rows, func(a, b ledger.Transaction) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}

func side(id, account, amount string, day bank.Day, kind ledger.Type) ledger.Transaction {
	return ledger.Transaction{
		ID: ident.Transaction(id), AccountID: ident.Account(account), Amount: money.Must(amount, "EUR"), Status: ledger.Booked,
		Type: kind, BookingDate: day, EffectiveDate: day,
	}
}

func TestPairTransfers(t *testing.T) {
	t.Parallel()
	out := side("out", "a", "-200.00", "2026-03-10", ledger.InternalTransfer)
	with := func(t ledger.Transaction, change func(*ledger.Transaction)) ledger.Transaction { change(&t); return t }
	for name, test := range map[string]struct {
		others []ledger.Transaction
		paired string
	}{
		"the same day":                 {[]ledger.Transaction{side("in", "b", "200", "2026-03-10", ledger.InternalTransfer)}, "in"},
		"a weekend later":              {[]ledger.Transaction{side("in", "b", "200", "2026-03-13", ledger.Credit)}, "in"},
		"too late":                     {[]ledger.Transaction{side("in", "b", "200", "2026-03-14", ledger.Credit)}, ""},
		"the same account":             {[]ledger.Transaction{side("in", "a", "200", "2026-03-10", ledger.Credit)}, ""},
		"another amount":               {[]ledger.Transaction{side("in", "b", "200.01", "2026-03-10", ledger.Credit)}, ""},
		"the same direction":           {[]ledger.Transaction{side("in", "b", "-200", "2026-03-10", ledger.InternalTransfer)}, ""},
		"two that fit":                 {[]ledger.Transaction{side("in", "b", "200", "2026-03-10", ledger.Credit), side("in2", "c", "200", "2026-03-11", ledger.Credit)}, ""},
		"two outgoing":                 {[]ledger.Transaction{side("in", "b", "200", "2026-03-10", ledger.Credit), side("o2", "c", "-200", "2026-03-11", ledger.InternalTransfer)}, ""},
		"a purchase's refund":          {[]ledger.Transaction{side("in", "b", "200", "2026-03-10", ledger.PointOfSale)}, ""},
		"pending":                      {[]ledger.Transaction{with(side("in", "b", "200", "2026-03-10", ledger.Credit), func(t *ledger.Transaction) { t.Status = ledger.Pending })}, ""},
		"removed":                      {[]ledger.Transaction{with(side("in", "b", "200", "2026-03-10", ledger.Credit), func(t *ledger.Transaction) { t.Removed = true })}, ""},
		"another currency":             {[]ledger.Transaction{with(side("in", "b", "200", "2026-03-10", ledger.Credit), func(t *ledger.Transaction) { t.Amount = rowIn("200", "USD") })}, ""},
		"one that has its counterpart": {[]ledger.Transaction{with(side("in", "b", "200", "2026-03-10", ledger.Credit), func(t *ledger.Transaction) { t.Links = []ledger.Link{{Type: ledger.TransferPair, TransactionID: "x"}} })}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed, revisions := ledger.PairTransfers([]ledger.Transaction{out}, test.others, noon)
			require.Len(t, revisions, len(changed))
			if test.paired == "" {
				require.Empty(t, changed)
				return
			}
			require.Len(t, changed, 2)
			for _, row := range changed {
				other := ident.Transaction(test.paired)
				if row.ID == other {
					other = "out"
				}
				require.True(t, row.Linked(ledger.TransferPair, other))
			}
			again, _ := ledger.PairTransfers(changed, test.others, noon)
			require.Empty(t, again, "a pair is made once")
		})
	}
}

func TestPairTransfers_needs_a_word_of_transfer(t *testing.T) {
	t.Parallel()
	out, in := side("out", "a", "-200", "2026-03-10", ledger.Debit), side("in", "b", "200", "2026-03-10", ledger.Credit)
	changed, _ := ledger.PairTransfers([]ledger.Transaction{out}, []ledger.Transaction{in}, noon)
	require.Empty(t, changed)
	out.RawLabel = "VIR SEPA LIVRET"
	changed, _ = ledger.PairTransfers([]ledger.Transaction{out}, []ledger.Transaction{in}, noon)
	require.Len(t, changed, 2)
}
