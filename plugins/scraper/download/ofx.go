package download

import (
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/notation"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

var (
	movement = regexp.MustCompile(`(?is)<STMTTRN>(.*?)(?:</STMTTRN>|<STMTTRN>|</BANKTRANLIST>)`)
	element  = regexp.MustCompile(`(?is)<([A-Z0-9.]+)>([^<\r\n]*)`)
	currency = regexp.MustCompile(`(?i)<CURDEF>\s*([A-Z]{3})`)
)

// kinds of OFX (11.4.4.3) that say something.
var kinds = map[string]sdk.TransactionType{
	"INT": sdk.TypeInterest, "DIV": sdk.TypeDividend, "FEE": sdk.TypeFee, "SRVCHG": sdk.TypeFee, "DEP": sdk.TypeDeposit, "ATM": sdk.TypeATM, "POS": sdk.TypePointOfSale,
	"CHECK": sdk.TypeCheck, "PAYMENT": sdk.TypePayment, "CASH": sdk.TypeATM, "DIRECTDEP": sdk.TypeDeposit, "DIRECTDEBIT": sdk.TypeDirectDebit, "REPEATPMT": sdk.TypeStandingOrder,
}

// ofx reads the movements of a file: of version 1, which is SGML whose elements are not closed, and of version 2, which is
// XML. What is needed of both is a name and the text behind it.
func ofx(data []byte, money string) (rows []sdk.Transaction, err error) {
	text := string(data)
	if !strings.Contains(strings.ToUpper(text), "<OFX>") {
		return nil, ErrShape
	}
	if found := currency.FindStringSubmatch(text); found != nil {
		money = strings.ToUpper(found[1])
	}
	text = strings.ReplaceAll(text, "<STMTTRN>", "</STMTTRN><STMTTRN>") // ends the one before, where nothing else does
	for _, found := range movement.FindAllStringSubmatch(text, -1) {
		parts := map[string]string{}
		for _, e := range element.FindAllStringSubmatch(found[1], -1) {
			parts[strings.ToUpper(e[1])] = strings.TrimSpace(html.UnescapeString(e[2]))
		}
		row, err := ofxRow(parts, money)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func ofxRow(parts map[string]string, money string) (sdk.Transaction, error) {
	decimal := "."
	if strings.Contains(parts["TRNAMT"], ",") {
		decimal = ","
	}
	amount, _, err := notation.Numbers{Decimal: decimal}.Amount(parts["TRNAMT"])
	if err != nil || len(parts["DTPOSTED"]) < len("20060102") {
		return sdk.Transaction{}, ErrShape
	}
	posted, err := time.Parse("20060102", parts["DTPOSTED"][:8])
	if err != nil {
		return sdk.Transaction{}, ErrShape
	}
	row := sdk.Transaction{
		BankID: parts["FITID"], Amount: amount, Currency: money, Status: sdk.Booked, BookingDate: sdk.Day(posted.Format(time.DateOnly)),
		Label: strings.TrimSpace(parts["NAME"] + " " + parts["MEMO"]), Type: kinds[strings.ToUpper(parts["TRNTYPE"])],
	}
	if user, err := time.Parse("20060102", parts["DTUSER"][:min(8, len(parts["DTUSER"]))]); err == nil {
		row.TransactionDate = sdk.Day(user.Format(time.DateOnly))
	}
	return row, nil
}
