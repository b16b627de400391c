package berlin

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/amount"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// rawRow is the bank's record of a transaction, of either kind of account.
type rawRow struct {
	ID           string          `json:"transactionId"`
	CardID       string          `json:"cardTransactionId"`
	Entry        string          `json:"entryReference"`
	EndToEnd     string          `json:"endToEndId"`
	Amount       *record.Money   `json:"transactionAmount"`
	Booking      string          `json:"bookingDate"`
	BookingTime  string          `json:"bookingDateTime"`
	Value        string          `json:"valueDate"`
	ValueTime    string          `json:"valueDateTime"`
	Purchase     string          `json:"transactionDate"`
	PurchaseTime string          `json:"acceptorTransactionDateTime"`
	Creditor     string          `json:"creditorName"`
	LastCreditor string          `json:"ultimateCreditor"`
	Debtor       string          `json:"debtorName"`
	LastDebtor   string          `json:"ultimateDebtor"`
	Text         string          `json:"remittanceInformationUnstructured"`
	Lines        []string        `json:"remittanceInformationUnstructuredArray"`
	Structured   json.RawMessage `json:"remittanceInformationStructured"`
	Structureds  json.RawMessage `json:"remittanceInformationStructuredArray"`
	More         string          `json:"additionalInformation"`
	Details      string          `json:"transactionDetails"`
	Merchant     string          `json:"merchantCategoryCode"`
	Code         string          `json:"bankTransactionCode"`
	OwnCode      string          `json:"proprietaryBankTransactionCode"`
	After        *rawBalance     `json:"balanceAfterTransaction"`
}

// rowsOf gives the rows of a page, the booked ones first.
func (s *source) rowsOf(a reading.Account, booked, pending []json.RawMessage) ([]sdk.Transaction, error) {
	if s.Bank.Has(ignorePending) {
		pending = nil
	}
	rows, err := record.Rows(booked, a.Currency, func(raw json.RawMessage) (sdk.Transaction, error) { return s.rowOf(a, raw, sdk.Booked) })
	if err != nil {
		return nil, err
	}
	waiting, err := record.Rows(pending, a.Currency, func(raw json.RawMessage) (sdk.Transaction, error) { return s.rowOf(a, raw, sdk.Pending) })
	return append(rows, waiting...), err
}

// rowOf reads one row.
func (s *source) rowOf(a reading.Account, raw json.RawMessage, status sdk.TransactionStatus) (sdk.Transaction, error) {
	var r rawRow
	if err := record.Legible(json.Unmarshal(raw, &r)); err != nil {
		return sdk.Transaction{}, sdk.Fail(sdk.BadData, errors.New("a transaction of another shape"))
	}
	value, currency, err := record.Figure(r.Amount, a.Currency)
	if err != nil {
		return sdk.Transaction{}, err
	}
	row := sdk.Transaction{
		BankID: record.Bounded(r.id()), Amount: s.signed(value, status), Currency: currency, Status: status,
		BookingDate: record.Day(r.Booking, r.BookingTime), ValueDate: record.Day(r.Value, r.ValueTime), TransactionDate: record.Day(r.Purchase, r.PurchaseTime),
		Label: r.label(), MerchantCode: record.Cut(r.Merchant, 16), EndToEndID: record.Provided(r.EndToEnd), Raw: record.Evidence(raw),
	}
	row.Counterparty = r.party(amount.Negative(row.Amount))
	row.Type = record.Kind(record.First(r.Code, r.OwnCode), r.Merchant, amount.Negative(row.Amount))
	if r.After != nil {
		row.BalanceAfter, _ = amount.JSON(r.After.Amount.Amount)
	}
	s.bend(&row)
	return row, nil
}

func (s *source) signed(value string, status sdk.TransactionStatus) string {
	if s.Bank.Has(invertedSign) {
		value = amount.Negate(value)
	}
	if status == sdk.Pending && s.Bank.Has(pendingAreDebits) {
		value = amount.Debit(value)
	}
	return value
}

// bend sets right what this bank writes in another place.
func (s *source) bend(row *sdk.Transaction) {
	if s.Bank.Has(ignoreTransactionIDs) {
		row.BankID = ""
	}
	if s.Bank.Has(swappedDates) {
		row.BookingDate, row.ValueDate = row.ValueDate, row.BookingDate
	}
	if s.Bank.Has(valueDateIsPurchase) && row.TransactionDate == "" {
		row.TransactionDate = row.ValueDate
	}
	if s.Bank.Has(pendingDateIsLatest) && row.Status == sdk.Pending {
		row.BookingDate = ""
	}
}

// id is the bank's id, or what stands for one.
func (r rawRow) id() string {
	return record.First(record.Provided(r.ID), record.Provided(r.CardID), record.Provided(r.Entry))
}

// label is the bank's text: the one that is whole, where it is given twice.
func (r rawRow) label() string {
	lines := strings.Join(slices.Compact(r.Lines), " ")
	text := r.Text
	if len(lines) > len(text) && text != "" || text == "" {
		text = lines // the plain text is cut at 140 characters where the list goes on
	}
	return record.Cut(record.First(text, referenceIn(r.Structured), referenceIn(r.Structureds), r.Details, r.More), record.MaxText)
}

// referenceIn reads a structured remittance: a text, an object with a reference, or a list of either.
func referenceIn(raw json.RawMessage) string {
	var text string
	var object struct {
		Reference string `json:"reference"`
	}
	var several []json.RawMessage
	switch {
	case len(raw) == 0:
		return ""
	case json.Unmarshal(raw, &text) == nil:
		return text
	case json.Unmarshal(raw, &object) == nil:
		return object.Reference
	case json.Unmarshal(raw, &several) != nil:
		return ""
	}
	var parts []string
	for _, one := range several {
		if reference := referenceIn(one); reference != "" && (len(one) == 0 || one[0] != '[') {
			parts = append(parts, reference)
		}
	}
	return strings.Join(parts, " ")
}

// party is who is on the other side.
func (r rawRow) party(debit bool) string {
	if debit {
		return record.Cut(record.First(r.Creditor, r.LastCreditor), record.MaxText)
	}
	return record.Cut(record.First(r.Debtor, r.LastDebtor), record.MaxText)
}
