package desk

import (
	"slices"
	"strconv"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// Holding is one account with what is shown of its balances: nothing where the bank does not tell one.
type Holding struct {
	ledger.Account
	Booked, Expected string
	// Problem is why no balance can be shown, for now or for good.
	Problem error
}

// Holdings gives the accounts of a session. Refusals as for bank.Authorize.
func (d *Desk) Holdings(v Visit) ([]Holding, error) {
	grant, err := d.Bank.Authorize(v.Session, bank.Use{Scope: bank.ScopeAccounts, Attended: true})
	if err != nil {
		return nil, err
	}
	holdings := make([]Holding, len(grant.Accounts))
	for i, account := range grant.Accounts {
		holdings[i] = d.holding(v, account)
	}
	return holdings, nil
}

func (d *Desk) holding(v Visit, account ledger.Account) Holding {
	h := Holding{Account: account}
	statement, err := d.statement(v, account.ID, bank.ScopeBalances)
	if err != nil {
		h.Problem = err
		return h
	}
	h.Booked, h.Expected = balances(statement)
	return h
}

func (d *Desk) statement(v Visit, id string, scope bank.Scope) (ledger.Statement, error) {
	grant, err := d.Bank.Authorize(v.Session, bank.Use{Scope: scope, Account: id, Attended: true})
	if err != nil {
		return ledger.Statement{}, err
	}
	return d.Bank.Statement(grant, id)
}

// balances gives those that the feed tells.
func balances(s ledger.Statement) (booked, expected string) {
	for _, b := range s.Balances {
		switch {
		case s.Feed.Balances == config.BalancesNone:
		case b.Type == "BOOKED" && s.Feed.Balances != config.BalancesExpected:
			booked = b.Amount
		case b.Type == "EXPECTED" && s.Feed.Balances != config.BalancesBooked:
			expected = b.Amount
		}
	}
	return booked, expected
}

// Sheet is a part of the rows of an account.
type Sheet struct {
	Rows []ledger.Row
	// Page counts from 1 to Pages; Total is how many rows there are in all, First how many before these.
	Page, Pages, Total, First int
	// Problem is why no rows can be shown.
	Problem error
}

// Holding gives an account of a session by its id. Refusals as for bank.Authorize: NotFound where there is none.
func (d *Desk) Holding(v Visit, id string) (Holding, error) {
	holdings, err := d.Holdings(v)
	if err != nil {
		return Holding{}, err
	}
	i := slices.IndexFunc(holdings, func(h Holding) bool { return h.ID == id })
	if i < 0 {
		return Holding{}, &bank.Refusal{Code: bank.NotFound, Message: "There is no such account."}
	}
	return holdings[i], nil
}

// Sheet gives one page of the rows of an account.
func (d *Desk) Sheet(v Visit, id string, page int) Sheet {
	statement, err := d.statement(v, id, bank.ScopeTransactions)
	if err != nil {
		return Sheet{Problem: err}
	}
	size, total := d.Bank.File.Bank.PageSize, len(statement.Transactions)
	s := Sheet{Page: max(page, 1), Pages: max((total+size-1)/size, 1), Total: total}
	begin := min((s.Page-1)*size, total)
	first := begin
	if statement.Feed.RepeatLast && begin > 0 {
		first--
	}
	s.First = first
	s.Rows = statement.Transactions[first:min(begin+size, total)]
	return s
}

// Row gives one row of an account by its place, counted from 1. Refusals as for bank.Authorize; NotFound.
func (d *Desk) Row(v Visit, id, place string) (ledger.Row, error) {
	statement, err := d.statement(v, id, bank.ScopeTransactions)
	if err != nil {
		return ledger.Row{}, err
	}
	at, err := strconv.Atoi(place)
	if err != nil || at < 1 || at > len(statement.Transactions) {
		return ledger.Row{}, &bank.Refusal{Code: bank.NotFound, Message: "There is no such row."}
	}
	return statement.Transactions[at-1], nil
}
