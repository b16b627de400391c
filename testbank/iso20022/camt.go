package iso20022

import (
	"cmp"
	"encoding/xml"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/ledger"
)

// The namespaces of ISO 20022's report of a day that goes on, and of its statement of booked rows.
const (
	namespace052 = "urn:iso:std:iso:20022:tech:xsd:camt.052.001.02"
	namespace053 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
)

type camtDocument struct {
	XMLName   xml.Name  `xml:"Document"`
	Namespace string    `xml:"xmlns,attr"`
	Report    *camtBody `xml:"BkToCstmrAcctRpt"`
	Statement *camtBody `xml:"BkToCstmrStmt"`
}

type camtBody struct {
	MessageID string       `xml:"GrpHdr>MsgId"`
	Made      string       `xml:"GrpHdr>CreDtTm"`
	Report    *camtAccount `xml:"Rpt"`
	Statement *camtAccount `xml:"Stmt"`
}

type camtAccount struct {
	ID       string        `xml:"Id"`
	Made     string        `xml:"CreDtTm"`
	IBAN     string        `xml:"Acct>Id>IBAN,omitempty"`
	Other    string        `xml:"Acct>Id>Othr>Id,omitempty"`
	Currency string        `xml:"Acct>Ccy"`
	Owner    string        `xml:"Acct>Ownr>Nm,omitempty"`
	Balances []camtBalance `xml:"Bal"`
	Entries  []camtEntry   `xml:"Ntry"`
}

type camtAmount struct {
	Currency string `xml:"Ccy,attr"`
	Value    string `xml:",chardata"`
}

type camtBalance struct {
	Code      string     `xml:"Tp>CdOrPrtry>Cd"`
	Amount    camtAmount `xml:"Amt"`
	Indicator string     `xml:"CdtDbtInd"`
	Date      string     `xml:"Dt>Dt"`
}

type camtEntry struct {
	Amount    camtAmount `xml:"Amt"`
	Indicator string     `xml:"CdtDbtInd"`
	Status    string     `xml:"Sts"`
	Booked    string     `xml:"BookgDt>Dt,omitempty"`
	Valued    string     `xml:"ValDt>Dt,omitempty"`
	Reference string     `xml:"AcctSvcrRef,omitempty"`
	Domain    string     `xml:"BkTxCd>Domn>Cd,omitempty"`
	Family    string     `xml:"BkTxCd>Domn>Fmly>Cd,omitempty"`
	Sub       string     `xml:"BkTxCd>Domn>Fmly>SubFmlyCd,omitempty"`
	Own       string     `xml:"BkTxCd>Prtry>Cd,omitempty"`
	Debtor    string     `xml:"NtryDtls>TxDtls>RltdPties>Dbtr>Nm,omitempty"`
	Creditor  string     `xml:"NtryDtls>TxDtls>RltdPties>Cdtr>Nm,omitempty"`
	Text      string     `xml:"NtryDtls>TxDtls>RmtInf>Ustrd"`
}

// Report is camt.052.001.02: what is booked, and what is not yet.
func Report(s ledger.Statement, rows []ledger.Row, now time.Time) []byte {
	account := camtAccountOf(s, rows, now)
	body := camtBody{MessageID: account.ID, Made: account.Made, Report: &account}
	return written(camtDocument{Namespace: namespace052, Report: &body})
}

// Statement is camt.053.001.02: of the rows it has the booked ones alone, and the booked balance, which is mandatory there.
func Statement(s ledger.Statement, rows []ledger.Row, now time.Time) []byte {
	var booked []ledger.Row
	for _, row := range rows {
		if row.BookingDate != "" {
			booked = append(booked, row)
		}
	}
	account := camtAccountOf(s, booked, now)
	for _, b := range s.Balances {
		if b.Type == "BOOKED" {
			amount, indicator := unsigned(b.Amount, b.Currency)
			account.Balances = append(account.Balances, camtBalance{Code: "CLBD", Amount: amount, Indicator: indicator, Date: b.AsOf})
		}
	}
	body := camtBody{MessageID: account.ID, Made: account.Made, Statement: &account}
	return written(camtDocument{Namespace: namespace053, Statement: &body})
}

func camtAccountOf(s ledger.Statement, rows []ledger.Row, now time.Time) camtAccount {
	a := camtAccount{ID: s.ID, Made: now.Format(time.RFC3339), IBAN: s.IBAN, Currency: s.Currency, Owner: s.Holder}
	if a.IBAN == "" {
		a.Other = cmp.Or(s.Number, s.ID)
	}
	for _, row := range rows {
		a.Entries = append(a.Entries, camtEntryOf(row))
	}
	return a
}

func camtEntryOf(row ledger.Row) camtEntry {
	e := camtEntry{Status: "BOOK", Booked: row.BookingDate, Valued: row.ValueDate, Reference: row.ID, Text: row.Label}
	if row.BookingDate == "" {
		e.Status = "PDNG"
	}
	e.Amount, e.Indicator = unsigned(row.Amount, row.Currency)
	if e.Indicator == "DBIT" {
		e.Creditor = row.Counterparty
	} else {
		e.Debtor = row.Counterparty
	}
	if code := strings.Split(Codes[row.Kind], "-"); len(code) == 3 {
		e.Domain, e.Family, e.Sub = code[0], code[1], code[2]
	} else {
		e.Own = "NTRF"
	}
	return e
}

// unsigned is how ISO 20022 writes an amount: its sign is a word.
func unsigned(amount, currency string) (camtAmount, string) {
	value, debit := strings.CutPrefix(amount, "-")
	if debit {
		return camtAmount{currency, value}, "DBIT"
	}
	return camtAmount{currency, value}, "CRDT"
}

func written(d camtDocument) []byte {
	text, err := xml.Marshal(d)
	if err != nil {
		panic("iso20022: a report cannot be written: " + err.Error())
	}
	return append([]byte(xml.Header), text...)
}
