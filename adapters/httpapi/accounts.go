package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type accountView struct {
	ID            string              `json:"id" example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The account's id: ours, and never changed."`
	ConnectionID  string              `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Where it is read."`
	UserID        string              `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose account it is."`
	Type          string              `json:"type" example:"CHECKINGS" doc:"CHECKINGS, SAVINGS, LOAN or CREDIT_CARD; more may come."`
	Status        string              `json:"status" enum:"ACTIVE,ERROR,NOT_FOUND,CLOSED,SUSPENDED,PENDING_CONSENT" doc:"Where it stands."`
	Name          string              `json:"name" example:"Current account" doc:"What the user calls it, or else the bank."`
	Holder        *string             `json:"holder" example:"Ada Lovelace" doc:"Whose name the bank tells."`
	IBAN          *string             `json:"iban" example:"FR7630006000011234567890189" doc:"Null where it has none."`
	Number        *string             `json:"number" example:"****4242" doc:"The bank's number, masked for cards."`
	Currency      *string             `json:"currency" example:"EUR" doc:"ISO 4217."`
	Balance       *optionalAmountView `json:"balance" doc:"Money owed is negative; null where the bank tells none."`
	BalanceAsOf   *time.Time          `json:"balance_as_of" doc:"When the balance was right."`
	CreditLimit   *optionalAmountView `json:"credit_limit" doc:"Null where there is none."`
	SharedBy      []string            `json:"shared_by" example:"testbank-web" doc:"The channel definitions that show it."`
	Supersedes    *string             `json:"supersedes" example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h5" doc:"The deleted account that this one brings back."`
	SameAs        []string            `json:"same_as" example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h9" doc:"The user's other accounts that are this one, seen through another connection: count them once."`
	LastSuccessAt *time.Time          `json:"last_success_at" doc:"When it was last read to the end."`
	LastAttemptAt *time.Time          `json:"last_attempt_at" doc:"When we last tried."`
	NextTryAt     *time.Time          `json:"next_try_at" doc:"When we try next."`
	History       string              `json:"history" enum:"NONE,RECENT,COMPLETE" doc:"How far back its transactions were read. RECENT: about 90 days; what is older is read with the user, because banks give it only shortly after an authentication."`
}

func showAccount(a ledger.Account) accountView {
	return accountView{
		ID: string(a.ID), ConnectionID: string(a.ConnectionID), UserID: string(a.UserID), Type: string(a.Type), Status: string(a.Status),
		Name: a.ShownName(), Supersedes: known(a.Supersedes), Holder: known(a.Holder), IBAN: known(a.IBAN), Number: known(a.Number), Currency: known(a.Currency),
		Balance: optionalAmount(a.Balance), BalanceAsOf: moment(a.BalanceAsOf), CreditLimit: optionalAmount(a.CreditLimit),
		SharedBy: append([]string{}, a.SharedBy...), SameAs: each(a.SameAs, func(id ident.Account) string { return string(id) }), LastSuccessAt: moment(a.LastSuccessAt), LastAttemptAt: moment(a.LastAttemptAt),
		NextTryAt: moment(a.NextTryAt), History: historyOf(a.History),
	}
}

// historyOf leaves out by which channel the rest was read.
func historyOf(h ledger.History) string {
	switch h {
	case ledger.Unread:
		return "NONE"
	case ledger.Moved:
		return string(ledger.Recent)
	}
	return string(h)
}

