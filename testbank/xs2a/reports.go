package xs2a

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// downloads is where whole reports are, beside the standard's own paths.
const downloads = "/xs2a/downloads/"

// media are the types of content of the forms that are not JSON.
var media = map[config.Reports]string{config.ReportsCamt: "application/xml", config.ReportsMT940: "text/plain"}

// otherwise answers in the form that this bank tells transactions in, where that is not JSON in pages.
func (x *Interface) otherwise(w http.ResponseWriter, r *http.Request, s ledger.Statement, want wanted) bool {
	form := x.bank.File.Bank.Reports
	if form == config.ReportsJSON {
		return false
	}
	if form == config.ReportsDownload {
		kind := strings.Split(strings.TrimPrefix(r.URL.Path, "/xs2a/v1/"), "/")[0]
		reply.JSON(w, http.StatusOK, map[string]any{"_links": map[string]any{"download": href(reply.Prefix(r) + downloads + kind + "/" + s.ID + "?" + r.URL.RawQuery)}})
		return true
	}
	if accept := r.Header.Get("Accept"); !strings.Contains(accept, media[form]) && !strings.Contains(accept, "*/*") {
		fail(w, problem{http.StatusNotAcceptable, "REQUESTED_FORMATS_INVALID", "Transactions are told as " + media[form] + " only."})
		return true
	}
	var rows []ledger.Row
	for _, row := range s.Transactions {
		if want.shows(row) {
			rows = append(rows, row)
		}
	}
	w.Header().Set("Content-Type", media[form]+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	text := mt940(s, rows)
	if form == config.ReportsCamt {
		text = camt(s, rows)
	}
	_, _ = w.Write(text) // a caller that is gone is told nothing
	return true
}

// download is a whole report at once.
func (x *Interface) download(w http.ResponseWriter, r *http.Request, who caller) {
	if want, s, ok := x.wanted(w, r, who); ok {
		x.page(w, r, s, want, len(s.Transactions)+1)
	}
}

type camtDocument struct {
	XMLName xml.Name `xml:"urn:iso:std:iso:20022:tech:xsd:camt.052.001.02 Document"`
	Report  struct {
		MessageID string      `xml:"GrpHdr>MsgId"`
		Entries   []camtEntry `xml:"Rpt>Ntry"`
	} `xml:"BkToCstmrAcctRpt"`
}

type camtEntry struct {
	Amount struct {
		Currency string `xml:"Ccy,attr"`
		Value    string `xml:",chardata"`
	} `xml:"Amt"`
	Indicator string `xml:"CdtDbtInd"`
	Status    string `xml:"Sts"`
	Booked    string `xml:"BookgDt>Dt,omitempty"`
	Valued    string `xml:"ValDt>Dt,omitempty"`
	Reference string `xml:"AcctSvcrRef"`
	Domain    string `xml:"BkTxCd>Domn>Cd,omitempty"`
	Family    string `xml:"BkTxCd>Domn>Fmly>Cd,omitempty"`
	Sub       string `xml:"BkTxCd>Domn>Fmly>SubFmlyCd,omitempty"`
	Debtor    string `xml:"NtryDtls>TxDtls>RltdPties>Dbtr>Nm,omitempty"`
	Creditor  string `xml:"NtryDtls>TxDtls>RltdPties>Cdtr>Nm,omitempty"`
	Text      string `xml:"NtryDtls>TxDtls>RmtInf>Ustrd"`
}

// camt is camt.052.001.02 of ISO 20022.
func camt(s ledger.Statement, rows []ledger.Row) []byte {
	var d camtDocument
	d.Report.MessageID = s.ID
	for _, row := range rows {
		e := camtEntry{Status: "BOOK", Booked: row.BookingDate, Valued: row.ValueDate, Reference: row.ID, Text: row.Label, Indicator: "CRDT", Debtor: row.Counterparty}
		if row.BookingDate == "" {
			e.Status = "PDNG"
		}
		e.Amount.Currency, e.Amount.Value = row.Currency, strings.TrimPrefix(row.Amount, "-")
		if strings.HasPrefix(row.Amount, "-") {
			e.Indicator, e.Debtor, e.Creditor = "DBIT", "", row.Counterparty
		}
		if code := strings.Split(codes[row.Kind], "-"); len(code) == 3 {
			e.Domain, e.Family, e.Sub = code[0], code[1], code[2]
		}
		d.Report.Entries = append(d.Report.Entries, e)
	}
	text, err := xml.Marshal(d)
	if err != nil {
		panic("xs2a: a report cannot be written: " + err.Error())
	}
	return append([]byte(xml.Header), text...)
}

// mt940 is SWIFT's statement, with field 86 as German banks write it. It has booked rows only.
func mt940(s ledger.Statement, rows []ledger.Row) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, ":20:STARTUMS\r\n:25:%s\r\n:28C:00001/001\r\n:60F:C260101%s0,00\r\n", s.ID, s.Currency)
	for _, row := range rows {
		if row.BookingDate == "" {
			continue
		}
		value := row.ValueDate
		if value == "" {
			value = row.BookingDate
		}
		sign := "C"
		if strings.HasPrefix(row.Amount, "-") {
			sign = "D"
		}
		id := row.ID
		if len(id) > 16 { // as long as SWIFT lets a reference be
			id = id[:16]
		}
		fmt.Fprintf(&b, ":61:%s%s%s%sNMSCNONREF//%s\r\n", short(value, "060102"), short(row.BookingDate, "0102"), sign, strings.Replace(strings.TrimPrefix(row.Amount, "-"), ".", ",", 1), id)
		fmt.Fprintf(&b, ":86:166?00UMSATZ?20%s", row.Label)
		if row.Counterparty != "" {
			b.WriteString("?32" + row.Counterparty)
		}
		b.WriteString("\r\n")
	}
	fmt.Fprintf(&b, ":62F:C260101%s0,00\r\n-\r\n", s.Currency)
	return []byte(b.String())
}

func short(day, layout string) string {
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return on.Format(layout)
}
