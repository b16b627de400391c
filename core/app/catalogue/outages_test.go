package catalogue_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/catalogue"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

var (
	up       = catalogue.Plugin{Name: "oak", Up: true}
	starting = catalogue.Plugin{Name: "oak"}
	givenUp  = catalogue.Plugin{Name: "oak", GivenUp: true, RetryAt: usecasetest.Epoch.Add(5 * time.Minute)}
)

// served is a bank with one channel, which a plugin serves.
func served(id, plugin string) provider.Provider {
	return provider.Provider{ID: id, Channels: []provider.Channel{{ID: id + "-way", Plugin: plugin}}}
}

func watcher(w *usecasetest.World) *catalogue.Outages {
	return &catalogue.Outages{Store: w.Store, Catalogue: catalogue.Service{Catalogue: w.Banks}, Now: w.Now}
}

// TestOutages tells each client once that a plugin is given up, and once that
// it is back, however often it is looked at and started again in between.
func TestOutages(t *testing.T) {
	t.Parallel()
	const ended, back = event.ProviderUnavailable, event.ProviderAvailable
	for name, c := range map[string]struct {
		seen []catalogue.Plugin
		want []event.Name
	}{
		"it serves":              {[]catalogue.Plugin{starting, up, up}, nil},
		"it crashes and is back": {[]catalogue.Plugin{up, starting, up, starting}, nil},
		"given up":               {[]catalogue.Plugin{up, starting, givenUp, givenUp}, []event.Name{ended}},
		"never came up":          {[]catalogue.Plugin{starting, givenUp}, []event.Name{ended}},
		"tried again in vain":    {[]catalogue.Plugin{up, givenUp, starting, givenUp}, []event.Name{ended}},
		"back":                   {[]catalogue.Plugin{givenUp, starting, up, up}, []event.Name{ended, back}},
		"given up a second time": {[]catalogue.Plugin{givenUp, starting, up, givenUp}, []event.Name{ended, back, ended}},
		"one that is taken away": {[]catalogue.Plugin{givenUp, {Name: "elm", Up: true}}, []event.Name{ended}},
		"another one is its own": {[]catalogue.Plugin{givenUp, {Name: "elm", GivenUp: true}}, []event.Name{ended, ended}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := usecasetest.New(t)
			outages := watcher(w)
			before := map[string]int64{"Acme": w.Head(w.Acme), "Other": w.Head(w.Other)}
			for _, p := range c.seen {
				require.NoError(t, outages.Look(t.Context(), []catalogue.Plugin{p}))
			}
			require.Equal(t, c.want, w.Told(w.Acme, before["Acme"]))
			require.Equal(t, c.want, w.Told(w.Other, before["Other"]))
		})
	}
}

// TestOutages_over_a_restart are neither told twice nor forgotten.
func TestOutages_over_a_restart(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	head := w.Head(w.Acme)
	for _, p := range []catalogue.Plugin{givenUp, givenUp, up, up} {
		require.NoError(t, watcher(w).Look(t.Context(), []catalogue.Plugin{p}))
	}
	require.Equal(t, []event.Name{event.ProviderUnavailable, event.ProviderAvailable}, w.Told(w.Acme, head))
}

// TestOutages_say where to look, and never more than some names.
func TestOutages_say(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	var many []provider.Provider
	for i := range 60 {
		many = append(many, served(fmt.Sprint(i), "oak"), served(fmt.Sprint("x", i), "elm"))
	}
	w.Banks.Set(many...)
	head := w.Head(w.Acme)
	require.NoError(t, watcher(w).Look(t.Context(), []catalogue.Plugin{givenUp}))
	w.View(func(ctx context.Context, tx store.Tx) error {
		told, err := tx.Events().After(ctx, w.Acme.ID, head, store.EventFilter{}, 10)
		require.Len(t, told, 1)
		require.Equal(t, "oak", told[0].Data["plugin"])
		require.EqualValues(t, 60, told[0].Data["providers"])
		require.Len(t, told[0].Data["provider_ids"], 50)
		require.Len(t, told[0].Data["channel_definition_ids"], 50)
		require.Equal(t, "2026-03-01T12:05:00Z", told[0].Data["retry_at"])
		return err
	})
}

// TestOutages_of_a_client that was disabled are not told to it.
func TestOutages_of_a_client(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	w.Other.Disabled = true
	w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Clients().Put(ctx, w.Other) })
	head := w.Head(w.Other)
	require.NoError(t, watcher(w).Look(t.Context(), []catalogue.Plugin{givenUp}))
	require.Empty(t, w.Told(w.Other, head))
}

// TestOutages_of_half_a_bank name the channel that is concerned, and not the one
// that another plugin serves.
func TestOutages_of_half_a_bank(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	w.Banks.Set(provider.Provider{ID: "bank", Channels: []provider.Channel{{ID: "bank-api", Plugin: "elm"}, {ID: "bank-web", Plugin: "oak"}}}, served("other", "elm"))
	head := w.Head(w.Acme)
	require.NoError(t, watcher(w).Look(t.Context(), []catalogue.Plugin{givenUp}))
	w.View(func(ctx context.Context, tx store.Tx) error {
		told, err := tx.Events().After(ctx, w.Acme.ID, head, store.EventFilter{}, 10)
		require.Len(t, told, 1)
		require.Equal(t, []any{[]any{"bank"}, []any{"bank-web"}}, []any{list(told[0].Data["provider_ids"]), list(told[0].Data["channel_definition_ids"])})
		return err
	})
}

// list is one of a stored event, which JSON has been through or not.
func list(of any) (all []any) {
	if words, ok := of.([]string); ok {
		for _, word := range words {
			all = append(all, word)
		}
		return all
	}
	all, _ = of.([]any)
	return all
}
