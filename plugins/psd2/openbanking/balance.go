package openbanking

import (
	"cmp"
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
	Indicator string       `json:"CreditDebitIndicator"`
	Type      string       `json:"Type"`
	At        string       `json:"DateTime"`
	Amount    record.Money `json:"Amount"`
	Lines     []struct {
		Included bool `json:"Included"`
	} `json:"CreditLine"`
}

// balanceTypes are the words of 3.1.11, in small letters, and the codes of 4.0; other words are another balance.
var balanceTypes = map[string]sdk.BalanceType{
	"closingbooked": sdk.BalanceBooked, "interimbooked": sdk.BalanceBooked, "clbd": sdk.BalanceBooked, "itbd": sdk.BalanceBooked,
	"expected": sdk.BalanceExpected, "xpcd": sdk.BalanceExpected,
	"closingavailable": sdk.BalanceAvailable, "interimavailable": sdk.BalanceAvailable, "forwardavailable": sdk.BalanceAvailable,
	"clav": sdk.BalanceAvailable, "itav": sdk.BalanceAvailable, "fwav": sdk.BalanceAvailable,
}

// balancesOf gives the balances in the account's currency. A balance that cannot be read is an error: a wrong one would be
// worse than none.
func balancesOf(bank catalogue.Bank, records []rawBalance, of sdk.Account) ([]sdk.Balance, error) {
	out := record.Balances{Currency: of.Currency}
	for _, r := range records {
		value, err := r.Amount.Value()
		if err == nil {
			value, err = record.Directed(value, r.Indicator)
		}
		if err != nil {
			return nil, err
		}
		if of.Type == sdk.CreditCard && bank.Has(owedIsPositive) {
			value = amount.Negate(value)
		}
		out.Add(sdk.Balance{
			Type: cmp.Or(balanceTypes[strings.ToLower(r.Type)], sdk.BalanceOther), Amount: value, Currency: r.Amount.In(of.Currency), AsOf: record.Instant(r.At, ""),
			CreditIncluded: slices.ContainsFunc(r.Lines, func(line struct {
				Included bool `json:"Included"`
			}) bool {
				return line.Included
			}),
		})
	}
	return out.All(), nil
}
