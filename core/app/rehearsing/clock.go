package rehearsing

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
)

// Clock is what a server process knows of the sandbox's clock. Now is asked in
// the middle of everything, so it asks nobody: Follow keeps it right. The zero
// Clock on real time was never moved.
type Clock struct {
	Real   func() time.Time
	offset atomic.Int64
	// following keeps an older answer of the store from replacing a newer one.
	following sync.Mutex
}

// Now is the sandbox's time.
func (c *Clock) Now() time.Time { return c.Real().Add(c.Offset()) }

// Offset is how far it is from real time.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// Follow takes over what the store says.
func (c *Clock) Follow(ctx context.Context, state store.Store) (kept sandbox.Clock, err error) {
	c.following.Lock()
	defer c.following.Unlock()
	err = state.View(ctx, func(tx store.Tx) (err error) {
		kept, err = tx.Clock().Get(ctx)
		return err
	})
	if err == nil {
		c.offset.Store(int64(kept.Offset))
	}
	return kept, err
}
