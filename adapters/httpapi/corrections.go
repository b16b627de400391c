package httpapi

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type transactionChange struct {
	Label      *string `json:"label,omitempty" maxLength:"200" example:"Lunch with Ann" doc:"What the user calls it; an empty text gives our label back."`
	CategoryID *string `json:"category_id,omitempty" maxLength:"100" example:"food.groceries" doc:"The user's own category; an empty text gives the assigned one back."`
}

type (
	changeTransactionInput struct {
		ID   string `path:"id" doc:"A transaction's id." example:"txn_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body transactionChange
	}
	mergeInput struct {
		ID   string `path:"id" doc:"A transaction's id." example:"txn_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body struct {
			Into string `json:"into" maxLength:"64" doc:"The transaction that stays."`
		}
	}
	apartInput struct {
		ID   string `path:"id" doc:"A transaction's id." example:"txn_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body struct {
			Of string `json:"of" maxLength:"64" doc:"The transaction that it is not."`
		}
	}
	doubtList       struct{ Body list[doubtView] }
	listDoubtsInput struct {
		PageParams
		UserParam
		AccountID string `query:"account_id" doc:"Only those of this account."`
	}
	doubtView struct {
		Transaction transactionView `json:"transaction" doc:"The transaction in doubt."`
		Candidates  []candidateView `json:"candidates" doc:"Those that it may be the same movement as."`
	}
	candidateView struct {
		Transaction transactionView `json:"transaction" doc:"One that it may be."`
		Confidence  float64         `json:"confidence" minimum:"0" maximum:"1" example:"0.5" doc:"How likely that is."`
	}
)

func (a api) corrections() {
	add(a, operation{
		ID: "change-transaction", Method: http.MethodPatch, Path: "/v1/transactions/{id}", Tag: tagTransactions, Guarded: true,
		Summary: "Change a transaction", Text: "What is not given stays as it is. No synchronization changes what was given here.",
		Who: holding(client.TransactionsManage), Errors: []int{http.StatusNotFound},
	}, guard(a, a.transactionNow, a.changeTransaction))
	add(a, operation{
		ID: "hide-transaction", Method: http.MethodDelete, Path: "/v1/transactions/{id}", Tag: tagTransactions, Status: http.StatusNoContent, Guarded: true,
		Summary: "Hide a transaction", Text: "It stays hidden, whatever the bank tells of it later; its id never returns.",
		Who: holding(client.TransactionsManage), Errors: []int{http.StatusNotFound},
	}, guard(a, a.transactionNow, a.hideTransaction))
	add(a, operation{
		ID: "merge-transaction", Method: http.MethodPost, Path: "/v1/transactions/{id}/merge", Tag: tagTransactions,
		Summary: "Merge a transaction into another one", Text: "For two that are the same movement: the one in the address is removed for good, the other stays and is " +
			"the answer. 422 not_mergeable says why two cannot be one.",
		Who: holding(client.TransactionsManage), Errors: []int{http.StatusNotFound},
	}, a.mergeTransaction)
	add(a, operation{
		ID: "unmerge-transaction", Method: http.MethodPost, Path: "/v1/transactions/{id}/unmerge", Tag: tagTransactions,
		Summary: "Take a merge back", Text: "The address names the transaction that was merged. A removed id never returns: the answer is a transaction with a new " +
			"id that supersedes it.",
		Who: holding(client.TransactionsManage), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.unmergeTransaction)
	add(a, operation{
		ID: "tell-transactions-apart", Method: http.MethodPost, Path: "/v1/transactions/{id}/not_a_duplicate", Tag: tagTransactions,
		Summary: "Say that a transaction is no duplicate", Text: "Remembered for good: the two are no candidates for each other any more.",
		Who: holding(client.TransactionsManage), Errors: []int{http.StatusNotFound},
	}, a.tellApart)
	add(a, operation{
		ID: "list-duplicate-candidates", Method: http.MethodGet, Path: "/v1/transactions/duplicate_candidates", Tag: tagTransactions,
		Summary: "List transactions in doubt", Text: "Newest first. Where a bank's answer cannot tell whether two are one movement, both stand, and somebody decides.",
		Who: holding(client.TransactionsRead), Errors: []int{http.StatusNotFound},
	}, a.listDoubts)
	add(a, operation{
		ID: "get-transaction-history", Method: http.MethodGet, Path: "/v1/transactions/{id}/history", Tag: tagTransactions,
		Summary: "Get a transaction's history", Text: "What the bank told, what changed and why it was taken for the same movement, also of a removed transaction; " +
			"and where each value comes from.",
		Who: holding(client.TransactionsRead), Errors: []int{http.StatusNotFound},
	}, a.getHistory)
}

func (a api) transactionNow(ctx context.Context, p usecase.Principal, id string) (any, error) {
	return bodyOf(a.getTransaction(ctx, p, &transactionPath{id}))(func(o *oneTransaction) any { return o.Body })
}

func (a api) changeTransaction(ctx context.Context, p usecase.Principal, in *changeTransactionInput) (*oneTransaction, error) {
	changed, err := a.Transactions.Change(ctx, p, in.ID, usecase.TransactionChange{Label: in.Body.Label, Category: in.Body.CategoryID})
	if err != nil {
		return nil, err
	}
	return &oneTransaction{showTransaction(changed)}, nil
}

func (a api) hideTransaction(ctx context.Context, p usecase.Principal, in *transactionPath) (*nothing, error) {
	return nil, a.Transactions.Hide(ctx, p, in.ID)
}

func (a api) mergeTransaction(ctx context.Context, p usecase.Principal, in *mergeInput) (*oneTransaction, error) {
	into, err := a.Transactions.Merge(ctx, p, in.ID, in.Body.Into)
	if err != nil {
		return nil, err
	}
	return &oneTransaction{showTransaction(into)}, nil
}

func (a api) unmergeTransaction(ctx context.Context, p usecase.Principal, in *transactionPath) (*oneTransaction, error) {
	back, err := a.Transactions.Unmerge(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneTransaction{showTransaction(back)}, nil
}

func (a api) tellApart(ctx context.Context, p usecase.Principal, in *apartInput) (*oneTransaction, error) {
	apart, err := a.Transactions.TellApart(ctx, p, in.ID, in.Body.Of)
	if err != nil {
		return nil, err
	}
	return &oneTransaction{showTransaction(apart)}, nil
}

func (a api) listDoubts(ctx context.Context, p usecase.Principal, in *listDoubtsInput) (*doubtList, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	l := newListing("duplicate_candidates", p, in.AccountID)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Transactions.Doubts(ctx, p, store.TransactionFilter{Account: ident.Account(in.AccountID)}, page)
	return &doubtList{listOf(l, slice, showDoubt)}, err
}

func showDoubt(d usecase.Doubt) doubtView {
	return doubtView{Transaction: showTransaction(d.Transaction), Candidates: each(d.Candidates, func(c usecase.Candidate) candidateView {
		return candidateView{showTransaction(c.Transaction), c.Confidence}
	})}
}
