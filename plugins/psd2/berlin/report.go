package berlin

import (
	"context"
	"mime"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/statement"
)

// accepts is the type of content to ask for. The standard has JSON alone for cards.
func (s *source) accepts(kind string) string {
	switch {
	case kind == cardAccounts:
		return jsonType
	case s.Bank.Accounts.Reports == "camt":
		return "application/xml"
	case s.Bank.Accounts.Reports == "mt940":
		return "text/plain"
	}
	return jsonType
}

// report reads one answer with transactions: a page of JSON, or a whole report in another form, by what the bank says it
// is and not by what was asked for.
func (s *source) report(ctx context.Context, a reading.Account, to *url.URL) (page report, whole []sdk.Transaction, err error) {
	answer, err := s.send(ctx, s.get(call{to: to, accept: s.accepts(detailOf(a).kind)}))
	if err != nil || answer.Empty() {
		return page, nil, err
	}
	media, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	var rows []sdk.Transaction
	switch media {
	case "application/xml", "text/xml":
		rows, err = statement.Camt(answer.Body, typed)
	case "text/plain":
		rows, err = statement.MT940(readable(answer.Body))
	default:
		return page, nil, answer.Decode(&page)
	}
	if err != nil {
		return page, nil, sdk.Fail(sdk.BadData, err)
	}
	return page, s.ofReport(a, rows), nil
}

// ofReport bounds the rows of a report and bends them as this bank needs it.
func (s *source) ofReport(a reading.Account, rows []sdk.Transaction) []sdk.Transaction {
	kept := make([]sdk.Transaction, 0, len(rows))
	for _, row := range rows {
		if row.Currency != a.Currency && a.Currency != record.AnyCurrency || row.Status == sdk.Pending && s.Bank.Has(ignorePending) {
			continue
		}
		row.Amount = s.signed(row.Amount, row.Status)
		row.BankID, row.EndToEndID = record.Bounded(record.Provided(row.BankID)), record.Bounded(row.EndToEndID)
		row.Label, row.Counterparty = record.Cut(row.Label, record.MaxText), record.Cut(row.Counterparty, record.MaxText)
		row.BookingDate, row.ValueDate = record.Day(string(row.BookingDate)), record.Day(string(row.ValueDate))
		s.bend(&row)
		kept = append(kept, row)
	}
	return kept
}

func typed(code string, debit bool) sdk.TransactionType { return record.Kind(code, "", debit) }

// readable gives a text whose letters are UTF-8: what is none is ISO 8859-1, as SWIFT's texts mostly are.
func readable(body []byte) string {
	if utf8.Valid(body) {
		return string(body)
	}
	var out strings.Builder
	for _, b := range body {
		out.WriteRune(rune(b))
	}
	return out.String()
}