type (
	accountPath struct {
		ID string `path:"id" doc:"An account's id." example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneAccount        struct{ Body accountView }
	accountList       struct{ Body list[accountView] }
	listAccountsInput struct {
		PageParams
		UserParam
		ConnectionID string `query:"connection_id" doc:"Only those of this connection."`
		Type         string `query:"type" enum:"CHECKINGS,SAVINGS,LOAN,CREDIT_CARD" doc:"Only those of this type."`
		Status       string `query:"status" enum:"ACTIVE,ERROR,NOT_FOUND,CLOSED,SUSPENDED,PENDING_CONSENT" doc:"Only those with this status."`
	}
)

func (a api) accounts() {
	add(a, operation{
		ID: "list-accounts", Method: http.MethodGet, Path: "/v1/accounts", Tag: tagAccounts,
		Summary: "List accounts", Text: "In the order in which they were first seen.",
		Who: holding(client.AccountsRead), Errors: []int{http.StatusNotFound},
	}, a.listAccounts)
	add(a, operation{
		ID: "get-account", Method: http.MethodGet, Path: "/v1/accounts/{id}", Tag: tagAccounts, Tagged: true,
		Summary: "Get an account", Text: "With its balance, and how fresh that is.",
		Who: holding(client.AccountsRead), Errors: []int{http.StatusNotFound},
	}, a.getAccount)
	add(a, operation{
		ID: "get-balances", Method: http.MethodGet, Path: "/v1/accounts/{id}/balances", Tag: tagAccounts,
		Summary: "Get all balances of an account", Text: "As the bank tells them, each with what it counts.",
		Who: holding(client.AccountsRead), Errors: []int{http.StatusNotFound},
	}, a.getBalances)
	add(a, operation{
		ID: "get-balance-history", Method: http.MethodGet, Path: "/v1/accounts/{id}/balances/history", Tag: tagAccounts,
		Summary: "Get the history of an account's balances", Text: "Newest first: what each synchronization read, and whether the transactions explain it.",
		Who: holding(client.AccountsRead), Errors: []int{http.StatusNotFound},
	}, a.getBalanceHistory)
	add(a, operation{
		ID: "change-account", Method: http.MethodPatch, Path: "/v1/accounts/{id}", Tag: tagAccounts, Guarded: true,
		Summary: "Change an account", Text: "What is not given stays as it is. No synchronization changes what was given here.",
		Who: holding(client.AccountsManage), Errors: []int{http.StatusNotFound},
	}, guard(a, a.accountNow, a.changeAccount))
	add(a, operation{
		ID: "delete-account", Method: http.MethodDelete, Path: "/v1/accounts/{id}", Tag: tagAccounts, Status: http.StatusNoContent, Guarded: true,
		Summary: "Delete an account", Text: "With its transactions. A synchronization of type LIST_ACCOUNTS brings it back, under a new id. The last account of a " +
			"channel takes the channel's credentials with it and leaves it EMPTY; the last channel takes the connection with it.",
		Within: patient, Who: holding(client.AccountsManage), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, guard(a, a.accountNow, a.deleteAccount))
	add(a, operation{
		ID: "migrate-account", Method: http.MethodPost, Path: "/v1/accounts/{id}/migrate", Tag: tagAccounts,
		Summary: "Move an account to another channel or provider", Text: "When a provider closes or another channel reads better: the account keeps its id, its " +
			"name and its transactions, and takes the place of the account that body.to names, which is gone afterwards. Transactions that both hold " +
			"become one. 422 not_migratable says why two cannot be one account.",
		Who: holding(client.AccountsManage), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.migrateAccount)
}

func (a api) listAccounts(ctx context.Context, p usecase.Principal, in *listAccountsInput) (*accountList, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	l := newListing("accounts", p, in.ConnectionID, in.Type, in.Status)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	filter := store.AccountFilter{
		Connection: ident.Connection(in.ConnectionID), Type: bank.AccountType(in.Type), Status: ledger.AccountStatus(in.Status),
	}
	slice, err := a.Ledger.Accounts(ctx, p, filter, page)
	return &accountList{listOf(l, slice, showAccount)}, err
}

func (a api) getAccount(ctx context.Context, p usecase.Principal, in *accountPath) (*oneAccount, error) {
	found, err := a.Ledger.Account(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneAccount{showAccount(found)}, nil
}
