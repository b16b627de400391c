package site_test

import (
	"encoding/csv"
	"encoding/xml"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
)

// fromCSV reads a file for spreadsheets.
func fromCSV(t *testing.T, body []byte) []row {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(body), "\ufeff")))
	reader.Comma = ';'
	lines, err := reader.ReadAll()
	require.NoError(t, err)
	require.Equal(t, "Date de comptabilisation", lines[0][0])
	var rows []row
	for _, l := range lines[1:] {
		rows = append(rows, row{BookingDate: iso(l[0]), ValueDate: iso(l[1]), Label: l[2], ID: l[3], Amount: amount(l[4]), Currency: l[5]})
	}
	return rows
}

var ofxRow = regexp.MustCompile(`<STMTTRN>.*<DTPOSTED>(\d{4})(\d{2})(\d{2}).*<TRNAMT>([^<]*)<FITID>([^<]*)<NAME>.*<MEMO>([^<]*)</STMTTRN>`)

func fromOFX(t *testing.T, body []byte) []row {
	t.Helper()
	var rows []row
	for _, m := range ofxRow.FindAllStringSubmatch(string(body), -1) {
		rows = append(rows, row{BookingDate: m[1] + "-" + m[2] + "-" + m[3], Amount: m[4], ID: m[5], Label: m[6]})
	}
	return rows
}

func fromCamt(t *testing.T, body []byte) []row {
	t.Helper()
	var d struct {
		Entries []struct {
			Amount struct {
				Currency string `xml:"Ccy,attr"`
				Value    string `xml:",chardata"`
			} `xml:"Amt"`
			Sign   string `xml:"CdtDbtInd"`
			Booked string `xml:"BookgDt>Dt"`
			Valued string `xml:"ValDt>Dt"`
			ID     string `xml:"AcctSvcrRef"`
			Text   string `xml:"NtryDtls>TxDtls>RmtInf>Ustrd"`
		} `xml:"BkToCstmrStmt>Stmt>Ntry"`
	}
	require.NoError(t, xml.Unmarshal(body, &d))
	var rows []row
	for _, e := range d.Entries {
		r := row{BookingDate: e.Booked, ValueDate: e.Valued, ID: e.ID, Label: e.Text, Amount: e.Amount.Value, Currency: e.Amount.Currency}
		if e.Sign == "DBIT" {
			r.Amount = "-" + r.Amount
		}
		rows = append(rows, r)
	}
	return rows
}

// TestDownloads_hold_the_booked_rows of the truth, in each format of each theme.
func TestDownloads_hold_the_booked_rows(t *testing.T) {
	t.Parallel()
	w := open(t, testbank.DefaultConfig())
	p := w.persona("camille")
	modern, classic := visit(t, w.url), visit(t, w.url)
	modern.modernIn(p)
	classic.classicIn(p)
	for format, reads := range map[string]func(*testing.T, []byte) []row{"csv": fromCSV, "ofx": fromOFX, "camt": fromCamt} {
		for period, since := range map[string]string{"all": "", "30": "2026-02-12"} {
			for i, a := range w.truth(t, p.Login) {
				var want []row
				for _, r := range a.Transactions {
					if r.BookingDate == "" || r.BookingDate < since {
						continue
					}
					r.TransactionDate, r.Status = "", ""
					if format == "ofx" {
						r.ValueDate, r.Currency = "", ""
					}
					want = append(want, r)
				}
				at := modern.goes("/web/modern/accounts/" + a.ID + "/export?format=" + format + "&days=" + period)
				require.Contains(t, at.header.Get("Content-Disposition"), "attachment; filename=")
				same(t, want, reads(t, at.body))
				other := classic.posts(classic.goes("/web/classic/telech.do"), "telech.do", url.Values{"cpt": {string(rune('1' + i))}, "format": {format}, "jours": {period}})
				require.Equal(t, string(at.body), string(other.body))
			}
		}
	}
}
