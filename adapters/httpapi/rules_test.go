package httpapi

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type fakeRules struct{ *world }

func (f fakeRules) Create(_ context.Context, p usecase.Principal, order usecase.NewRule) (category.Rule, error) {
	return sampleRule(), f.note(p, "rule", order)
}

func (f fakeRules) Get(_ context.Context, p usecase.Principal, id string) (category.Rule, error) {
	return category.Rule{ID: rul, ClientID: sampleClient, Text: "x y", Direction: category.Any, CategoryID: "food.groceries", CreatedAt: noon}, f.note(p, "rule", id)
}

func (f fakeRules) List(_ context.Context, p usecase.Principal, page store.Page) (store.Slice[category.Rule], error) {
	return store.Slice[category.Rule]{Items: []category.Rule{sampleRule()}, Next: f.more}, f.note(p, "rules", page)
}

func (f fakeRules) Delete(_ context.Context, p usecase.Principal, id string) error {
	return f.note(p, "delete", id)
}

func TestRules_arrive_whole_and_any_direction_is_meant(t *testing.T) {
	t.Parallel()
	g := newRig()
	w := g.call("POST", "/v1/category_rules", clientToken, `{"user_id":"`+usr+`","name":"Lunch","text":"Café","direction":"CREDIT","category_id":"food.restaurants"}`)
	require.Equal(t, http.StatusCreated, w.Code, w.Body)
	require.Equal(t, usecase.NewRule{UserID: usr, Name: "Lunch", Text: "Café", Direction: category.Credit, CategoryID: "food.restaurants"}, g.seen["rule"])
	require.JSONEq(t, `{"id":"`+rul+`","user_id":"`+usr+`","name":"Lunch","text":"Café du port","direction":"DEBIT","category_id":"food.restaurants",
		"created_at":"2026-03-02T12:00:00.123456Z"}`, w.Body.String())
	g.call("POST", "/v1/category_rules", userToken, `{"text":"Café","category_id":"food.restaurants"}`)
	require.Equal(t, usecase.NewRule{Text: "Café", Direction: category.Any, CategoryID: "food.restaurants"}, g.seen["rule"])
	require.JSONEq(t, `{"id":"`+rul+`","user_id":null,"name":null,"text":"x y","direction":"ANY","category_id":"food.groceries","created_at":"2026-03-02T12:00:00.123456Z"}`,
		g.call("GET", "/v1/category_rules/"+rul, clientToken, "").Body.String())
	require.Equal(t, rul, g.seen["rule"])
}
