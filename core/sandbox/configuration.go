// Package sandbox owns what only a sandbox has: configurations of the test bank
// that clients bring, and the one clock that can be moved. It knows neither the
// format of a configuration nor who is told of the clock.
//
// Invariants: a configuration belongs to one client for ever; the clock differs
// from real time by whole seconds, and by no more than MaxOffset.
package sandbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

const (
	// Plugin serves the test bank.
	Plugin = "testbank"
	// ThirdPartyPlugin serves it too, over its PSD2 interface, beside other banks,
	// and WebSitePlugin by its web site.
	ThirdPartyPlugin = "psd2"
	WebSitePlugin    = "scraper"
	// ThirdPartyPrefix begins the ids of its providers with these.
	ThirdPartyPrefix = "testbank-"
	// Credential is the hidden field by which a connection chooses its bank.
	Credential = "configuration"
	// MaxConfigurations is how many one client may have; the test bank serves
	// about a hundred altogether.
	MaxConfigurations = 20
	// MaxText bounds a configuration, in bytes.
	MaxText = 500_000
)

// OfTestBank reports whether a provider of a plugin is the test bank.
func OfTestBank(plugin, provider string) bool {
	return plugin == Plugin || (plugin == ThirdPartyPlugin || plugin == WebSitePlugin) && strings.HasPrefix(provider, ThirdPartyPrefix)
}

// Configuration is a bank of a client's own, as the client wrote it.
type Configuration struct {
	ID       ident.Configuration
	ClientID ident.Client
	// Bank is what the test bank is called by it.
	Bank      string
	Text      []byte
	CreatedAt time.Time
}

// Errors.
var (
	ErrNotFound = fault.New(fault.NotFound, "configuration_not_found", "There is no such configuration.")
	ErrSource   = fault.New(fault.Invalid, "invalid_source", "A configuration is given either as a text or by a URL.")
	ErrTooLarge = fault.New(fault.TooLarge, "configuration_too_large", "A configuration has at most 500 kB.")
	ErrTooMany  = fault.New(fault.Conflict, "too_many_configurations",
		fmt.Sprintf("A client has at most %d configurations: delete one first.", MaxConfigurations))
)
