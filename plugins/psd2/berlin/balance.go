package berlin

import (
	"cmp"
	"encoding/json"
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
	Amount         record.Money    `json:"balanceAmount"`
	Type           string          `json:"balanceType"`
	CreditIncluded json.RawMessage `json:"creditLimitIncluded"`
	Changed        string          `json:"lastChangeDateTime"`
	Reference      string          `json:"referenceDate"`
}

// balanceTypes are the standard's words, in small letters; other words are another balance.
var balanceTypes = map[string]sdk.BalanceType{
	"closingbooked": sdk.BalanceBooked, "interimbooked": sdk.BalanceBooked, "expected": sdk.BalanceExpected,
	"interimavailable": sdk.BalanceAvailable, "forwardavailable": sdk.BalanceAvailable,
}

func (s *source) balancesOf(records []rawBalance, at detail, currency string) ([]sdk.Balance, error) {
	return balancesOf(s.Bank, records, at, currency)
}

// balancesOf gives the balances in the account's currency. A balance that cannot be read is an error: a wrong one would be
// worse than none.
func balancesOf(bank catalogue.Bank, records []rawBalance, at detail, currency string) ([]sdk.Balance, error) {
	out := record.Balances{Currency: currency}
	for _, r := range records {
		value, err := r.Amount.Value()
		if err != nil {
			return nil, err
		}
		b := sdk.Balance{Type: balanceTypes[lower(r.Type)], Amount: value, Currency: r.Amount.In(currency), AsOf: record.Instant(r.Changed, r.Reference), CreditIncluded: lower(strings.Trim(string(r.CreditIncluded), `"`)) == "true"}
		b.Type = cmp.Or(b.Type, sdk.BalanceOther)
		if b.Type == sdk.BalanceAvailable && bank.Has(availableIsCredit) {
			b.Type, b.CreditIncluded = sdk.BalanceOther, true
		}
		if at.kind == cardAccounts && bank.Has(owedIsPositive) && !b.CreditIncluded {
			b.Amount = amount.Negate(b.Amount)
		}
		out.Add(b)
	}
	return out.All(), nil
}
