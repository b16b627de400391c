// Package catalogue searches the providers that the plugins serve. It is small
// enough (thousands) to be searched in memory.
package catalogue

import (
	"context"
	"strings"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/provider"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Providers.
type Service struct{ Catalogue port.Catalogue }

var _ usecase.Providers = Service{}

// Get finds one provider.
func (s Service) Get(ctx context.Context, id string) (provider.Provider, error) {
	return s.Catalogue.Provider(ctx, id)
}

// List searches, whatever the case and accents; the order is that of the ids, so that a page stays a page
// when providers come and go.
func (s Service) List(ctx context.Context, filter usecase.ProviderFilter, page store.Page) (store.Slice[provider.Provider], error) {
	all, err := s.Catalogue.Providers(ctx)
	if err != nil {
		return store.Slice[provider.Provider]{}, err
	}
	var found []provider.Provider
	for _, p := range all {
		if matches(p, filter) {
			found = append(found, p)
		}
	}
	return cut(found, page)
}

func matches(p provider.Provider, f usecase.ProviderFilter) bool {
	return (f.Search == "" || strings.Contains(store.Fold(p.Name), store.Fold(f.Search))) &&
		(f.Country == "" || strings.EqualFold(p.Country, f.Country)) &&
		(f.Health == "" || string(p.Health) == f.Health) &&
		(f.Channel == "" || hasChannel(p, bank.ChannelType(f.Channel))) &&
		(f.AccountType == "" || hasAccountType(p, bank.AccountType(f.AccountType)))
}

func hasChannel(p provider.Provider, kind bank.ChannelType) bool {
	for _, c := range p.Channels {
		if c.Type == kind {
			return true
		}
	}
	return false
}

func hasAccountType(p provider.Provider, kind bank.AccountType) bool {
	for _, c := range p.Channels {
		for _, t := range c.AccountTypes {
			if t == kind {
				return true
			}
		}
	}
	return false
}
