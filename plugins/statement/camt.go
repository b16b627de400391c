// Package statement owns account reports that are not JSON: camt.052 and camt.053 of ISO 20022, and MT940 of SWIFT, as
// banks send them where they send nothing else.
//
// It knows no standard of interfaces. It is written here because Go has no kept library for either; encoding/xml reads
// the one, the other is lines. Invariants: amounts go from text to text; a row that cannot be read is an error, because
// leaving it out would be a hole that nobody sees.
package statement

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/tributary-dev/tributary/plugins/amount"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// ErrShape says that a report cannot be read.
var ErrShape = errors.New("a report of another shape")

// entry is Ntry of camt.052.001.02 to .08: the versions differ in where the status and the names stand.
type entry struct {
	Amount struct {
		Value    string `xml:",chardata"`
		Currency string `xml:"Ccy,attr"`
	} `xml:"Amt"`
	Indicator string `xml:"CdtDbtInd"`
	Reversal  string `xml:"RvslInd"`
	Status    struct {
		Text string `xml:",chardata"`
		Code string `xml:"Cd"`
	} `xml:"Sts"`
	Booking   moment `xml:"BookgDt"`
	Value     moment `xml:"ValDt"`
	Reference string `xml:"AcctSvcrRef"`
	NtryRef   string `xml:"NtryRef"`
	Code      struct {
		Domain string `xml:"Domn>Cd"`
		Family string `xml:"Domn>Fmly>Cd"`
		Sub    string `xml:"Domn>Fmly>SubFmlyCd"`
	} `xml:"BkTxCd"`
	Details []details `xml:"NtryDtls>TxDtls"`
	More    string    `xml:"AddtlNtryInf"`
}

type moment struct {
	Day  string `xml:"Dt"`
	Time string `xml:"DtTm"`
}

type details struct {
	EndToEnd  string   `xml:"Refs>EndToEndId"`
	Reference string   `xml:"Refs>AcctSvcrRef"`
	Creditor  party    `xml:"RltdPties>Cdtr"`
	Debtor    party    `xml:"RltdPties>Dbtr"`
	Lines     []string `xml:"RmtInf>Ustrd"`
	Struct    []string `xml:"RmtInf>Strd>CdtrRefInf>Ref"`
	More      string   `xml:"AddtlTxInf"`
}

// party has its name at once, or below Pty since version 08.
type party struct {
	Name  string `xml:"Nm"`
	Inner string `xml:"Pty>Nm"`
}

// Camt reads the entries of all reports of a document.
func Camt(text []byte, kindOf func(code string, debit bool) sdk.TransactionType) (rows []sdk.Transaction, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	found := false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, ErrShape
		}
		start, isStart := token.(xml.StartElement)
		if !isStart {
			continue
		}
		switch start.Name.Local {
		case "BkToCstmrAcctRpt", "BkToCstmrStmt":
			found = true
		case "Ntry":
			var e entry
			if err := decoder.DecodeElement(&e, &start); err != nil {
				return nil, ErrShape
			}
			row, err := e.row(kindOf)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	if !found {
		return nil, ErrShape
	}
	return rows, nil
}

func (e entry) row(kindOf func(code string, debit bool) sdk.TransactionType) (sdk.Transaction, error) {
	value, err := amount.Parse(e.Amount.Value)
	currency := strings.TrimSpace(e.Amount.Currency)
	if err != nil || amount.Negative(value) || len(currency) != 3 {
		return sdk.Transaction{}, ErrShape
	}
	// The indicator is that of the entry itself, of a reversal too (ISO 20022, RvslInd).
	debit := strings.TrimSpace(e.Indicator) == "DBIT"
	if !debit && strings.TrimSpace(e.Indicator) != "CRDT" {
		return sdk.Transaction{}, ErrShape
	}
	if debit {
		value = amount.Debit(value)
	}
	row := sdk.Transaction{Amount: value, Currency: strings.ToUpper(currency), Status: e.status(), BookingDate: e.Booking.day(), ValueDate: e.Value.day()}
	e.describe(&row, debit)
	if kindOf != nil {
		row.Type = kindOf(strings.Trim(strings.Join([]string{e.Code.Domain, e.Code.Family, e.Code.Sub}, "-"), "-"), debit)
	}
	return row, nil
}

// describe takes what stands in the details. An entry of several is a collection: the bank books it as one.
func (e entry) describe(row *sdk.Transaction, debit bool) {
	row.BankID = first(e.Reference, e.NtryRef)
	row.Label = squeeze(e.More)
	if len(e.Details) != 1 {
		return
	}
	d := e.Details[0]
	row.BankID = first(e.Reference, d.Reference, e.NtryRef)
	row.Label = first(squeeze(strings.Join(d.Lines, " ")), squeeze(strings.Join(d.Struct, " ")), squeeze(d.More), row.Label)
	other := d.Debtor
	if debit {
		other = d.Creditor
	}
	row.Counterparty = first(other.Name, other.Inner)
	if id := strings.TrimSpace(d.EndToEnd); id != "NOTPROVIDED" {
		row.EndToEndID = id
	}
}

func (e entry) status() sdk.TransactionStatus {
	switch first(e.Status.Code, e.Status.Text) {
	case "BOOK":
		return sdk.Booked
	case "PDNG", "FUTR":
		return sdk.Pending
	}
	return sdk.Other
}

func (m moment) day() sdk.Day {
	text := first(m.Day, m.Time)
	if len(text) < len("2006-01-02") {
		return ""
	}
	return sdk.Day(text[:len("2006-01-02")])
}

func first(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }
