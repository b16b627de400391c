// Package provider owns the catalogue's words: providers and the channel
// definitions through which they are reached. It knows nothing of plugins.
package provider

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
)

// Health is what we know now of a provider, or of one way to reach it.
type Health string

// Health.
const (
	Up   Health = "UP"
	Down Health = "DOWN"
)

// Provider is a bank or institution.
type Provider struct {
	ID      string
	Name    string
	Country string
	// LogoURL is where another host has a picture of it. Nothing is fetched from there.
	LogoURL string
	// Logo is the picture that we have of it; nil where there is none.
	Logo *Logo
	// Channels are the ways to reach it, each served by its own plugin.
	Channels []Channel
	// Maintenance is when the bank is not there.
	Maintenance bank.Windows
	// Zone is where its banking days begin and end; nil means UTC.
	Zone *time.Location
}

// Day is the banking day of an instant at the bank.
func (p Provider) Day(t time.Time) bank.Day { return bank.DayIn(t, p.Zone) }

// Channel is one way to reach the provider: a channel definition.
type Channel struct {
	ID   string
	Type bank.ChannelType
	// Plugin serves it: nobody else is handed what belongs to it.
	Plugin string
	// Health is what we know of it now.
	Health           Health
	AccountTypes     []bank.AccountType
	CredentialFields []form.Field
	Limits           Limits
}

// Limits are what the bank allows; zero means not known.
type Limits struct {
	UnattendedPerDay int
	HistoryDays      int
	ConsentDays      int
	// ConsentOutlives says that the bank's consent lives on after ConsentDays.
	ConsentOutlives bool
	Concurrency     int
	MinInterval     time.Duration
}

// Errors.
var (
	ErrNotFound        = fault.New(fault.NotFound, "provider_not_found", "There is no such provider.")
	ErrChannelNotFound = fault.New(fault.Invalid, "channel_definition_not_found", "The provider has no such channel definition.")
)

// Health of a provider is UP while it can be reached by one of its channels: one
// that is down takes nothing from the others.
func (p Provider) Health() Health {
	for _, c := range p.Channels {
		if c.Health == Up {
			return Up
		}
	}
	return Down
}

// Plugins are those that serve its channels, each once, in their order.
func (p Provider) Plugins() (all []string) {
	for _, c := range p.Channels {
		if !slices.Contains(all, c.Plugin) {
			all = append(all, c.Plugin)
		}
	}
	return all
}

// Channel finds a definition by its id.
func (p Provider) Channel(id string) (Channel, error) {
	for _, c := range p.Channels {
		if c.ID == id {
			return c, nil
		}
	}
	return Channel{}, ErrChannelNotFound
}
