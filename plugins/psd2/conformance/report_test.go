package conformance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// TestReports reads what stands on the accounts of banks that tell it in other forms than pages of JSON: the same rows,
// each as far as the form has room for it. Cards are told as JSON there too.
func TestReports(t *testing.T) {
	t.Parallel()
	for form, c := range map[string]struct {
		asked string
		rows  []string
	}{
		"camt": {"camt", []string{
			"-3.00 PENDING  three POINT_OF_SALE", "2.00 BOOKED 2026-03-13 two  Employer", "-1.00 BOOKED 2026-03-12 one DIRECT_DEBIT Power", "-0.50 BOOKED 2026-02-01 old ATM",
			"-12.30 BOOKED 2026-03-10 Shop POINT_OF_SALE",
		}},
		"camt053": {"camt", []string{
			"2.00 BOOKED 2026-03-13 two  Employer", "-1.00 BOOKED 2026-03-12 one DIRECT_DEBIT Power", "-0.50 BOOKED 2026-02-01 old ATM",
			"-12.30 BOOKED 2026-03-10 Shop POINT_OF_SALE",
		}},
		"mt940": {"mt940", []string{
			"2.00 BOOKED 2026-03-13 two  Employer", "-1.00 BOOKED 2026-03-12 one  Power", "-0.50 BOOKED 2026-02-01 old", "-12.30 BOOKED 2026-03-10 Shop POINT_OF_SALE",
		}},
		"download": {"", []string{
			"2.00 BOOKED 2026-03-13 two  Employer", "-1.00 BOOKED 2026-03-12 one DIRECT_DEBIT Power", "-0.50 BOOKED 2026-02-01 old ATM", "-3.00 PENDING  three POINT_OF_SALE",
			"-12.30 BOOKED 2026-03-10 Shop POINT_OF_SALE",
		}},
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			w := openWith(t, bankWith("reports: "+form))
			accounts := "{cards: true}"
			if c.asked != "" {
				accounts = "{cards: true, reports: " + c.asked + "}"
			}
			d := w.as(company, redirect+", accounts: "+accounts)
			s, err := w.fetch(d, w.agreed(d, "plain"), someone)
			require.NoError(t, err)
			require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
			var told []string
			for _, item := range itemsOf[sdk.TransactionsItem](s) {
				for _, r := range item.Transactions {
					told = append(told, strings.TrimSpace(fmt.Sprint(r.Amount, " ", r.Status, " ", r.BookingDate, " ", r.Label, " ", r.Type, " ", r.Counterparty)))
					require.NotEmpty(t, r.BankID)
				}
			}
			require.Equal(t, c.rows, told)
			if c.asked == "" {
				return
			}
			plain := w.as(company, redirect)
			s, err = w.fetch(plain, w.agreed(plain, "plain"), someone)
			require.NoError(t, err)
			failures := itemsOf[sdk.AccountFailureItem](s)
			require.Len(t, failures, 1, "a catalogue entry that asks for JSON there: the account, and not the card")
			require.Equal(t, sdk.NotSupported, failures[0].Failure.Code)
		})
	}
}

// reported reads an account and a card of a bank that tells transactions in another form than pages of JSON.
func reported(t *testing.T, form, asked string) *world {
	w := openWith(t, bankWith("reports: "+form))
	d := w.as(company, redirect+", accounts: {cards: true, reports: "+asked+"}")
	s, err := w.fetch(d, w.agreed(d, "plain"), someone)
	require.NoError(t, err)
	require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
	require.Len(t, itemsOf[sdk.TransactionsItem](s), 2)
	return w
}
