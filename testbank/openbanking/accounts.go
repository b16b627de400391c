package openbanking

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// kinds are the standard's words for accounts: 3.1 first, then ISO 20022's.
var kinds = map[config.AccountType][2]string{
	config.Checkings: {"CurrentAccount", "CACC"}, config.Savings: {"Savings", "SVGS"}, config.Loan: {"Loan", "LOAN"}, config.CreditCard: {"CreditCard", "CARD"},
}

// listAccounts tells all accounts of a consent, or the one that is named.
func listAccounts(c *call) {
	r, ok := c.reads(wanted{scope: bank.ScopeAccounts, place: "accounts", anyOf: []string{accountsBasic, accountsDetail}})
	if !ok {
		return
	}
	list := []map[string]any{}
	for _, a := range r.accounts {
		list = append(list, c.account(a, slices.Contains(r.intent.Permissions, accountsDetail)))
	}
	c.tell(http.StatusOK, map[string]any{"Account": list}, nil)
}

// account tells one; what identifies it is a detail.
func (c *call) account(a ledger.Account, detail bool) map[string]any {
	out := map[string]any{"AccountId": a.ID, "Currency": a.Currency, "Nickname": cut(a.Name, 70), "Status": "Enabled"}
	if a.Status == ledger.Closed {
		out["Status"] = "Deleted"
	}
	if c.v.codes == nil {
		out["AccountType"], out["AccountSubType"] = "Personal", kinds[a.Type][0]
	} else {
		out["AccountCategory"], out["AccountTypeCode"] = "Personal", kinds[a.Type][1]
	}
	if detail {
		out["Account"] = identifications(a)
	}
	return out
}

// british is an IBAN with a sort code in it.
var british = regexp.MustCompile(`^GB\d{2}[A-Z]{4}(\d{14})$`)

// identifications are the numbers of an account, with their schemes.
func identifications(a ledger.Account) []map[string]string {
	one := func(scheme, number string) map[string]string {
		return map[string]string{"SchemeName": "UK.OBIE." + scheme, "Identification": number, "Name": cut(a.Holder, 350)}
	}
	found := british.FindStringSubmatch(a.IBAN)
	switch {
	case found != nil:
		return []map[string]string{one("SortCodeAccountNumber", found[1]), one("IBAN", a.IBAN)}
	case a.IBAN != "":
		return []map[string]string{one("IBAN", a.IBAN)}
	case a.Type == config.CreditCard:
		return []map[string]string{one("PAN", a.Number)}
	}
	return []map[string]string{one("BBAN", a.Number)}
}

// listBalances tells the balances of one account, or of all.
func listBalances(c *call) {
	r, ok := c.reads(wanted{scope: bank.ScopeBalances, place: "balances", anyOf: []string{balancesRead}})
	if !ok {
		return
	}
	list := []map[string]any{}
	statements, ok := c.statements(r)
	for _, s := range statements {
		for _, b := range s.Balances {
			direction := indicator(b.Amount)
			if s.Type == config.CreditCard && c.x.switches().Owed == config.OBOwedPositive {
				direction = map[string]string{"Debit": "Credit", "Credit": "Debit"}[direction]
			}
			out := map[string]any{
				"AccountId": s.ID, "Type": c.v.balances[b.Type], "CreditDebitIndicator": direction, "DateTime": instant(b.AsOf), "Amount": money(b.Amount, b.Currency),
			}
			if s.CreditLimit != "" {
				out["CreditLine"] = []map[string]any{{"Included": false, "Type": "Credit", "Amount": money(s.CreditLimit, s.Currency)}}
			}
			list = append(list, out)
		}
	}
	if ok {
		c.tell(http.StatusOK, map[string]any{"Balance": list}, nil)
	}
}

// indicator is the word for a sign, because amounts have none.
func indicator(amount string) string {
	if strings.HasPrefix(amount, "-") {
		return "Debit"
	}
	return "Credit"
}

func money(amount, currency string) map[string]string {
	return map[string]string{"Amount": strings.TrimPrefix(amount, "-"), "Currency": currency}
}

// instant is a day as the standard writes it: all its dates have a time and a zone.
func instant(day string) string {
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return on.Format(time.RFC3339)
}
