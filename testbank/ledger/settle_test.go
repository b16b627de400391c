package ledger_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

const deferred = `personas: [{login: ann, password: x1, holder: Ann}, {login: bob, password: x1, holder: Bob}]
accounts:
  - {ref: pays, owner: ann, type: CHECKINGS, name: Current, number: "1", currency: EUR, balance: 1000.00, balance_on: 2025-12-31}
  - ref: card
    owner: ann
    type: CREDIT_CARD
    name: Gold
    number: "2"
    currency: EUR
    balance: -50.00
    balance_on: 2025-12-31
    settled_on: pays
    recurring: [{id: shop, weekly: friday, since: 2026-01-01, amount: -20.00..-10.00, label: SHOP, kind: card, pending_days: 2}]
`

func deferredBook(t *testing.T) *ledger.Book {
	t.Helper()
	file, err := config.Parse([]byte(deferred))
	require.NoError(t, err)
	return ledger.New(file, origin)
}

func statement(t *testing.T, b *ledger.Book, id string, on time.Time) (ledger.Statement, []ledger.Row) {
	t.Helper()
	s, ok := b.Statement(id, on)
	require.True(t, ok)
	var settled []ledger.Row
	for _, row := range s.Transactions {
		if row.Kind == "card_settlement" {
			settled = append(settled, row)
		}
	}
	return s, settled
}

func TestSettlement_moves_what_is_owed_once_a_month(t *testing.T) {
	t.Parallel()
	b := deferredBook(t)
	card, credits := statement(t, b, "card", origin)
	current, debits := statement(t, b, "pays", origin)
	require.Equal(t, "pays", card.SettledOn)
	require.Equal(t, "0.00", card.Balances[0].Amount, "the last day of March is a settlement day")
	require.Len(t, credits, 3)
	require.Len(t, debits, 3)
	left := decimal.RequireFromString("1000.00")
	for i, day := range []string{"2026-03-31", "2026-02-28", "2026-01-31"} {
		require.Equal(t, day, credits[i].BookingDate)
		require.Equal(t, day, debits[i].BookingDate)
		require.Equal(t, "-"+credits[i].Amount, debits[i].Amount)
		require.NotEqual(t, credits[i].ID, debits[i].ID)
		left = left.Add(decimal.RequireFromString(debits[i].Amount))
	}
	require.Equal(t, left.StringFixed(2), current.Balances[0].Amount)
}

func TestSettlement_never_changes_afterwards(t *testing.T) {
	t.Parallel()
	b := deferredBook(t)
	before := []ledger.Row{}
	for offset := range 70 {
		on := origin.AddDate(0, 0, offset)
		card, settled := statement(t, b, "card", on)
		require.Equal(t, before, settled[len(settled)-len(before):])
		before = settled
		owed := decimal.Zero
		for _, row := range card.Transactions {
			if row.Status == config.Booked && row.Kind == "card" && row.BookingDate > settled[0].BookingDate {
				owed = owed.Add(decimal.RequireFromString(row.Amount))
			}
		}
		require.Equal(t, owed.StringFixed(2), card.Balances[0].Amount, "the balance is what the month owes so far")
	}
	require.Len(t, before, 5)
}
