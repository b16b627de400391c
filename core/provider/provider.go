// Package provider owns the catalogue's words: providers and the channel
// definitions through which they are reached. It knows nothing of plugins.
package provider

import (
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
)

// Health is what we know of a provider now.
type Health string

// Health of a provider.
const (
	Up   Health = "UP"
	Down Health = "DOWN"
)

// Provider is a bank or institution.
type Provider struct {
	ID      string
	Name    string
	Country string
	LogoURL string
	Health  Health
	// Plugin serves it.
	Plugin   string
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
	ID               string
	Type             bank.ChannelType
	AccountTypes     []bank.AccountType
	CredentialFields []form.Field
	Limits           Limits
}

// Limits are what the bank allows; zero means not known.
type Limits struct {
	UnattendedPerDay int
	HistoryDays      int
	ConsentDays      int
	Concurrency      int
	MinInterval      time.Duration
}

// Errors.
var (
	ErrNotFound        = fault.New(fault.NotFound, "provider_not_found", "There is no such provider.")
	ErrChannelNotFound = fault.New(fault.Invalid, "channel_definition_not_found", "The provider has no such channel definition.")
)

// Channel finds a definition by its id.
func (p Provider) Channel(id string) (Channel, error) {
	for _, c := range p.Channels {
		if c.ID == id {
			return c, nil
		}
	}
	return Channel{}, ErrChannelNotFound
}
