package pluginhost

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

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
	s, ok := h.providers[id]
	if !ok {
		return provider.Provider{}, provider.ErrNotFound
	}
	return s.now(), nil
}

// now is the provider with its present health, made anew so that no caller can
// change the catalogue.
func (s served) now() provider.Provider {
	p := providerOf(s.info, s.plugin.manifest.Name)
	p.Health = provider.Up
	if s.plugin.lastError() != nil {
		p.Health = provider.Down
	}
	return p
}

// clash finds an id that another plugin has already.
func (h *Host) clash(p *plugin) error {
	channels := map[string]string{}
	for _, s := range h.providers {
		for _, c := range s.info.Channels {
			channels[c.ID] = s.plugin.manifest.Name
		}
	}
	for _, info := range p.described().Providers {
		if other, ok := h.providers[info.ID]; ok {
			return fmt.Errorf("the provider %q is served by the plugin %q already", info.ID, other.plugin.manifest.Name)
		}
		for _, c := range info.Channels {
			if owner, ok := channels[c.ID]; ok {
				return fmt.Errorf("the channel %q is served by the plugin %q already", c.ID, owner)
			}
		}
	}
	return nil
}

func providerOf(info sdk.ProviderInfo, plugin string) provider.Provider {
	return provider.Provider{
		ID: info.ID, Name: info.Name, Country: info.Country, LogoURL: info.LogoURL,
		Plugin: plugin, Channels: each(info.Channels, channelOf),
	}
}

func channelOf(c sdk.ChannelDefinition) provider.Channel {
	return provider.Channel{
		ID: c.ID, Type: bank.ChannelType(c.Type), AccountTypes: words[bank.AccountType](c.AccountTypes),
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
