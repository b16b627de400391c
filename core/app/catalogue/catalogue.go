// Package catalogue searches the providers that the plugins serve. It is small
// enough (thousands) to be searched in memory.
package catalogue

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/schedule"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Providers.
type Service struct {
	Catalogue port.Catalogue
	// Store remembers which banks do not answer, by the time of Now; nil does not.
	Store store.Store
	Now   func() time.Time
}

var _ usecase.Providers = Service{}

// Get finds one provider.
func (s Service) Get(ctx context.Context, id string) (provider.Provider, error) {
	found, err := s.Catalogue.Provider(ctx, id)
	if err != nil {
		return found, err
	}
	failing, err := s.failing(ctx)
	return known(found, failing), err
}

// List searches, whatever the case and accents; the order is that of the ids, so that a page stays a page
// when providers come and go.
func (s Service) List(ctx context.Context, filter usecase.ProviderFilter, page store.Page) (store.Slice[provider.Provider], error) {
	all, err := s.Catalogue.Providers(ctx)
	if err != nil {
		return store.Slice[provider.Provider]{}, err
	}
	failing, err := s.failing(ctx)
	if err != nil {
		return store.Slice[provider.Provider]{}, err
	}
	var found []provider.Provider
	for _, p := range all {
		if p = known(p, failing); matches(p, filter) {
			found = append(found, p)
		}
	}
	return cut(found, page)
}

// known is a provider with the channels down that do not answer.
func known(p provider.Provider, failing map[string]bool) provider.Provider {
	p.Channels = slices.Clone(p.Channels)
	for i := range p.Channels {
		if c := &p.Channels[i]; failing[c.ID] {
			c.Health = provider.Down
		}
	}
	return p
}

// failing are the channels that are left alone because nobody answers there,
// until somebody does again.
func (s Service) failing(ctx context.Context) (map[string]bool, error) {
	failing := map[string]bool{}
	if s.Store == nil {
		return failing, nil
	}
	err := s.Store.View(ctx, func(tx store.Tx) error {
		breakers, err := tx.Breakers().All(ctx)
		for id, b := range breakers {
			failing[id] = b.State(s.Now()) != schedule.Closed
		}
		return err
	})
	return failing, err
}

func matches(p provider.Provider, f usecase.ProviderFilter) bool {
	return (f.Search == "" || strings.Contains(store.Fold(p.Name), store.Fold(f.Search))) &&
		(f.Country == "" || strings.EqualFold(p.Country, f.Country)) &&
		(f.Health == "" || string(p.Health()) == f.Health) &&
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
