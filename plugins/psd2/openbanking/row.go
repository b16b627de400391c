package openbanking

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/tributary-dev/tributary/plugins/amount"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// rawRow is the bank's record of a transaction.
type rawRow struct {
	ID         string        `json:"TransactionId"`
	Reference  string        `json:"TransactionReference"`
	Indicator  string        `json:"CreditDebitIndicator"`
	Status     string        `json:"Status"`
	Mutability string        `json:"TransactionMutability"`
	Booking    string        `json:"BookingDateTime"`
	Value      string        `json:"ValueDateTime"`
	Text       string        `json:"TransactionInformation"`
	Amount     *record.Money `json:"Amount"`
	Code       struct {
		Family string `json:"Code"`
		Kind   string `json:"SubCode"`
	} `json:"BankTransactionCode"`
	After struct {
		Indicator string       `json:"CreditDebitIndicator"`
		Amount    record.Money `json:"Amount"`
	} `json:"Balance"`
	Merchant struct {
		Name string `json:"MerchantName"`
		Code string `json:"MerchantCategoryCode"`
	} `json:"MerchantDetails"`
	Creditor     party `json:"CreditorAccount"`
	Debtor       party `json:"DebtorAccount"`
	LastCreditor party `json:"UltimateCreditor"`
	LastDebtor   party `json:"UltimateDebtor"`
}

type party struct {
	Name string `json:"Name"`
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
	debit := amount.Negative(value)
	row := sdk.Transaction{
		BankID: record.Bounded(record.Provided(r.ID)), EndToEndID: record.Provided(r.Reference), Amount: value, Currency: currency, Status: statusOf(r.Status),
		BookingDate: record.Day(r.Booking), ValueDate: record.Day(r.Value), Label: record.Cut(record.First(r.Text, r.Merchant.Name), record.MaxText),
		Counterparty: r.party(debit), MerchantCode: record.Cut(r.Merchant.Code, 16), Type: record.Kind(r.code(), r.Merchant.Code, debit), Raw: record.Evidence(raw),
	}
	if after, err := r.After.Amount.Value(); err == nil {
		row.BalanceAfter, _ = record.Directed(after, r.After.Indicator)
	}
	s.bend(&row, r)
	return row, nil
}

// bend leaves out what says something else at this bank.
func (s *source) bend(row *sdk.Transaction, r rawRow) {
	if s.Bank.Has(ignoreIDs) || s.Bank.Has(ignoreMutableIDs) && r.Mutability == "Mutable" {
		row.BankID = ""
	}
	if s.Bank.Has(pendingDateIsLatest) && row.Status == sdk.Pending {
		row.BookingDate = ""
	}
}

// statuses are the words of 3.1.11 and the codes of 4.0.
var statuses = map[string]sdk.TransactionStatus{
	"BOOKED": sdk.Booked, "BOOK": sdk.Booked, "PENDING": sdk.Pending, "PDNG": sdk.Pending, "FUTR": sdk.Pending, "REJECTED": sdk.Rejected, "RJCT": sdk.Rejected,
}

func statusOf(word string) sdk.TransactionStatus {
	if known, is := statuses[strings.ToUpper(word)]; is {
		return known
	}
	return sdk.Other
}

// party is who is on the other side.
func (r rawRow) party(debit bool) string {
	if debit {
		return record.Cut(record.First(r.Merchant.Name, r.Creditor.Name, r.LastCreditor.Name), record.MaxText)
	}
	return record.Cut(record.First(r.Debtor.Name, r.LastDebtor.Name, r.Merchant.Name), record.MaxText)
}

// families and families' kinds are ISO 20022's codes for the names that 3.1.11 writes. Source: External Code Sets,
// BankTransactionCodes.
var (
	families = map[string]string{
		"CUSTOMERCARDTRANSACTIONS": "CCRD", "MERCHANTCARDTRANSACTIONS": "MCRD", "COUNTERTRANSACTIONS": "CNTR",
		"RECEIVEDDIRECTDEBITS": "RDDT", "ISSUEDDIRECTDEBITS": "IDDT", "ISSUEDCHEQUES": "ICHQ", "RECEIVEDCHEQUES": "RCHQ",
		"ISSUEDCREDITTRANSFERS": "ICDT", "RECEIVEDCREDITTRANSFERS": "RCDT", "ISSUEDREALTIMECREDITTRANSFERS": "IRCT", "RECEIVEDREALTIMECREDITTRANSFERS": "RRCT",
	}
	subfamilies = map[string]string{
		"CASHWITHDRAWAL": "CWDL", "CROSSBORDERCASHWITHDRAWAL": "XBCW", "CASHDEPOSIT": "CDPT", "STANDINGORDER": "STDO",
		"INTEREST": "INTR", "CHARGES": "CHRG", "FEES": "FEES", "COMMISSION": "COMM",
	}
)

// code is the row's code in ISO 20022's letters. 3.1.11 writes names, in the singular or the plural.
func (r rawRow) code() string {
	return "PMNT-" + named(families, r.Code.Family) + "-" + named(subfamilies, r.Code.Kind)
}

func named(codes map[string]string, name string) string {
	name = strings.ToUpper(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' || r == '_' }), ""))
	for _, form := range []string{name, name + "S"} {
		if code, known := codes[form]; known {
			return code
		}
	}
	return name
}
