package pluginhost

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/manifest"
)

func named(name string) *plugin {
	return &plugin{installed: installed{Manifest: manifest.Manifest{Name: name}}}
}

// declared is a catalogue that a contract would let through: ids stand once, and
// a provider has one channel of each type.
func declared(r *rapid.T, plugin string) sdk.Description {
	d, channels := sdk.Description{Plugin: plugin}, map[string]bool{}
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"oak", "elm"}), 0, 2, rapid.ID).Draw(r, "providers") {
		info := sdk.ProviderInfo{ID: id, Name: id + " as " + plugin + " calls it", Country: "FR", LogoURL: "https://" + plugin + ".example/logo.png"}
		for _, kind := range rapid.SliceOfNDistinct(rapid.SampledFrom([]sdk.ChannelType{sdk.Redirect, sdk.Embedded}), 1, 2, rapid.ID).Draw(r, "types") {
			channel := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(r, "channel")
			if !channels[channel] {
				channels[channel] = true
				info.Channels = append(info.Channels, sdk.ChannelDefinition{ID: channel, Type: kind})
			}
		}
		if len(info.Channels) > 0 {
			d.Providers = append(d.Providers, info)
		}
	}
	return d
}

// TestParts lets plugins come, change and go in any order, whatever they declare:
// nobody ever takes a channel that another one serves, or speaks for a provider in
// the place of its owner.
func TestParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		names := []string{"psd2", "scraper", "thief", "other"}
		together := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 3, rapid.ID).Draw(r, "together")
		h := &Host{options: Options{Together: together}, providers: map[string][]part{}}
		up := map[string]*plugin{}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			name := rapid.SampledFrom(names).Draw(r, "plugin")
			if up[name] != nil && rapid.Bool().Draw(r, "goes") {
				h.withdraw(up[name])
				delete(up, name)
				continue
			}
			before, next := served(h), named(name)
			err := h.publish(next, declared(r, name))
			if err == nil {
				up[name] = next
				others := func(_, plugin string) bool { return plugin == name }
				maps.DeleteFunc(before, others)
				after := served(h)
				maps.DeleteFunc(after, others)
				require.Equal(r, before, after, "what is another plugin's stays")
				continue
			}
			_, typed := errors.AsType[Clash](err)
			require.True(r, typed, "%v", err)
			require.Equal(r, before, served(h), "all or nothing")
		}
		for id, parts := range h.providers {
			owners := []string{}
			for _, one := range parts {
				owners = append(owners, one.plugin.installed.Name)
			}
			if len(parts) > 1 {
				require.Subset(r, together, owners, "the operator said so")
			}
			first := slices.IndexFunc(together, func(name string) bool { return slices.Contains(owners, name) })
			owner := owners[0]
			if first >= 0 {
				owner = together[first]
			}
			told := whole(parts)
			require.Equal(r, id+" as "+owner+" calls it", told.Name)
			require.Equal(r, "https://"+owner+".example/logo.png", told.LogoURL)
			kinds := map[string]bool{}
			for _, c := range told.Channels {
				require.False(r, kinds[string(c.Type)], "one of each type")
				kinds[string(c.Type)] = true
				require.Equal(r, c.Plugin, h.serves(id, c.ID).installed.Name)
			}
		}
	})
}

// served is which plugin serves each channel. An id that two serve is no catalogue.
func served(h *Host) map[string]string {
	all := map[string]string{}
	for id, parts := range h.providers {
		for _, c := range whole(parts).Channels {
			if other, twice := all[c.ID]; twice {
				panic(fmt.Sprint(id, c.ID, other, c.Plugin))
			}
			all[c.ID] = c.Plugin
		}
	}
	return all
}

func TestClash_says_what_and_whose(t *testing.T) {
	t.Parallel()
	h := &Host{options: Options{Together: []string{"psd2", "scraper"}}, providers: map[string][]part{}}
	bank := func(plugin, channel string, kind sdk.ChannelType) sdk.Description {
		return sdk.Description{Plugin: plugin, Providers: []sdk.ProviderInfo{{ID: "oak", Name: plugin, Channels: []sdk.ChannelDefinition{{ID: channel, Type: kind}}}}}
	}
	require.NoError(t, h.publish(named("psd2"), bank("psd2", "oak-psd2", sdk.Redirect)))
	elsewhere := bank("thief", "oak-psd2", sdk.Embedded)
	elsewhere.Providers[0].ID = "elm"
	for name, c := range map[string]struct {
		plugin string
		of     sdk.Description
		want   Clash
	}{
		"the provider":                 {"thief", bank("thief", "mine", sdk.Embedded), Clash{Provider: "oak", Plugin: "psd2"}},
		"the channel":                  {"scraper", bank("scraper", "oak-psd2", sdk.Embedded), Clash{Provider: "oak", Channel: "oak-psd2", Plugin: "psd2"}},
		"the channel, elsewhere":       {"thief", elsewhere, Clash{Provider: "oak", Channel: "oak-psd2", Plugin: "psd2"}},
		"the same way by another name": {"scraper", bank("scraper", "mine", sdk.Redirect), Clash{Provider: "oak", Channel: "oak-psd2", Plugin: "psd2"}},
	} {
		require.Equal(t, c.want, h.publish(named(c.plugin), c.of), name)
	}
	require.NoError(t, h.publish(named("scraper"), bank("scraper", "oak-web", sdk.Embedded)))
	require.Equal(t, []string{"psd2", "scraper"}, whole(h.providers["oak"]).Plugins())
	require.Equal(t, provider.Up, whole(h.providers["oak"]).Health())
}
