package download

import (
	"encoding/xml"
	"strings"
	"time"
)

type camtDocument struct {
	XMLName   xml.Name `xml:"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02 Document"`
	Statement struct {
		MessageID string        `xml:"GrpHdr>MsgId"`
		Created   string        `xml:"GrpHdr>CreDtTm"`
		ID        string        `xml:"Stmt>Id"`
		CreatedAt string        `xml:"Stmt>CreDtTm"`
		IBAN      string        `xml:"Stmt>Acct>Id>IBAN,omitempty"`
		Other     string        `xml:"Stmt>Acct>Id>Othr>Id,omitempty"`
		Currency  string        `xml:"Stmt>Acct>Ccy"`
		Owner     string        `xml:"Stmt>Acct>Ownr>Nm"`
		Balances  []camtBalance `xml:"Stmt>Bal"`
		Entries   []camtEntry   `xml:"Stmt>Ntry"`
	} `xml:"BkToCstmrStmt"`
}

type camtAmount struct {
	Currency string `xml:"Ccy,attr"`
	Value    string `xml:",chardata"`
}

type camtBalance struct {
	Code      string     `xml:"Tp>CdOrPrtry>Cd"`
	Amount    camtAmount `xml:"Amt"`
	Indicator string     `xml:"CdtDbtInd"`
	Day       string     `xml:"Dt>Dt"`
}

type camtEntry struct {
	Amount    camtAmount `xml:"Amt"`
	Indicator string     `xml:"CdtDbtInd"`
	Status    string     `xml:"Sts"`
	Booked    string     `xml:"BookgDt>Dt,omitempty"`
	Valued    string     `xml:"ValDt>Dt,omitempty"`
	Reference string     `xml:"AcctSvcrRef,omitempty"`
	Code      string     `xml:"BkTxCd>Prtry>Cd"`
	Debtor    string     `xml:"NtryDtls>TxDtls>RltdPties>Dbtr>Nm,omitempty"`
	Creditor  string     `xml:"NtryDtls>TxDtls>RltdPties>Cdtr>Nm,omitempty"`
	Text      string     `xml:"NtryDtls>TxDtls>RmtInf>Ustrd"`
}

// Camt is camt.053.001.02 of ISO 20022: a statement of booked rows, with the balance at its end.
func Camt(a Account) File {
	var d camtDocument
	s, now := &d.Statement, a.Today.Format(time.DateOnly)+"T12:00:00"
	s.MessageID, s.Created, s.ID, s.CreatedAt, s.Currency, s.Owner = "CAMT053-"+a.ID, now, a.ID, now, a.Currency, a.Holder
	if s.IBAN = a.IBAN; a.IBAN == "" {
		s.Other = a.Number
	}
	if a.Balance != "" {
		amount, indicator := unsigned(a.Balance)
		s.Balances = []camtBalance{{Code: "CLBD", Amount: camtAmount{a.Currency, amount}, Indicator: indicator, Day: a.Today.Format(time.DateOnly)}}
	}
	for _, row := range a.Rows {
		amount, indicator := unsigned(row.Amount)
		e := camtEntry{
			Amount: camtAmount{row.Currency, amount}, Indicator: indicator, Status: "BOOK", Booked: row.BookingDate, Valued: row.ValueDate, Reference: row.ID, Code: strings.ToUpper(row.Kind), Text: row.Label,
		}
		if indicator == "DBIT" {
			e.Creditor = row.Counterparty
		} else {
			e.Debtor = row.Counterparty
		}
		s.Entries = append(s.Entries, e)
	}
	text, err := xml.MarshalIndent(d, "", " ")
	if err != nil {
		panic("download: a statement in memory cannot fail to be written: " + err.Error())
	}
	return File{Name: "releve.camt053.xml", MediaType: "application/xml", Body: append([]byte(xml.Header), text...)}
}

func unsigned(amount string) (digits, indicator string) {
	if digits, minus := strings.CutPrefix(amount, "-"); minus {
		return digits, "DBIT"
	}
	return amount, "CRDT"
}
