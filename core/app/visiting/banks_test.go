package visiting_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func named(banks []provider.Provider) (names []string) {
	for _, b := range banks {
		names = append(names, b.Name)
	}
	return names
}

// TestBanks_in_front are those that this client's users chose of late.
func TestBanks_in_front_are_those_chosen_most(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	var there []provider.Provider
	add := func(id, name, country string) {
		there = append(there, provider.Provider{ID: id, Name: name, Country: country, Channels: []provider.Channel{{ID: id + "-1", Type: bank.Redirect, AccountTypes: bank.AccountTypes()}}})
		w.Banks.Set(there...)
	}
	for i := range 60 {
		add(fmt.Sprintf("many-%d", i), fmt.Sprintf("Many %02d", i), "FR")
	}
	add("elm", "Elm of Berlin", "DE")
	add("ash", "Ash", "DE")
	add("nowhere", "Nowhere", "")
	connect := func(p usecase.Principal, id string, times int) {
		for range times {
			_, err := service(w).Links.Create(t.Context(), p, usecase.NewConnection{ProviderID: id, Channels: []usecase.NewChannel{{DefinitionID: id + "-1"}}})
			require.NoError(t, err)
		}
	}
	connect(w.For(w.Ana), "ash", 1)
	connect(w.For(w.Ben), "elm", 2)
	connect(w.For(w.Cleo), "many-3", 5) // another client's
	g := enter(t, w, widget.Order{Accounts: widget.AllAccounts})
	look := func(text, country string) usecase.Banks {
		found, err := g.Banks(t.Context(), g.Visitor, usecase.BankSearch{Text: text, Country: country})
		require.NoError(t, err)
		return found
	}
	all := look("", "")
	require.Equal(t, []string{"Elm of Berlin", "Ash"}, named(all.Popular))
	require.Len(t, all.All, 50)
	require.True(t, all.More)
	require.Equal(t, []string{"DE", "FR"}, all.Countries)
	german := look("", "DE")
	require.Equal(t, []string{"Ash", "Elm of Berlin"}, named(german.All))
	require.Empty(t, german.Popular, "of two, none has to be put in front")
	require.Equal(t, []string{"DE", "FR"}, german.Countries, "the way back is still there")
	add("berlin", "Berlin Savings", "DE")
	require.Equal(t, []string{"Berlin Savings", "Elm of Berlin"}, named(look("berlin", "").All), "what begins with it comes first")
	require.Empty(t, look("berlin", "").Popular)
	require.Empty(t, look("berlin", "FR").All)
	require.NoError(t, g.take(widget.ChooseBank, widget.Choose, func(m *usecase.Move) { m.ProviderID = "many-59" }), "also one that no page shows")
}

// TestBanks_that_are_down are down by the ways that the visit would use.
func TestBanks_that_are_down(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	w.Banks.Set(provider.Provider{ID: "oak", Name: "Oak", Country: "FR", Channels: []provider.Channel{
		{ID: "api", Type: bank.Redirect, AccountTypes: []bank.AccountType{bank.Checkings}, Plugin: "one", Health: provider.Down},
		{ID: "web", Type: bank.Embedded, AccountTypes: bank.AccountTypes(), Plugin: "two", Health: provider.Up},
	}})
	for want, order := range map[provider.Health]widget.Order{
		provider.Up:   {Accounts: widget.AllAccounts},
		provider.Down: {Accounts: widget.AllAccounts, Channels: []bank.ChannelType{bank.Redirect}},
	} {
		g := enter(t, w, order)
		found, err := g.Banks(t.Context(), g.Visitor, usecase.BankSearch{})
		require.NoError(t, err)
		require.Len(t, found.All, 1)
		require.Equal(t, want, found.All[0].Health())
	}
}
