package pluginhost

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
	_ "time/tzdata" // banks have their zones also where the machine knows none

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// served is a provider and the plugin that serves it, with its picture.
type served struct {
	plugin *plugin
	info   sdk.ProviderInfo
	logo   *provider.Logo
}

// Providers implements the port.
func (h *Host) Providers(ctx context.Context) ([]provider.Provider, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	all := make([]provider.Provider, 0, len(h.providers))
	for _, s := range h.providers {
		all = append(all, s.now())
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
	s, ok := h.serves(id)
	if !ok {
		return provider.Provider{}, provider.ErrNotFound
	}
	return s.now(), nil
}

// now is the provider with its present health, made anew so that no caller can
// change the catalogue.
func (s served) now() provider.Provider {
	p := providerOf(s.info, s.plugin.installed.Name)
	p.Logo, p.Health = s.logo, provider.Up
	if s.plugin.down() {
		p.Health = provider.Down
	}
	return p
}

// down tells whether the plugin is not expected to be back at once: it was
// given up, or its last start failed.
func (p *plugin) down() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.course.phase == GivenUp || p.failedStart()
}

// serves finds the plugin of a provider.
func (h *Host) serves(id string) (served, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	s, ok := h.providers[id]
	return s, ok
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
	maps.DeleteFunc(h.providers, func(_ string, s served) bool { return s.plugin.installed.Name == p.installed.Name })
	for _, info := range d.Providers {
		info.LogoURL = elsewhere(info.LogoURL)
		h.providers[info.ID] = served{p, info, drawn[info.ID]}
	}
	return nil
}

// withdraw takes a plugin's providers out of the catalogue.
func (h *Host) withdraw(p *plugin) {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.providers, func(_ string, s served) bool { return s.plugin == p })
}

// clash finds an id that another plugin has already. The lock is held.
func (h *Host) clash(plugin string, d sdk.Description) error {
	channels := map[string]string{}
	for _, s := range h.providers {
		for _, c := range s.info.Channels {
			channels[c.ID] = s.plugin.installed.Name
		}
	}
	for _, info := range d.Providers {
		if other, ok := h.providers[info.ID]; ok && other.plugin.installed.Name != plugin {
			return fmt.Errorf("the provider %q is served by the plugin %q already", info.ID, other.plugin.installed.Name)
		}
		for _, c := range info.Channels {
			if owner, ok := channels[c.ID]; ok && owner != plugin {
				return fmt.Errorf("the channel %q is served by the plugin %q already", c.ID, owner)
			}
		}
	}
	return nil
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
