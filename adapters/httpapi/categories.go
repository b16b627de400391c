package httpapi

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type categoryGroupView struct {
	ID         string         `json:"id" example:"food" doc:"The group's id: never renamed or reused."`
	Code       int            `json:"code" example:"2" doc:"The group's number."`
	Name       string         `json:"name" example:"Food & drink" doc:"In the language asked for."`
	Default    string         `json:"default" example:"food.groceries" doc:"The category for what is surely of this group but not more."`
	Categories []categoryView `json:"categories" doc:"What transactions are given."`
}

type categoryView struct {
	ID      string `json:"id" example:"food.groceries" doc:"The category's id: never renamed or reused."`
	Code    int    `json:"code" example:"201" doc:"The category's number."`
	GroupID string `json:"group_id" example:"food" doc:"The group that it belongs to."`
	Kind    string `json:"kind" enum:"income,expense,neutral" doc:"neutral counts in no total."`
	Name    string `json:"name" example:"Groceries" doc:"In the language asked for."`
}

type (
	listCategoriesInput struct {
		Locale string `query:"locale" enum:"en,fr" doc:"The language of the names; that of Accept-Language unless given."`
	}
	categoryList struct{ Body list[categoryGroupView] }
)

func (a api) categories() {
	add(a, operation{
		ID: "list-categories", Method: http.MethodGet, Path: "/v1/categories", Tag: tagTransactions,
		Summary: "List categories", Text: "The whole taxonomy: groups and their categories.",
		Worded: true, Who: anyToken,
	}, a.listCategories)
}

func (a api) listCategories(_ context.Context, p usecase.Principal, in *listCategoriesInput) (*categoryList, error) {
	locale := in.Locale
	if locale == "" {
		locale = p.Locale
	}
	return &categoryList{list[categoryGroupView]{Data: each(a.Ledger.Categories(locale), groupIn(locale))}}, nil
}

func groupIn(locale string) func(category.Group) categoryGroupView {
	return func(g category.Group) categoryGroupView {
		return categoryGroupView{
			ID: g.ID, Code: g.Code, Name: g.Name.In(locale), Default: g.Default,
			Categories: each(g.Members, func(c category.Category) categoryView {
				return categoryView{ID: c.ID, Code: c.Code, GroupID: c.Group, Kind: c.Kind, Name: c.Name.In(locale)}
			}),
		}
	}
}
