package pluginhost

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// part is what one plugin tells of a provider. A provider has several parts only
// where the operator named their plugins in Options.Together. The part of the
// plugin that is named first owns what they have in common: the name, the country,
// the logo, the zone and the maintenance; what the others say of these is not
// heard. A channel is its own plugin's alone.
type part struct {
	plugin *plugin
	info   sdk.ProviderInfo
	// logo is its picture, drawn anew; nil where there is none.
	logo *provider.Logo
}

// Clash says that a plugin declares what another one serves. It is not served
// then, with nothing of what it declares.
type Clash struct {
	// Provider and Channel are the ids of what is declared twice; Channel is empty
	// where the operator did not say that the two plugins may share the provider.
	Provider, Channel string
	// Plugin has it.
	Plugin string
}

// Error implements error.
func (c Clash) Error() string {
	if c.Channel == "" {
		return fmt.Sprintf("the provider %q is served by the plugin %q already, and plugins_together does not name both", c.Provider, c.Plugin)
	}
	return fmt.Sprintf("the channel %q of the provider %q is served by the plugin %q already", c.Channel, c.Provider, c.Plugin)
}

// rank of a plugin among those that may serve a provider together; whoever is
// not named comes last.
func (o Options) rank(plugin string) int {
	if at := slices.Index(o.Together, plugin); at >= 0 {
		return at
	}
	return len(o.Together)
}

// share tells whether the operator wants two plugins to serve a provider together.
func (o Options) share(one, other string) bool {
	return slices.Contains(o.Together, one) && slices.Contains(o.Together, other)
}

// inTurn is the order in which plugins are taken in: those that the operator
// named first, so that no other one is there before them.
func (o Options) inTurn(found []installed) []installed {
	slices.SortStableFunc(found, func(a, b installed) int { return cmp.Compare(o.rank(a.Name), o.rank(b.Name)) })
	return found
}

// joined are the parts of a provider with one more, made anew: those that were
// there may be in use.
func (o Options) joined(parts []part, more part) []part {
	parts = append(slices.Clone(parts), more)
	slices.SortStableFunc(parts, func(a, b part) int {
		return cmp.Compare(o.rank(a.plugin.installed.Name), o.rank(b.plugin.installed.Name))
	})
	return parts
}

// whole is a provider of all its parts as it is now, made anew so that no caller
// can change the catalogue.
func whole(parts []part) provider.Provider {
	p := providerOf(parts[0].info, "")
	p.Logo, p.Channels = parts[0].logo, nil
	for _, one := range parts {
		health := provider.Up
		if one.plugin.down() {
			health = provider.Down
		}
		for _, c := range one.info.Channels {
			channel := channelOf(c, one.plugin.installed.Name)
			channel.Health = health
			p.Channels = append(p.Channels, channel)
		}
	}
	return p
}

// clash finds what another plugin has already. The lock is held.
func (h *Host) clash(plugin string, d sdk.Description) error {
	taken := map[string]Clash{} // by the channel's id, and by provider and type: there is one of each
	for id, parts := range h.providers {
		for _, other := range parts {
			owner := other.plugin.installed.Name
			if owner == plugin {
				continue
			}
			for _, c := range other.info.Channels {
				has := Clash{Provider: id, Channel: c.ID, Plugin: owner}
				taken[c.ID], taken[id+" "+string(c.Type)] = has, has
			}
		}
	}
	for _, info := range d.Providers {
		for _, other := range h.providers[info.ID] {
			if owner := other.plugin.installed.Name; owner != plugin && !h.options.share(owner, plugin) {
				return Clash{Provider: info.ID, Plugin: owner}
			}
		}
		for _, c := range info.Channels {
			for _, key := range []string{c.ID, info.ID + " " + string(c.Type)} {
				if has, ok := taken[key]; ok {
					return has
				}
			}
		}
	}
	return nil
}
