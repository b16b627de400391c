package usecasetest

import (
	"context"
	"slices"
	"sync"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/provider"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// Catalogue is a catalogue that a test changes.
type Catalogue struct {
	mu    sync.Mutex
	banks []provider.Provider
}

var _ port.Catalogue = (*Catalogue)(nil)

// Ids of the one bank that every world has: its embedded channel asks a login,
// a password and, if one likes, a day; its redirect channel asks nothing.
const (
	Bank     = "oak"
	Embedded = "oak-embedded"
	Redirect = "oak-redirect"
)

// NewCatalogue has one bank.
func NewCatalogue() *Catalogue {
	return &Catalogue{banks: []provider.Provider{{
		ID: Bank, Name: "Oak", Country: "FR", Channels: []provider.Channel{
			{ID: Embedded, Type: bank.Embedded, Plugin: "oak", Health: provider.Up, AccountTypes: bank.AccountTypes(), CredentialFields: []form.Field{
				{Name: "login", Type: form.Text, Required: true, Regex: "[0-9]{4}"},
				{Name: "password", Type: form.Password, Required: true},
				{Name: "birthday", Type: form.Date},
			}},
			{ID: Redirect, Type: bank.Redirect, Plugin: "oak", Health: provider.Up, AccountTypes: []bank.AccountType{bank.Checkings}},
		},
	}}}
}

// Set replaces what is served.
func (c *Catalogue) Set(banks ...provider.Provider) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.banks = banks
}

// Draws gives the bank of every world a picture.
func (c *Catalogue) Draws(logo *provider.Logo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.banks[0].Logo = logo
}

// Providers implements provider.Catalogue.
func (c *Catalogue) Providers(context.Context) ([]provider.Provider, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.banks), nil
}

// Provider implements provider.Catalogue.
func (c *Catalogue) Provider(ctx context.Context, id string) (provider.Provider, error) {
	all, err := c.Providers(ctx)
	for _, p := range all {
		if p.ID == id {
			return p, err
		}
	}
	return provider.Provider{}, provider.ErrNotFound
}
