package provider

import (
	"time"

	"github.com/tributary-dev/tributary/core/event"
)

// Outage is a plugin that was given up, of which clients were told: none of its
// providers can be reached until it is back.
type Outage struct {
	Plugin string
	Since  time.Time
}

// namedAtMost bounds the providers that an event names. A plugin may serve
// thousands; GET /v1/providers lists them with their health.
const namedAtMost = 50

// Ended is what clients are told when a plugin is given up; retryAt is when it
// is tried again by itself.
func (o Outage) Ended(providers []string, retryAt time.Time) event.Draft {
	data := told(o.Plugin, providers)
	if !retryAt.IsZero() {
		data["retry_at"] = retryAt.UTC().Format(time.RFC3339)
	}
	return event.Draft{Name: event.ProviderUnavailable, Version: 1, Data: data}
}

// Back is what they are told when it serves again.
func (o Outage) Back(providers []string) event.Draft {
	return event.Draft{Name: event.ProviderAvailable, Version: 1, Data: told(o.Plugin, providers)}
}

func told(plugin string, providers []string) event.Data {
	return event.Data{"plugin": plugin, "providers": len(providers), "provider_ids": providers[:min(len(providers), namedAtMost)]}
}
