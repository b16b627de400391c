package eventbus

import (
	"sync"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
)

// outbox keeps what is to be told, of each client the furthest: it never keeps
// anybody waiting, and does not grow while a broker is slow or gone.
type outbox struct {
	mu       *sync.Mutex
	furthest map[ident.Client]int64
	bell     chan struct{}
}

func newOutbox() outbox {
	return outbox{mu: new(sync.Mutex), furthest: map[ident.Client]int64{}, bell: make(chan struct{}, 1)}
}

func (o outbox) put(hint bus.Hint) {
	o.mu.Lock()
	o.furthest[hint.Client] = max(o.furthest[hint.Client], hint.Seq)
	o.mu.Unlock()
	select {
	case o.bell <- struct{}{}:
	default: // it rang already
	}
}

func (o outbox) take() (hints []bus.Hint) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for client, seq := range o.furthest {
		hints = append(hints, bus.Hint{Client: client, Seq: seq})
	}
	clear(o.furthest)
	return hints
}
