package stet

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// rawRow is the bank's record of a transaction.
type rawRow struct {
	ID         string          `json:"resourceId"`
	Entry      string          `json:"entryReference"`
	EndToEnd   string          `json:"endToEndId"`
	Amount     *record.Money   `json:"transactionAmount"`
	Indicator  string          `json:"creditDebitIndicator"`
	Status     string          `json:"status"`
	Booking    string          `json:"bookingDate"`
	Value      string          `json:"valueDate"`
	Purchase   string          `json:"transactionDate"`
	Remittance json.RawMessage `json:"remittanceInformation"`
}

// rowOf reads one row.
func (s *source) rowOf(a reading.Account, raw json.RawMessage) (sdk.Transaction, error) {
	var r rawRow
	if err := record.Legible(json.Unmarshal(raw, &r)); err != nil {
		return sdk.Transaction{}, sdk.Fail(sdk.BadData, errors.New("a transaction of another shape"))
	}
	value, currency, err := record.Figure(r.Amount, a.Currency)
	if err == nil {
		value, err = record.Directed(value, r.Indicator)
	}
	if err != nil {
		return sdk.Transaction{}, err
	}
	status, booked, valued := statusOf(r.Status), record.Day(r.Booking), record.Day(r.Value)
	if status == sdk.Pending { // the standard has a booking date for every row: of one that is not booked it is what is expected
		booked, valued = "", cmp.Or(valued, booked)
	}
	return sdk.Transaction{
		BankID: record.Bounded(r.id()), Amount: value, Currency: currency, Status: status,
		BookingDate: booked, ValueDate: valued, TransactionDate: record.Day(r.Purchase),
		Label: s.label(r.Remittance), EndToEndID: record.Provided(r.EndToEnd), Raw: record.Evidence(raw),
	}, nil
}

func (r rawRow) id() string { return record.First(record.Provided(r.ID), record.Provided(r.Entry)) }

// idOf is the bank's own name for a row.
func idOf(raw json.RawMessage) string {
	var named rawRow
	_ = json.Unmarshal(raw, &named) // whatever cannot be read has none
	return named.id()
}

func statusOf(word string) sdk.TransactionStatus {
	switch strings.ToUpper(word) {
	case "BOOK":
		return sdk.Booked
	case "PDNG":
		return sdk.Pending
	}
	return sdk.Other
}

// label is the remittance: a list of texts, since later versions below an object; some banks have a text.
func (s *source) label(raw json.RawMessage) string {
	lines := linesIn(raw)
	if s.Bank.Has(linesInAnyOrder) {
		slices.Sort(lines)
	}
	return record.Cut(strings.Join(strings.Fields(strings.Join(slices.Compact(lines), " ")), " "), record.MaxText)
}

func linesIn(raw json.RawMessage) []string {
	var lines []string
	var text string
	var object struct {
		Unstructured []string `json:"unstructured"`
	}
	switch {
	case len(raw) == 0:
		return nil
	case json.Unmarshal(raw, &lines) == nil:
		return lines
	case json.Unmarshal(raw, &text) == nil:
		return []string{text}
	case record.Legible(json.Unmarshal(raw, &object)) == nil:
		return object.Unstructured
	}
	return nil
}
