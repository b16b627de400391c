package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type newCategoryRule struct {
	UserID     string `json:"user_id,omitempty" maxLength:"64" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The user that it is for; in client mode it is for all users unless given."`
	Name       string `json:"name,omitempty" maxLength:"100" example:"Lunch" doc:"What people call it."`
	Text       string `json:"text" maxLength:"200" example:"café du port" doc:"What label, raw_label or the counterparty contain: 2 to 100 letters, digits and spaces; case, accents and other signs do not count."`
	Direction  string `json:"direction,omitempty" enum:"ANY,DEBIT,CREDIT" default:"ANY" doc:"Restricts it to money that leaves or arrives."`
	CategoryID string `json:"category_id" maxLength:"100" example:"food.restaurants" doc:"The category that it gives."`
}

type categoryRuleView struct {
	ID         string    `json:"id" example:"rul_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The rule's id."`
	UserID     *string   `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose it is; null for a rule of the client's."`
	Name       *string   `json:"name" example:"Lunch" doc:"What people call it."`
	Text       string    `json:"text" example:"café du port" doc:"What it looks for."`
	Direction  string    `json:"direction" enum:"ANY,DEBIT,CREDIT" doc:"Of the money."`
	CategoryID string    `json:"category_id" example:"food.restaurants" doc:"The category that it gives."`
	CreatedAt  time.Time `json:"created_at" doc:"When it was created."`
}

type (
	rulePath struct {
		ID string `path:"id" doc:"A rule's id." example:"rul_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneRule  struct{ Body categoryRuleView }
	madeRule struct {
		Location string `header:"Location" doc:"The new rule."`
		Body     categoryRuleView
	}
	ruleList        struct{ Body list[categoryRuleView] }
	createRuleInput struct{ Body newCategoryRule }
	listRulesInput  struct {
		PageParams
		UserParam
	}
)

func (a api) rules() {
	add(a, operation{
		ID: "create-category-rule", Method: http.MethodPost, Path: "/v1/category_rules", Tag: tagTransactions, Status: http.StatusCreated,
		Creates: true, Summary: "Create a rule for categories",
		Text: "Transactions that contain its text get its category, with the source RULE and confidence 1, unless a person set theirs. A user's rules come before " +
			"the client's, then the longest text, then the oldest rule. Rules are asked when a transaction is read for the first time, or described differently " +
			"by the bank. A user's rule besides applies at once to the newest 20,000 of the user's transactions; a client's, without user_id, does not: " +
			"what its users have already stays as it is. Up to 1,000 rules for a client and 1,000 for each user: 409 too_many_category_rules.",
		Within: patient, Who: holding(client.TransactionsManage), Errors: []int{http.StatusNotFound},
	}, a.createRule)
	add(a, operation{
		ID: "list-category-rules", Method: http.MethodGet, Path: "/v1/category_rules", Tag: tagTransactions,
		Summary: "List rules for categories", Text: "In the order of their creation: a user's own; in client mode the client's and those of its users.",
		Who: holding(client.TransactionsRead), Errors: []int{http.StatusNotFound},
	}, a.listRules)
	add(a, operation{
		ID: "get-category-rule", Method: http.MethodGet, Path: "/v1/category_rules/{id}", Tag: tagTransactions,
		Summary: "Get a rule for categories", Text: "A rule is not changed: create another one and delete it.",
		Who: holding(client.TransactionsRead), Errors: []int{http.StatusNotFound},
	}, a.getRule)
	add(a, operation{
		ID: "delete-category-rule", Method: http.MethodDelete, Path: "/v1/category_rules/{id}", Tag: tagTransactions, Status: http.StatusNoContent,
		Summary: "Delete a rule for categories",
		Text: "What a user's rule gave goes back at once to the other rules, and to what is assigned by itself. What a client's rule gave stays until the bank " +
			"describes the transaction differently, or somebody sets its category.",
		Within: patient, Who: holding(client.TransactionsManage), Errors: []int{http.StatusNotFound},
	}, a.deleteRule)
}

func (a api) createRule(ctx context.Context, p usecase.Principal, in *createRuleInput) (*madeRule, error) {
	made, err := a.Rules.Create(ctx, p, usecase.NewRule{
		UserID: in.Body.UserID, Name: in.Body.Name, Text: in.Body.Text, Direction: category.Direction(in.Body.Direction), CategoryID: in.Body.CategoryID,
	})
	if err != nil {
		return nil, err
	}
	return &madeRule{"/v1/category_rules/" + string(made.ID), showRule(made)}, nil
}

func (a api) listRules(ctx context.Context, p usecase.Principal, in *listRulesInput) (*ruleList, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	l := newListing("category_rules", p)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Rules.List(ctx, p, page)
	return &ruleList{listOf(l, slice, showRule)}, err
}

func (a api) getRule(ctx context.Context, p usecase.Principal, in *rulePath) (*oneRule, error) {
	found, err := a.Rules.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneRule{showRule(found)}, nil
}

func (a api) deleteRule(ctx context.Context, p usecase.Principal, in *rulePath) (*nothing, error) {
	return nil, a.Rules.Delete(ctx, p, in.ID)
}

func showRule(r category.Rule) categoryRuleView {
	return categoryRuleView{
		ID: string(r.ID), UserID: known(r.UserID), Name: known(r.Name), Text: r.Text, Direction: string(r.Direction), CategoryID: r.CategoryID,
		CreatedAt: instant(r.CreatedAt),
	}
}
