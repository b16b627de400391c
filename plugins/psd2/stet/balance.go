package stet

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/amount"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// rawBalance is the bank's record of a balance.
type rawBalance struct{ balanceRecord }

// UnmarshalJSON forgives fields of another kind.
func (r *rawBalance) UnmarshalJSON(text []byte) error {
	return record.Legible(json.Unmarshal(text, &r.balanceRecord))
}

type balanceRecord struct {
	Amount    record.Money `json:"balanceAmount"`
	Type      string       `json:"balanceType"`
	Changed   string       `json:"lastChangeDateTime"`
	Reference string       `json:"referenceDate"`
}

// The standard's words: accounted, instant, by value date, and any other.
const (
	accounted = "CLBD"
	instant   = "XPCD"
	other     = "OTHR"
)

// balancesOf gives the balances in the account's currency. A balance that cannot be read is an error: a wrong one would be
// worse than none.
func balancesOf(bank catalogue.Bank, records []rawBalance, of sdk.Account) ([]sdk.Balance, error) {
	out := record.Balances{Currency: of.Currency}
	hasBooked := slices.ContainsFunc(records, func(r rawBalance) bool { return strings.EqualFold(r.Type, accounted) })
	for _, r := range records {
		value, err := r.Amount.Value()
		if err != nil {
			return nil, err
		}
		if of.Type == sdk.CreditCard && bank.Has(owedIsPositive) {
			value = amount.Negate(value)
		}
		out.Add(sdk.Balance{
			Type: balanceType(bank, strings.ToUpper(r.Type), of.Type == sdk.CreditCard && !hasBooked), Amount: value, Currency: r.Amount.In(of.Currency),
			AsOf: record.Instant(r.Changed, r.Reference),
		})
	}
	return out.All(), nil
}

// balanceType reads a word. A card has what is still to be debited, which the standard calls any other balance.
func balanceType(bank catalogue.Bank, word string, outstanding bool) sdk.BalanceType {
	switch {
	case word == accounted, word == other && outstanding:
		return sdk.BalanceBooked
	case word == instant && bank.Has(instantIsAvailable):
		return sdk.BalanceAvailable
	case word == instant:
		return sdk.BalanceExpected
	}
	return sdk.BalanceOther
}
