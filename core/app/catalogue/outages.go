package catalogue

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// Plugin is how a plugin does, for who watches over it.
type Plugin struct {
	Name string
	// Up says that it serves, GivenUp that it failed too often. Between the two
	// nothing is told: it is being started.
	Up, GivenUp bool
	// RetryAt is when one that was given up is tried again.
	RetryAt time.Time
}

// Outages tells clients of plugins that are given up, and that they are back,
// once each, also over restarts. With several servers it speaks of the one whose
// plugin changed last. It is for one goroutine.
type Outages struct {
	Store     store.Store
	Catalogue Service
	Now       func() time.Time
	// settled is what each plugin was when it was last looked after.
	settled map[string]Plugin
}

// Look compares how plugins do with what clients were told. What did not change
// since the last look costs nothing. On an error it is to be asked again.
func (o *Outages) Look(ctx context.Context, plugins []Plugin) error {
	if o.settled == nil {
		o.settled = map[string]Plugin{}
	}
	for _, p := range plugins {
		before, seen := o.settled[p.Name]
		if p.Up == p.GivenUp || seen && before.Up == p.Up {
			continue
		}
		if err := o.tell(ctx, p); err != nil {
			return err
		}
		o.settled[p.Name] = p
	}
	return nil
}

func (o *Outages) tell(ctx context.Context, p Plugin) error {
	by, err := o.affected(ctx, p.Name)
	if err != nil {
		return err
	}
	outage := provider.Outage{Plugin: p.Name, Since: o.Now()}
	return o.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		change, draft := func() (bool, error) { return tx.Outages().Begin(ctx, outage) }, outage.Ended(by, p.RetryAt)
		if p.Up {
			change, draft = func() (bool, error) { return tx.Outages().End(ctx, p.Name) }, outage.Back(by)
		}
		if changed, err := change(); err != nil || !changed {
			return err
		}
		return everybody(ctx, tx, func(client ident.Client) error { return tx.Events().Append(ctx, client, draft) })
	})
}

// affected are the channels that a plugin serves, and their providers.
func (o *Outages) affected(ctx context.Context, plugin string) (by provider.Affected, err error) {
	all, err := o.Catalogue.Catalogue.Providers(ctx)
	for _, p := range all {
		for _, c := range p.Channels {
			if c.Plugin != plugin {
				continue
			}
			by.Channels = append(by.Channels, c.ID)
			if n := len(by.Providers); n == 0 || by.Providers[n-1] != p.ID {
				by.Providers = append(by.Providers, p.ID)
			}
		}
	}
	return by, err
}

// everybody calls for each client that may call us.
func everybody(ctx context.Context, tx store.Tx, do func(ident.Client) error) error {
	page := store.Page{Limit: 500}
	for {
		slice, err := tx.Clients().List(ctx, page)
		if err != nil {
			return err
		}
		for _, c := range slice.Items {
			if c.Disabled {
				continue
			}
			if err := do(c.ID); err != nil {
				return err
			}
		}
		if page.After = slice.Next; page.After == nil {
			return nil
		}
	}
}
