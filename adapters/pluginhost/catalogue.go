package pluginhost

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
	_ "time/tzdata" // banks have their zones also where the machine knows none

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Providers implements the port.
func (h *Host) Providers(ctx context.Context) ([]provider.Provider, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	all := make([]provider.Provider, 0, len(h.providers))
	for _, parts := range h.providers {
		all = append(all, whole(parts))
	}
	slices.SortFunc(all, func(a, b provider.Provider) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// Provider implements the port.
func (h *Host) Provider(ctx context.Context, id string) (provider.Provider, error) {
	if err := ctx.Err(); err != nil {
		return provider.Provider{}, err
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	parts, ok := h.providers[id]
	if !ok {
		return provider.Provider{}, provider.ErrNotFound
	}
	return whole(parts), nil
}

// down tells whether the plugin is not expected to be back at once: it was
// given up, or its last start failed.
func (p *plugin) down() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.course.phase == GivenUp || p.failedStart()
}

// serves finds the plugin of a provider's channel; nil where none serves it.
func (h *Host) serves(provider, channel string) *plugin {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, one := range h.providers[provider] {
		if slices.ContainsFunc(one.info.Channels, func(c sdk.ChannelDefinition) bool { return c.ID == channel }) {
			return one.plugin
		}
	}
	return nil
}

// publish takes what a plugin told at its first start into the catalogue, all
// of it or nothing, in the place of what an earlier generation of it told.
func (h *Host) publish(p *plugin, d sdk.Description) error {
	drawn := h.logos(p.installed.Name, d)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.clash(p.installed.Name, d); err != nil {
		return err
	}
	h.drop(func(one part) bool { return one.plugin.installed.Name == p.installed.Name })
	for _, info := range d.Providers {
		info.LogoURL = elsewhere(info.LogoURL)
		h.providers[info.ID] = h.options.joined(h.providers[info.ID], part{p, info, drawn[info.ID]})
	}
	return nil
}

// withdraw takes a plugin's channels out of the catalogue, and the providers that
// have no others.
func (h *Host) withdraw(p *plugin) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(func(one part) bool { return one.plugin == p })
}

// drop takes parts out. The lock is held.
func (h *Host) drop(which func(part) bool) {
	for id, parts := range h.providers {
		if left := slices.DeleteFunc(slices.Clone(parts), which); len(left) > 0 {
			h.providers[id] = left
		} else {
			delete(h.providers, id)
		}
	}
}

func providerOf(info sdk.ProviderInfo, plugin string) provider.Provider {
	return provider.Provider{
		ID: info.ID, Name: info.Name, Country: info.Country, LogoURL: info.LogoURL,
		Channels: each(info.Channels, func(c sdk.ChannelDefinition) provider.Channel { return channelOf(c, plugin) }), Maintenance: each(info.Maintenance, closedOf),
		Zone: zoneOf(provider.ZoneName(info.Zone, info.Country)),
	}
}

// closedOf reads what the contract checked: a time of the day always parses, and
// a zone that is not found is taken for UTC.
func closedOf(m sdk.Maintenance) bank.Window {
	return bank.Window{Days: slices.Clone(m.Days), From: clockOf(m.From), To: clockOf(m.To), Zone: zoneOf(m.Zone)}
}

func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

func clockOf(text string) time.Duration {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return 0
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

func channelOf(c sdk.ChannelDefinition, plugin string) provider.Channel {
	return provider.Channel{
		ID: c.ID, Type: bank.ChannelType(c.Type), Plugin: plugin, AccountTypes: words[bank.AccountType](c.AccountTypes),
		CredentialFields: each(c.CredentialFields, fieldOf), Limits: provider.Limits(c.Limits),
	}
}

func fieldOf(f sdk.Field) form.Field {
	return form.Field{
		Name: f.Name, Type: form.FieldType(f.Type), Label: textOf(f.Label), Required: f.Required,
		Regex: f.Regex, Values: each(f.Values, choiceOf),
	}
}

func choiceOf(c sdk.Choice) form.Choice { return form.Choice{Value: c.Value, Label: textOf(c.Label)} }

func textOf(t sdk.Text) bank.Text { return bank.Text(maps.Clone(t)) }

func each[A, B any](in []A, f func(A) B) []B {
	if len(in) == 0 {
		return nil
	}
	out := make([]B, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

func words[B, A ~string](in []A) []B {
	return each(in, func(a A) B { return B(a) })
}
