package httpapi

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type (
	transactionPath struct {
		ID string `path:"id" doc:"A transaction's id." example:"txn_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneTransaction        struct{ Body transactionView }
	transactionList       struct{ Body list[transactionView] }
	listTransactionsInput struct {
		PageParams
		UserParam
		AccountID    string `query:"account_id" doc:"Only those of this account."`
		ConnectionID string `query:"connection_id" doc:"Only those of this connection."`
		From         string `query:"from" format:"date" example:"2026-03-01" doc:"The first effective date."`
		To           string `query:"to" format:"date" example:"2026-03-31" doc:"The last effective date."`
		MinAmount    string `query:"min_amount" example:"-100.00" doc:"The smallest amount, in the account's own currency; a debit is negative."`
		MaxAmount    string `query:"max_amount" example:"-10.00" doc:"The largest amount, in the account's own currency."`
		Status       string `query:"status" enum:"PENDING,BOOKED,OTHER,EXPIRED,REJECTED,CANCELLED,REFUNDED" doc:"Only those with this status."`
		Category     string `query:"category" example:"food.groceries" doc:"Only those of this category; a group's id stands for all its categories."`
		Text         string `query:"text" maxLength:"200" doc:"Only those with this in label, raw label or merchant, whatever the case."`
	}
)

func (a api) transactions() {
	add(a, operation{
		ID: "list-transactions", Method: http.MethodGet, Path: "/v1/transactions", Tag: tagTransactions,
		Summary: "List transactions", Text: "Newest first, by effective date.",
		Who: holding(client.TransactionsRead), Errors: []int{http.StatusNotFound},
	}, a.listTransactions)
	add(a, operation{
		ID: "get-transaction", Method: http.MethodGet, Path: "/v1/transactions/{id}", Tag: tagTransactions, Tagged: true,
		Summary: "Get a transaction", Text: "With all its dates, its category and its links.",
		Who: holding(client.TransactionsRead), Errors: []int{http.StatusNotFound},
	}, a.getTransaction)
}

// noCurrency is ISO 4217's code for none: a bound is compared with amounts of
// any currency.
const noCurrency = "XXX"

func bound(text, location string) (*money.Amount, error) {
	if text == "" {
		return nil, nil
	}
	value, err := money.Parse(text, noCurrency)
	if err != nil {
		return nil, money.ErrAmount.With(fault.At(location, "is not an amount"))
	}
	return &value, nil
}

func (in listTransactionsInput) filter() (store.TransactionFilter, error) {
	filter := store.TransactionFilter{
		Account: ident.Account(in.AccountID), Connection: ident.Connection(in.ConnectionID),
		From: bank.Day(in.From), To: bank.Day(in.To), Status: ledger.Status(in.Status), Text: in.Text,
	}
	if in.Category != "" {
		filter.Categories = []string{in.Category}
	}
	var err error
	if filter.Min, err = bound(in.MinAmount, "query.min_amount"); err != nil {
		return filter, err
	}
	filter.Max, err = bound(in.MaxAmount, "query.max_amount")
	return filter, err
}

func (a api) listTransactions(ctx context.Context, p usecase.Principal, in *listTransactionsInput) (*transactionList, error) {
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	if p, err = a.reach(ctx, p, in.UserID); err != nil {
		return nil, err
	}
	l := newListing("transactions", p, in.AccountID, in.ConnectionID, in.From, in.To, in.MinAmount, in.MaxAmount, in.Status, in.Category, in.Text)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Ledger.Transactions(ctx, p, filter, page)
	return &transactionList{listOf(l, slice, showTransaction)}, err
}

func (a api) getTransaction(ctx context.Context, p usecase.Principal, in *transactionPath) (*oneTransaction, error) {
	found, err := a.Ledger.Transaction(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneTransaction{showTransaction(found)}, nil
}
