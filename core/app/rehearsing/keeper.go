package rehearsing

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/testbank"
)

// Keeper sees to it that this process and the test bank have what the store
// says: the clock, and all clients' configurations. The bank forgets both when
// it restarts, and another process may have moved the clock.
type Keeper struct {
	Store store.Store
	Bank  testbank.Bank
	Clock *Clock
	Log   *slog.Logger

	mu sync.Mutex
	// instance and revision are of the bank and clock that go together by now.
	instance string
	revision int64
	failing  bool
}

// Settle puts right what is not. As long as there is nothing to tell it asks
// the test bank nothing. It fails where the bank cannot be told: whoever is
// about to speak with it must not, then.
func (k *Keeper) Settle(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	clock, err := k.Clock.Follow(ctx, k.Store)
	if err != nil {
		return err
	}
	some, err := k.page(ctx, store.Page{Limit: 1})
	if err != nil || clock.Revision == 0 && len(some.Items) == 0 {
		return err
	}
	instance, err := k.Bank.Instance(ctx)
	if err != nil || instance == k.instance && clock.Revision == k.revision {
		return err
	}
	if clock.Revision > 0 { // before the configurations, whose first day it is
		if err := k.Bank.SetOffset(ctx, clock.Offset); err != nil {
			return err
		}
	}
	if instance != k.instance {
		if err := k.restore(ctx); err != nil {
			return err
		}
	}
	k.instance, k.revision = instance, clock.Revision
	return nil
}

func (k *Keeper) page(ctx context.Context, page store.Page) (slice store.Slice[sandbox.Configuration], err error) {
	err = k.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Configurations().All(ctx, page)
		return err
	})
	return slice, err
}

// restore gives the bank what it does not have. What it has it keeps: sessions
// of customers would end.
func (k *Keeper) restore(ctx context.Context) error {
	served, err := k.Bank.Configurations(ctx)
	if err != nil {
		return err
	}
	has := map[ident.Configuration]bool{}
	for _, id := range served {
		has[id] = true
	}
	for page := (store.Page{Limit: 100}); ; {
		slice, err := k.page(ctx, page)
		if err != nil {
			return err
		}
		for _, c := range slice.Items {
			if has[c.ID] {
				continue
			}
			if err := k.send(ctx, c); err != nil {
				return err
			}
		}
		if page.After = slice.Next; page.After == nil {
			return nil
		}
	}
}

// send gives the bank one configuration. One that it does not take any more,
// being of another version, must not keep the others away.
func (k *Keeper) send(ctx context.Context, c sandbox.Configuration) error {
	err := k.Store.View(ctx, func(tx store.Tx) (err error) {
		c, err = tx.Configurations().Get(ctx, c.ClientID, c.ID)
		return err
	})
	if err != nil {
		return ignoreGone(err)
	}
	if _, err = k.Bank.Put(ctx, c.ID, c.Text); refused(err) {
		k.Log.WarnContext(ctx, "the test bank does not take a configuration any more", "configuration_id", c.ID, "error", err)
		return nil
	}
	return err
}

// Keep settles every so often until ctx ends, for whoever goes to the bank
// without us: a customer's browser, say.
func (k *Keeper) Keep(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		k.try(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// try settles, and says once when it cannot.
func (k *Keeper) try(ctx context.Context) {
	err := k.Settle(ctx)
	if ctx.Err() != nil {
		return
	}
	k.mu.Lock()
	was := k.failing
	k.failing = err != nil
	k.mu.Unlock()
	if err != nil && !was {
		k.Log.WarnContext(ctx, "the test bank does not follow", "error", err)
	}
}
