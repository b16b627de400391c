package download

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// kinds are OFX's types of transaction.
var kinds = map[string]string{
	"card": "POS", "direct_debit": "DIRECTDEBIT", "transfer": "XFER", "atm": "ATM", "fee": "FEE", "interest": "INT", "cheque": "CHECK", "loan_payment": "PAYMENT", "card_settlement": "PAYMENT",
}

// OFX is version 1.02 for programs of money at home, in SGML: elements with a value are not closed.
func OFX(a Account) File {
	var b bytes.Buffer
	b.WriteString("OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:UTF-8\r\nCHARSET:NONE\r\nCOMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n")
	today := a.Today.Format("20060102") + "120000"
	fmt.Fprintf(&b, "<OFX>\r\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>%s<LANGUAGE>FRA</SONRS></SIGNONMSGSRSV1>\r\n", today)
	set, response, statement, from := "BANKMSGSRSV1", "STMTTRNRS", "STMTRS", "BANKACCTFROM"
	if a.Type == config.CreditCard {
		set, response, statement, from = "CREDITCARDMSGSRSV1", "CCSTMTTRNRS", "CCSTMTRS", "CCACCTFROM"
	}
	fmt.Fprintf(&b, "<%s><%s><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>\r\n<%s><CURDEF>%s\r\n", set, response, statement, a.Currency)
	fmt.Fprintf(&b, "<%s>%s</%s>\r\n<BANKTRANLIST><DTSTART>%s<DTEND>%s\r\n", from, a.ofxNumber(), from, a.ofxStart(), today)
	for _, row := range a.Rows {
		kind := kinds[row.Kind]
		switch {
		case kind != "":
		case strings.HasPrefix(row.Amount, "-"):
			kind = "DEBIT"
		default:
			kind = "CREDIT"
		}
		fmt.Fprintf(&b, "<STMTTRN><TRNTYPE>%s<DTPOSTED>%s<TRNAMT>%s<FITID>%s", kind, compact(row.BookingDate), row.Amount, html.EscapeString(row.ID))
		name, memo := row.Counterparty, row.Label
		if name == "" {
			name = row.Label
		}
		fmt.Fprintf(&b, "<NAME>%s<MEMO>%s</STMTTRN>\r\n", html.EscapeString(cut(name, 32)), html.EscapeString(memo))
	}
	b.WriteString("</BANKTRANLIST>\r\n")
	if a.Balance != "" {
		fmt.Fprintf(&b, "<LEDGERBAL><BALAMT>%s<DTASOF>%s</LEDGERBAL>\r\n", a.Balance, today)
	}
	fmt.Fprintf(&b, "</%s></%s></%s>\r\n</OFX>\r\n", statement, response, set)
	return File{Name: "operations.ofx", MediaType: "application/x-ofx", Body: b.Bytes()}
}

func (a Account) ofxNumber() string {
	if a.Type == config.CreditCard {
		return "<ACCTID>" + html.EscapeString(a.number())
	}
	kind := map[config.AccountType]string{config.Savings: "SAVINGS", config.Loan: "CREDITLINE"}[a.Type]
	if kind == "" {
		kind = "CHECKING"
	}
	return "<BANKID>99991<ACCTID>" + html.EscapeString(a.number()) + "<ACCTTYPE>" + kind
}

// ofxStart is the oldest day of the rows.
func (a Account) ofxStart() string {
	oldest := a.Today.Format(time.DateOnly)
	for _, row := range a.Rows {
		oldest = min(oldest, row.BookingDate)
	}
	return compact(oldest)
}

func compact(date string) string { return strings.ReplaceAll(date, "-", "") + "120000" }

func cut(text string, length int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), length)])
}
