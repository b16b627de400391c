package delivering

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// Watcher looks at the logs of the clients whose readers wait, for all of them at
// once: a thousand readers that each look for themselves keep a database busy. It
// looks as long as somebody waits, and no longer.
type Watcher struct {
	Store store.Store
	// Every is how often it looks; zero means every two seconds.
	Every time.Duration

	mu      sync.Mutex
	end     context.CancelFunc // of the present looking
	clients map[ident.Client]*watched
}

// watched is the log of one client. Of one that was not looked at yet nobody
// knows whether it grew since its readers read.
type watched struct {
	head    int64
	known   bool
	readers map[chan struct{}]bool
}

// watch gives a sign whenever a client's log may have grown, until ctx ends.
func (w *Watcher) watch(ctx context.Context, client ident.Client) <-chan struct{} {
	sign := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.clients == nil {
		w.clients = map[ident.Client]*watched{}
	}
	if w.clients[client] == nil {
		w.clients[client] = &watched{readers: map[chan struct{}]bool{}}
	}
	w.clients[client].readers[sign] = true
	context.AfterFunc(ctx, func() { w.leave(client, sign) })
	if w.end == nil {
		looking, end := context.WithCancel(context.WithoutCancel(ctx))
		w.end = end
		go w.look(looking)
	}
	return sign
}

func (w *Watcher) leave(client ident.Client, sign chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	readers := w.clients[client].readers
	if delete(readers, sign); len(readers) == 0 {
		delete(w.clients, client)
	}
	if len(w.clients) == 0 {
		w.end()
		w.end = nil
	}
}

func (w *Watcher) look(ctx context.Context) {
	tick := time.NewTicker(pauseOf(w.Every))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		clients := w.waitedFor()
		var heads map[ident.Client]int64
		err := w.Store.View(ctx, func(tx store.Tx) (err error) {
			heads, err = tx.Events().Heads(ctx, clients...)
			return err
		})
		if err == nil { // else the next look tells
			w.compare(clients, heads)
		}
	}
}

func (w *Watcher) waitedFor() []ident.Client {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Keys(w.clients))
}

func (w *Watcher) compare(clients []ident.Client, heads map[ident.Client]int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, client := range clients {
		log, waits := w.clients[client]
		if !waits || (log.known && log.head == heads[client]) {
			continue
		}
		log.head, log.known = heads[client], true
		for reader := range log.readers {
			select {
			case reader <- struct{}{}:
			default: // it was told already
			}
		}
	}
}
