package bustest

import (
	"context"
	"sync"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
)

// Fake is a bus in memory. It also remembers what was published.
type Fake struct {
	mu        sync.Mutex
	listeners map[ident.Client]map[chan bus.Hint]bool
	published []bus.Hint
}

// NewFake gives a bus nobody listens to yet.
func NewFake() *Fake { return &Fake{listeners: map[ident.Client]map[chan bus.Hint]bool{}} }

// Publish tells everybody who has room for a hint.
func (f *Fake) Publish(_ context.Context, hint bus.Hint) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.published = append(f.published, hint)
	for listener := range f.listeners[hint.Client] {
		select {
		case listener <- hint:
		default: // slow: misses it
		}
	}
}

// Published tells every hint so far, in order.
func (f *Fake) Published() []bus.Hint {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]bus.Hint(nil), f.published...)
}

// Listen gives the hints of client until ctx ends.
func (f *Fake) Listen(ctx context.Context, client ident.Client) (<-chan bus.Hint, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	hints := make(chan bus.Hint, 16)
	if f.listeners[client] == nil {
		f.listeners[client] = map[chan bus.Hint]bool{}
	}
	f.listeners[client][hints] = true
	context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.listeners[client], hints)
		close(hints)
	})
	return hints, nil
}
