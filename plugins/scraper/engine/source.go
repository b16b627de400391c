package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/scraper/notation"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Use takes the session for a fetch, and gives it back with release: reading is one after the other.
func (s *Session) Use() (release func()) {
	s.using.Lock()
	return s.using.Unlock
}

// Fetch reads what is asked.
func (s *Session) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	defer s.Use()()
	return s.typed(reading.Run(ctx, source{s}, req, s.now(), sink))
}

// source shows a session to the order of a fetch.
type source struct{ *Session }

// detail is what transactions are found by.
type detail map[string]string

// Accounts implements reading.Source.
func (s source) Accounts(ctx context.Context) (all []reading.Account, err error) {
	for i, each := range s.recipe.Accounts {
		scope := s.scope()
		err := s.read(ctx, part("accounts", i), each, scope, func(rows []row) (bool, error) {
			for n, raw := range rows {
				a, counts, err := s.account(each, raw, n+1, scope)
				if err != nil {
					return false, err
				}
				if counts {
					a.Ref = "account-" + cmp.Or(a.BankID, a.IBAN)
					all = append(all, a)
				}
			}
			return true, nil
		})
		if err != nil {
			return nil, s.typed(understood(err))
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(a reading.Account) bool { // one that two lists show is one
		twice := seen[a.BankID]
		seen[a.BankID] = true
		return twice
	}), nil
}

// understood makes a row that cannot be read the failure that it is.
func understood(err error) error {
	var row *unread
	switch {
	case errors.As(err, &row):
		return sdk.Fail(sdk.BadData, err)
	case errors.Is(err, errAgain):
		return sdk.Fail(sdk.SessionLost, err)
	}
	return err
}

// account reads a row as an account.
func (s source) account(from recipe.Source, raw row, number int, scope recipe.Scope) (a reading.Account, counts bool, err error) {
	scope.Row = raw
	p := parts{session: s.Session, source: from, raw: raw, scope: scope, number: number}
	if counts, err = from.Where.Holds(scope); err != nil || !counts {
		return a, false, err
	}
	known := detail{}
	for name := range from.Fields {
		if known[name], err = p.of(name); err != nil {
			return a, false, err
		}
	}
	iban := strings.ToUpper(strings.Join(strings.Fields(known["iban"]), ""))
	a.Account = sdk.Account{
		BankID: cmp.Or(known["id"], iban, known["number"]), StableID: true, IBAN: iban, Number: known["number"], Name: known["name"], Holder: known["holder"],
		Type: sdk.AccountType(known["type"]), Status: sdk.AccountStatus(cmp.Or(known["status"], string(sdk.AccountOpen))), Raw: evidence(raw),
	}
	if known["parent"] != "" {
		a.Parent = "account-" + known["parent"]
	}
	if a.BankID == "" {
		return a, false, &unread{number, "id", errors.New("there is none")}
	}
	if !slices.Contains(s.recipe.AccountTypes, known["type"]) {
		return a, false, &unread{number, "type", errors.New("is not among account_types")}
	}
	if a.Balances, a.Currency, err = s.balances(p, known["currency"]); err != nil {
		return a, false, err
	}
	if limit, _, err := p.amount("limit"); err == nil && limit != "" {
		a.CreditLimit = strings.TrimPrefix(limit, "-")
	}
	a.Detail = known
	return a, true, nil
}

// balances are those that stand in the list.
func (s source) balances(p parts, written string) (all []sdk.Balance, currency string, err error) {
	all = []sdk.Balance{}
	asOf, err := p.day("as_of")
	if err != nil {
		return nil, "", err
	}
	at, _ := time.Parse(time.DateOnly, string(asOf))
	for _, kind := range []struct {
		field string
		is    sdk.BalanceType
	}{{"balance", sdk.BalanceBooked}, {"expected", sdk.BalanceExpected}, {"available", sdk.BalanceAvailable}} {
		amount, beside, err := p.amount(kind.field)
		if err != nil {
			return nil, "", err
		}
		currency = cmp.Or(currency, beside)
		if amount == "" {
			continue
		}
		if p.source.Inverted {
			amount = notation.Negate(amount)
		}
		all = append(all, sdk.Balance{Type: kind.is, Amount: amount, AsOf: at})
	}
	currency = cmp.Or(written, currency, s.recipe.Locale.Currency)
	for i := range all {
		all[i].Currency = currency
	}
	return all, currency, nil
}

// Balances implements reading.Source: they stand in the list of accounts.
func (s source) Balances(_ context.Context, a reading.Account) ([]sdk.Balance, error) {
	return a.Balances, nil
}
