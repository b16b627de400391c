package provider

import (
	"time"

	"github.com/tributary-dev/tributary/core/event"
)

// Outage is a plugin that was given up, of which clients were told: nobody can be
// reached by its channels until it is back. A provider that another plugin serves
// too is reached by the channels of that one.
type Outage struct {
	Plugin string
	Since  time.Time
}

// Affected are the ids of what a plugin serves.
type Affected struct{ Providers, Channels []string }

// namedAtMost bounds the providers, and the channels, that an event names. A plugin
// may serve thousands; GET /v1/providers lists them with their health.
const namedAtMost = 50

// Ended is what clients are told when a plugin is given up; retryAt is when it
// is tried again by itself.
func (o Outage) Ended(by Affected, retryAt time.Time) event.Draft {
	data := told(o.Plugin, by)
	if !retryAt.IsZero() {
		data["retry_at"] = retryAt.UTC().Format(time.RFC3339)
	}
	return event.Draft{Name: event.ProviderUnavailable, Version: 1, Data: data}
}

// Back is what they are told when it serves again.
func (o Outage) Back(by Affected) event.Draft {
	return event.Draft{Name: event.ProviderAvailable, Version: 1, Data: told(o.Plugin, by)}
}

func told(plugin string, by Affected) event.Data {
	return event.Data{
		"plugin": plugin, "providers": len(by.Providers), "provider_ids": by.Providers[:min(len(by.Providers), namedAtMost)],
		"channel_definition_ids": by.Channels[:min(len(by.Channels), namedAtMost)],
	}
}
