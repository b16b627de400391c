package httpapi

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type balanceView struct {
	Type           string     `json:"type" example:"BOOKED" doc:"BOOKED, EXPECTED, AVAILABLE or OTHER; more may come."`
	Amount         amountView `json:"amount" doc:"Money owed is negative."`
	AsOf           *time.Time `json:"as_of" doc:"When it was right; null where the bank does not say."`
	CreditIncluded bool       `json:"credit_included" doc:"Whether a credit limit is part of the amount."`
}

func showBalance(b ledger.Balance) balanceView {
	return balanceView{Type: string(b.Type), Amount: amount(b.Amount), AsOf: moment(b.AsOf), CreditIncluded: b.CreditIncluded}
}

type accountChange struct {
	Name *string `json:"name,omitempty" maxLength:"200" example:"Household" doc:"What the user calls it; an empty text gives the bank's name back."`
}

type (
	balanceList        struct{ Body list[balanceView] }
	changeAccountInput struct {
		ID   string `path:"id" doc:"An account's id." example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body accountChange
	}
)

func (a api) getBalances(ctx context.Context, p usecase.Principal, in *accountPath) (*balanceList, error) {
	found, err := a.Ledger.Account(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &balanceList{list[balanceView]{Data: each(found.Balances, showBalance)}}, nil
}

func (a api) changeAccount(ctx context.Context, p usecase.Principal, in *changeAccountInput) (*oneAccount, error) {
	changed, err := a.Accounts.Change(ctx, p, in.ID, usecase.AccountChange{Name: in.Body.Name})
	if err != nil {
		return nil, err
	}
	return &oneAccount{showAccount(changed)}, nil
}

type migrateAccountInput struct {
	ID   string `path:"id" doc:"An account's id." example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	Body struct {
		To string `json:"to" maxLength:"64" example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h7" doc:"The same account, as another channel or provider shows it."`
	}
}

func (a api) migrateAccount(ctx context.Context, p usecase.Principal, in *migrateAccountInput) (*oneAccount, error) {
	moved, err := a.Accounts.Migrate(ctx, p, in.ID, in.Body.To)
	if err != nil {
		return nil, err
	}
	return &oneAccount{showAccount(moved)}, nil
}

func (a api) deleteAccount(ctx context.Context, p usecase.Principal, in *accountPath) (*nothing, error) {
	return nil, a.Accounts.Delete(ctx, p, in.ID)
}
