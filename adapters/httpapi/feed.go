package httpapi

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type (
	followInput struct {
		UserParam
		Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"500" doc:"How many changes to give at most."`
		Cursor string `query:"cursor" doc:"The next_cursor of the page before, with the same user_id, or the sync_cursor of an event; now for what changes from now on; from the beginning unless given. A cursor is valid for at least a year."`
	}
	followOutput struct{ Body changesView }
	changesView  struct {
		Added      []transactionView `json:"added" doc:"New transactions, as they are now."`
		Modified   []transactionView `json:"modified" doc:"Transactions that changed, as they are now."`
		Removed    []removedView     `json:"removed" doc:"Transactions that are gone for good; also ones that were never told."`
		NextCursor string            `json:"next_cursor" doc:"Reads on from here, at once or later; it is always there."`
		HasMore    bool              `json:"has_more" doc:"Whether there is more to read now; a page may be empty and have more."`
	}
	removedView struct {
		ID string `json:"id" example:"txn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The transaction's id; it never returns."`
	}
)

// fromNow stands for the cursor of somebody who has everything.
const fromNow = "now"

func (a api) feed() {
	add(a, operation{
		ID: "sync-transactions", Method: http.MethodGet, Path: "/v1/transactions/sync", Tag: tagTransactions,
		Summary: "Follow transactions", Text: "What was added, modified and removed since a cursor. Whoever puts in or replaces what is added and modified, takes out " +
			"what is removed, and keeps next_cursor with it has, when has_more is false, what list-transactions gives: also when things change between " +
			"pages, and when a page is taken over twice. A client's token follows all of its users, or the one that user_id names; a cursor of " +
			"one is no cursor of the other. 422 invalid_cursor: begin again without one.",
		Who: holding(client.TransactionsRead), Errors: []int{http.StatusNotFound},
	}, a.followTransactions)
}

func (a api) followTransactions(ctx context.Context, p usecase.Principal, in *followInput) (*followOutput, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	changes, err := a.changes(ctx, p, in)
	if err != nil {
		return nil, err
	}
	return &followOutput{changesView{
		Added: each(changes.Added, showTransaction), Modified: each(changes.Modified, showTransaction), Removed: each(changes.Removed, showRemoved),
		NextCursor: newFollowing(p.Client, p.User).cursor(changes.Next), HasMore: changes.More,
	}}, nil
}

func (a api) changes(ctx context.Context, p usecase.Principal, in *followInput) (changes store.Changes, err error) {
	if in.Cursor == fromNow {
		changes.Next, err = a.Feed.Head(ctx, p)
		return changes, err
	}
	from, err := newFollowing(p.Client, p.User).place(in.Cursor)
	if err != nil {
		return changes, err
	}
	return a.Feed.Changes(ctx, p, from, in.Limit)
}

func showRemoved(id ident.Transaction) removedView { return removedView{string(id)} }
