package download_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/download"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestCSV(t *testing.T) {
	t.Parallel()
	text := "Compte;123\n\nDate;Libell\xe9;D\xe9bit;Cr\xe9dit\r\n01/02/2026;\"Caf\xe9; deux \"\"tasses\"\"\";-4,20;\r\n\r\n02/02/2026;Salaire;;1 000,00\r\n"
	rows, err := download.CSV([]byte(text), "windows-1252", "", 2)
	require.NoError(t, err)
	require.Equal(t, []map[string]string{
		{"Date": "01/02/2026", "Libellé": `Café; deux "tasses"`, "Débit": "-4,20", "Crédit": ""},
		{"Date": "02/02/2026", "Libellé": "Salaire", "Débit": "", "Crédit": "1 000,00"},
	}, rows)
	rows, err = download.CSV([]byte("\ufeffa\tb\n1\t2\n"), "", "", 0)
	require.NoError(t, err)
	require.Equal(t, []map[string]string{{"a": "1", "b": "2"}}, rows)
	_, err = download.CSV(nil, "", "", 0)
	require.ErrorIs(t, err, download.ErrShape)
	_, err = download.CSV([]byte("a"), "klingon", "", 0)
	require.Error(t, err)
}

const sgml = `OFXHEADER:100
DATA:OFXSGML
<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKTRANLIST><DTSTART>20260101
<STMTTRN><TRNTYPE>POS<DTPOSTED>20260103120000[+1:CET]<TRNAMT>-12.30<FITID>a1<NAME>Baker &amp; Sons<MEMO>card
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260104<DTUSER>20260102<TRNAMT>+1000,5<FITID>a2<NAME>Salary
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`

const xml = `<?xml version="1.0"?><OFX><CURDEF>GBP</CURDEF><BANKTRANLIST><STMTTRN><TRNTYPE>FEE</TRNTYPE><DTPOSTED>20260105</DTPOSTED><TRNAMT>-1.00</TRNAMT><FITID>x</FITID><NAME>Fee</NAME></STMTTRN></BANKTRANLIST></OFX>`

func TestOFX(t *testing.T) {
	t.Parallel()
	rows, err := download.Rows("ofx", []byte(sgml), "USD")
	require.NoError(t, err)
	require.Equal(t, []sdk.Transaction{
		{BankID: "a1", Amount: "-12.30", Currency: "EUR", Status: sdk.Booked, BookingDate: "2026-01-03", Label: "Baker & Sons card", Type: sdk.TypePointOfSale},
		{BankID: "a2", Amount: "1000.5", Currency: "EUR", Status: sdk.Booked, BookingDate: "2026-01-04", TransactionDate: "2026-01-02", Label: "Salary"},
	}, rows)
	rows, err = download.Rows("ofx", []byte(xml), "EUR")
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, "GBP", rows[0].Currency)
	for _, bad := range []string{"", "<html>", "<OFX><STMTTRN><TRNAMT>x<DTPOSTED>20260101</OFX></STMTTRN>", "<OFX><STMTTRN><TRNAMT>1<DTPOSTED>2026</STMTTRN>"} {
		_, err := download.Rows("ofx", []byte(bad), "EUR")
		require.ErrorIs(t, err, download.ErrShape, bad)
	}
}

func TestOthers(t *testing.T) {
	t.Parallel()
	_, err := download.Rows("camt.053", []byte("<html/>"), "EUR")
	require.Error(t, err)
	_, err = download.Rows("xls", nil, "EUR")
	require.ErrorIs(t, err, download.ErrShape)
}
