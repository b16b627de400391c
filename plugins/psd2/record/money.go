package record

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/tributary-dev/tributary/plugins/amount"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Money is an amount as banks write it: a text, or a number.
type Money struct {
	Currency string          `json:"currency"`
	Amount   json.RawMessage `json:"amount"`
}

// Value reads the amount.
func (m Money) Value() (string, error) {
	value, err := amount.JSON(m.Amount)
	if err != nil {
		return "", sdk.Fail(sdk.BadData, errors.New("an amount that is none"))
	}
	return value, nil
}

// In is the currency: the account's where the bank names none; empty where it is no currency.
func (m Money) In(account string) string {
	if strings.TrimSpace(m.Currency) == "" {
		return account
	}
	return Currency(m.Currency)
}

// Figure reads what a row is about. A row whose amount cannot be read is an error: leaving it out would be a hole that
// nobody sees.
func Figure(m *Money, account string) (value, currency string, err error) {
	if m == nil {
		return "", "", sdk.Fail(sdk.BadData, errors.New("a record of another shape"))
	}
	if value, err = m.Value(); err != nil {
		return "", "", err
	}
	if currency = m.In(account); currency == "" {
		return "", "", sdk.Fail(sdk.BadData, errors.New("an amount in no currency"))
	}
	return value, currency, nil
}

// Directed gives an amount the sign of the indicator beside it: one that a bank writes as well does not count.
func Directed(value, indicator string) (string, error) {
	switch strings.ToUpper(indicator) {
	case "DBIT", "DEBIT":
		return amount.Debit(value), nil
	case "CRDT", "CREDIT":
		return strings.TrimPrefix(value, "-"), nil
	}
	return "", sdk.Fail(sdk.BadData, errors.New("an amount in no direction"))
}

// Rows reads the records of a page. Those in another currency belong to another account of the same number.
func Rows(records []json.RawMessage, account string, read func(raw json.RawMessage) (sdk.Transaction, error)) ([]sdk.Transaction, error) {
	rows := make([]sdk.Transaction, 0, len(records))
	for _, raw := range records {
		row, err := read(raw)
		if err != nil {
			return nil, err
		}
		if row.Currency == account || account == AnyCurrency {
			rows = append(rows, row)
		}
	}
	return rows, nil
}
