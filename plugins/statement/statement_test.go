package statement_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/statement"
)

func text(t *testing.T, name string) string {
	t.Helper()
	out, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(out)
}

func told(rows []sdk.Transaction) (out []string) {
	for _, r := range rows {
		out = append(out, fmt.Sprint(r.BankID, "|", r.Amount, "|", r.Currency, "|", r.Status, "|", r.BookingDate, "|", r.ValueDate, "|", r.Label, "|", r.Counterparty, "|", r.EndToEndID, "|", r.Type))
	}
	return out
}

func TestCamt(t *testing.T) {
	t.Parallel()
	rows, err := statement.Camt([]byte(text(t, "camt052.xml")), func(code string, debit bool) sdk.TransactionType {
		return sdk.TransactionType(fmt.Sprint(code, debit))
	})
	require.NoError(t, err)
	require.Equal(t, []string{
		"2026-1|-256.67|EUR|BOOKED|2026-03-10|2026-03-11|Strom Maerz Kunde 42|Stadtwerke|E2E-1|PMNT-RDDT-ESDDtrue",
		"|1200.00|EUR|PENDING||2026-03-16|Salary|Employer||false",
		"|-30.00|EUR|BOOKED|2026-03-09||Two payments|||true",
	}, told(rows))
}

// A camt.053 is a statement of a day, and several come in one document; its balances are no entries.
func TestCamt053(t *testing.T) {
	t.Parallel()
	rows, err := statement.Camt([]byte(text(t, "camt053.xml")), nil)
	require.NoError(t, err)
	require.Equal(t, []string{
		"A-7|-24.50|EUR|BOOKED|2026-03-10|2026-03-10|RF18539007547034|Buchhandlung|E2E-7|",
		"A-8|10.00|EUR|BOOKED|2026-03-11||Returned|Stadtwerke||",
	}, told(rows))
}

func TestMT940(t *testing.T) {
	t.Parallel()
	rows, err := statement.MT940(strings.ReplaceAll(text(t, "mt940.txt"), "\n", "\r\n"))
	require.NoError(t, err)
	require.Equal(t, []string{
		"2026-1|-256.67|EUR|BOOKED|2026-03-11|2026-03-10|Strom Maerz Kunde 42|Stadtwerke||",
		"REF-7|1200|EUR|BOOKED|2026-01-02|2025-12-31|Salary in plain words|||", // the booking day is in the next year
		"|-5.5|EUR|BOOKED|2026-03-09|2026-03-09||||",                           // a credit that is taken back
	}, told(rows))
}

// A row that cannot be read is an error, and what is no report is one too.
func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	good := text(t, "camt052.xml")
	for was, becomes := range map[string]string{"256.67": "1e400", "DBIT": "BOTH", `Ccy="EUR"`: `Ccy=""`, ">256.67": ">-256.67", "</Ntry>": "", "BkToCstmrAcctRpt": "html"} {
		_, err := statement.Camt([]byte(strings.ReplaceAll(good, was, becomes)), nil)
		require.ErrorIs(t, err, statement.ErrShape, was)
	}
	// An entity that grows is not expanded: encoding/xml knows none but the five.
	_, err := statement.Camt([]byte(`<!DOCTYPE x [<!ENTITY a "b">]><Document><BkToCstmrStmt><Ntry><Amt Ccy="EUR">&a;</Amt></Ntry></BkToCstmrStmt></Document>`), nil)
	require.ErrorIs(t, err, statement.ErrShape)
	lines := text(t, "mt940.txt")
	for was, becomes := range map[string]string{"D256,67": "D256.67", "EUR1000": "1000", ":20:": ":21:", "260310": "269999"} {
		_, err := statement.MT940(strings.ReplaceAll(lines, was, becomes))
		require.ErrorIs(t, err, statement.ErrShape, was)
	}
}

// FuzzMT940 wants no text to break it.
func FuzzMT940(f *testing.F) {
	f.Add(":20:x\n:60F:C260301EUR1,\n:61:2603100311D2,NDDTNONREF//1\n:86:?20a?")
	f.Fuzz(func(_ *testing.T, text string) { _, _ = statement.MT940(text) })
}
