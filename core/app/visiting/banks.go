package visiting

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const (
	// most is how many banks a page shows, few how many of them as popular ones.
	most = 50
	few  = 6
	// lately is how many of a client's newest connections say what is popular.
	lately = 500
)

// Banks are those that have what is wanted, by name.
func (s Service) Banks(ctx context.Context, v usecase.Visitor, wanted usecase.BankSearch) (found usecase.Banks, err error) {
	visit, err := s.Watch(ctx, v)
	if err != nil {
		return found, err
	}
	offered, err := s.offers(ctx, visit.Session.Order)
	if err != nil {
		return found, err
	}
	for _, bank := range offered {
		if bank.Country != "" && !slices.Contains(found.Countries, bank.Country) {
			found.Countries = append(found.Countries, bank.Country)
		}
		if (wanted.Country == "" || bank.Country == wanted.Country) && strings.Contains(store.Fold(bank.Name), store.Fold(wanted.Text)) {
			found.All = append(found.All, bank)
		}
	}
	slices.Sort(found.Countries)
	sortBanks(found.All, wanted.Text)
	if wanted.Text == "" && len(found.All) > few { // of fewer, none has to be put in front
		if found.Popular, err = s.popular(ctx, visit.Session.ClientID, found.All); err != nil {
			return found, err
		}
	}
	found.More = len(found.All) > most
	found.All = found.All[:min(most, len(found.All))]
	return found, nil
}

// sortBanks puts names that begin with a text before those that have it elsewhere.
func sortBanks(banks []provider.Provider, text string) {
	begins := func(p provider.Provider) int {
		if text != "" && strings.HasPrefix(store.Fold(p.Name), store.Fold(text)) {
			return 0
		}
		return 1
	}
	slices.SortFunc(banks, func(a, b provider.Provider) int {
		return cmp.Or(begins(a)-begins(b), cmp.Compare(store.Fold(a.Name), store.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
}

// offers are all banks that a visit of an order can connect, each with the channels
// that it would use: how another one does is nothing to the visit.
func (s Service) offers(ctx context.Context, order widget.Order) (offered []provider.Provider, err error) {
	page := store.Page{Limit: 500}
	for {
		slice, err := s.Providers.List(ctx, usecase.ProviderFilter{}, page)
		if err != nil {
			return nil, err
		}
		for _, bank := range slice.Items {
			bank.Channels = ways(order, bank)
			if len(bank.Channels) > 0 && (len(order.Countries) == 0 || slices.Contains(order.Countries, bank.Country)) {
				offered = append(offered, bank)
			}
		}
		if page.After = slice.Next; page.After == nil {
			return offered, nil
		}
	}
}

// popular are the banks that the users of a client chose most of late.
func (s Service) popular(ctx context.Context, of ident.Client, banks []provider.Provider) (chosen []provider.Provider, err error) {
	var counts map[string]int
	err = s.Store.View(ctx, func(tx store.Tx) error {
		counts, err = tx.Connections().Popular(ctx, of, lately)
		return err
	})
	for _, bank := range banks {
		if counts[bank.ID] > 0 {
			chosen = append(chosen, bank)
		}
	}
	slices.SortStableFunc(chosen, func(a, b provider.Provider) int { return counts[b.ID] - counts[a.ID] })
	return chosen[:min(few, len(chosen))], err
}
