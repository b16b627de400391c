package catalogue_test

import (
	"fmt"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/app/catalogue"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func serving(banks ...provider.Provider) (catalogue.Service, *usecasetest.Catalogue) {
	served := usecasetest.NewCatalogue()
	served.Set(banks...)
	return catalogue.Service{Catalogue: served}, served
}

func channel(kind bank.ChannelType, types ...bank.AccountType) provider.Channel {
	return provider.Channel{ID: string(kind), Type: kind, Health: provider.Up, AccountTypes: types}
}

// banks are out of order on purpose.
func banks() []provider.Provider {
	return []provider.Provider{
		{ID: "c", Name: "Crédit d'Été", Country: "FR", Channels: []provider.Channel{
			channel(bank.Redirect, bank.Checkings), channel(bank.Embedded, bank.Savings, bank.Loan),
		}},
		{ID: "a", Name: "Ash Bank", Country: "GB", Channels: []provider.Channel{{ID: "x", Type: bank.Embedded, AccountTypes: []bank.AccountType{bank.CreditCard}, Health: provider.Down}}},
		{ID: "b", Name: "BANQUE DU CRÉDIT", Country: "fr", Channels: []provider.Channel{channel(bank.Redirect, bank.Checkings, bank.Savings)}},
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	s, _ := serving(banks()...)
	for name, c := range map[string]struct {
		filter usecase.ProviderFilter
		want   []string
	}{
		"all, by id":             {usecase.ProviderFilter{}, []string{"a", "b", "c"}},
		"text":                   {usecase.ProviderFilter{Search: "bank"}, []string{"a"}},
		"text of any case":       {usecase.ProviderFilter{Search: "CRÉDIT"}, []string{"b", "c"}},
		"text without accents":   {usecase.ProviderFilter{Search: "credit"}, []string{"b", "c"}},
		"text with more accents": {usecase.ProviderFilter{Search: "àsh"}, []string{"a"}},
		"text of combined signs": {usecase.ProviderFilter{Search: "e\u0301te\u0301"}, []string{"c"}},
		"no pattern":             {usecase.ProviderFilter{Search: ".*"}, nil},
		"no wild card":           {usecase.ProviderFilter{Search: "%"}, nil},
		"country":                {usecase.ProviderFilter{Country: "FR"}, []string{"b", "c"}},
		"country of any case":    {usecase.ProviderFilter{Country: "gb"}, []string{"a"}},
		"health":                 {usecase.ProviderFilter{Health: "DOWN"}, []string{"a"}},
		"unknown health":         {usecase.ProviderFilter{Health: "down"}, nil},
		"channel":                {usecase.ProviderFilter{Channel: "EMBEDDED"}, []string{"a", "c"}},
		"unknown channel":        {usecase.ProviderFilter{Channel: "SCREEN"}, nil},
		"account type":           {usecase.ProviderFilter{AccountType: "SAVINGS"}, []string{"b", "c"}},
		"all of them":            {usecase.ProviderFilter{Search: "d", Country: "FR", Health: "UP", Channel: "EMBEDDED", AccountType: "LOAN"}, []string{"c"}},
		"all but one":            {usecase.ProviderFilter{Search: "d", Country: "GB", Health: "UP", Channel: "EMBEDDED", AccountType: "LOAN"}, nil},
	} {
		slice, err := s.List(t.Context(), c.filter, store.Page{Limit: 10})
		require.NoError(t, err)
		var ids []string
		for _, p := range slice.Items {
			ids = append(ids, p.ID)
		}
		require.Equal(t, c.want, ids, name)
		require.Nil(t, slice.Next, name)
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	s, _ := serving(banks()...)
	found, err := s.Get(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, "BANQUE DU CRÉDIT", found.Name)
	for _, id := range []string{"", "B", "b ", "nowhere"} {
		_, err := s.Get(t.Context(), id)
		require.ErrorIs(t, err, provider.ErrNotFound)
	}
}

func TestPage_malformed(t *testing.T) {
	t.Parallel()
	s, _ := serving(banks()...)
	for _, key := range []store.Key{{}, {""}, {"a", "b"}, {"", "", ""}} {
		_, err := s.List(t.Context(), usecase.ProviderFilter{}, store.Page{Limit: 1, After: key})
		require.ErrorIs(t, err, store.ErrCursor, "%q", key)
	}
	for _, limit := range []int{0, -1} {
		_, err := s.List(t.Context(), usecase.ProviderFilter{}, store.Page{Limit: limit})
		require.Equal(t, fault.Internal, fault.KindOf(err))
	}
}

// TestPages asks for a list in pages of any size, while providers come and go:
// those that stay are each there once, in their order.
func TestPages_are_complete_and_stable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		id := rapid.StringMatching(`[ab\x00é-]{1,3}`)
		stay := rapid.SliceOfNDistinct(id, 0, 12, rapid.ID).Draw(r, "stay")
		passing := rapid.SliceOfNDistinct(id, 0, 12, rapid.ID).Draw(r, "passing")
		kept := map[string]bool{}
		for _, id := range stay {
			kept[id] = true
		}
		s, served := serving()
		page := store.Page{}
		var found []string
		for rounds := 0; ; rounds++ {
			if rounds > 60 {
				r.Fatal("it never ends")
			}
			now := append([]string(nil), stay...)
			for _, id := range passing {
				if !kept[id] && rapid.Bool().Draw(r, "here now") {
					now = append(now, id)
				}
			}
			served.Set(named(rapid.Permutation(now).Draw(r, "order"))...)
			page.Limit = rapid.IntRange(1, 5).Draw(r, "limit")
			slice, err := s.List(t.Context(), usecase.ProviderFilter{}, page)
			if err != nil || len(slice.Items) > page.Limit {
				r.Fatalf("%d of %d: %v", len(slice.Items), page.Limit, err)
			}
			for _, p := range slice.Items {
				found = append(found, p.ID)
			}
			if page.After = slice.Next; page.After == nil {
				break
			}
		}
		sort.Strings(stay)
		var seen []string
		for i, id := range found {
			if i > 0 && found[i-1] >= id {
				r.Fatalf("%q is not in order", found)
			}
			if kept[id] {
				seen = append(seen, id)
			}
		}
		if fmt.Sprintf("%q", stay) != fmt.Sprintf("%q", seen) {
			r.Fatalf("%q of %q", seen, stay)
		}
	})
}

func named(ids []string) (all []provider.Provider) {
	for _, id := range ids {
		all = append(all, provider.Provider{ID: id, Name: id})
	}
	return all
}
