package notifying

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/store"
)

// fact is an event with its body, which is written once for all endpoints.
type fact struct {
	event.Event
	once sync.Once
	body []byte
	err  error
}

func (f *fact) written(encode Encode) ([]byte, error) {
	f.once.Do(func() { f.body, f.err = encode(f.Event) })
	return f.body, f.err
}

// remembered is how many events a stream holds.
const remembered = 512

// stream is the newest part of one client's log, read once for all of the
// client's endpoints. Who is further behind reads the log itself.
type stream struct {
	store  store.Store
	client ident.Client
	// users are the pumps that read it; the dispatcher counts them.
	users int
	stop  context.CancelFunc

	mu sync.Mutex
	// base: facts are those after this number, up to head.
	base, head int64
	facts      []*fact
	grown      chan struct{}
}

func newStream(s store.Store, client ident.Client) *stream {
	return &stream{store: s, client: client, grown: make(chan struct{}), base: -1}
}

// growing is closed when there is more than now.
func (s *stream) growing() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.grown
}

// follow reads the log as it grows, until ctx ends.
func (s *stream) follow(ctx context.Context, b bus.Bus, look time.Duration, failed func(error)) {
	hints, err := b.Listen(ctx, s.client)
	if err != nil {
		hints = nil // without a broker it takes a look longer, no more
	}
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := s.grow(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case _, open := <-hints:
			if !open {
				hints = nil
			}
		case <-tick.C:
		}
	}
}

// grow takes in what is new. It begins with the end of the log, and as much before
// it as it remembers: that is where most endpoints are.
func (s *stream) grow(ctx context.Context) error {
	for {
		s.mu.Lock()
		from, known := s.head, s.base >= 0
		s.mu.Unlock()
		var found []event.Event
		err := s.store.View(ctx, func(tx store.Tx) (err error) {
			if !known {
				if from, err = s.beginning(ctx, tx); err != nil {
					return err
				}
			}
			found, err = tx.Events().After(ctx, s.client, from, store.EventFilter{}, remembered/2)
			return err
		})
		if errors.Is(err, event.ErrGone) { // the log was forgotten faster than it was read
			s.forget()
			continue
		}
		if err != nil {
			return err
		}
		s.append(from, found)
		if len(found) < remembered/2 {
			return nil
		}
	}
}

// beginning is after which number to begin: one that the log still has.
func (s *stream) beginning(ctx context.Context, tx store.Tx) (int64, error) {
	head, err := tx.Events().Head(ctx, s.client)
	if err != nil {
		return 0, err
	}
	oldest, err := tx.Events().Oldest(ctx, s.client)
	return max(0, head-remembered, min(oldest-1, head)), err
}

// forget begins anew with the end of the log.
func (s *stream) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base, s.head, s.facts = -1, 0, nil
}

func (s *stream) append(from int64, found []event.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := s.base < 0
	if first {
		s.base, s.head = from, from
	}
	for _, e := range found {
		s.facts = append(s.facts, &fact{Event: e})
		s.head = e.Seq
	}
	if extra := len(s.facts) - remembered; extra > 0 {
		s.base = s.facts[extra-1].Seq
		s.facts = append([]*fact(nil), s.facts[extra:]...)
	}
	if len(found) > 0 || first {
		close(s.grown)
		s.grown = make(chan struct{})
	}
}

// after gives what a filter wants after a number, in order, and up to which
// number that is all.
func (s *stream) after(ctx context.Context, seq int64, filter delivery.Filter, limit int) (facts []*fact, upTo int64, err error) {
	if facts, upTo, held := s.held(seq, filter, limit); held {
		return facts, upTo, nil
	}
	err = s.store.View(ctx, func(tx store.Tx) error {
		if upTo, err = tx.Events().Head(ctx, s.client); err != nil || upTo <= seq {
			return err
		}
		oldest, err := tx.Events().Oldest(ctx, s.client)
		if err != nil {
			return err
		}
		// A webhook that was disabled for longer than the log is kept begins with
		// what there is.
		found, err := tx.Events().After(ctx, s.client, max(seq, oldest-1), store.EventFilter{User: filter.UserID, Connection: filter.ConnectionID, Names: filter.Names}, limit)
		for _, e := range found {
			facts = append(facts, &fact{Event: e})
		}
		if len(found) == limit {
			upTo = found[limit-1].Seq
		}
		return err
	})
	return facts, max(seq, upTo), err
}

func (s *stream) held(seq int64, filter delivery.Filter, limit int) (facts []*fact, upTo int64, held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.base < 0 || seq < s.base {
		return nil, 0, false
	}
	upTo = max(seq, s.head)
	start := min(len(s.facts), int(max(0, seq-s.base)))
	for _, f := range s.facts[start:] {
		if f.Seq <= seq || !filter.Wants(f.Event) {
			continue
		}
		if facts = append(facts, f); len(facts) == limit {
			return facts, f.Seq, true
		}
	}
	return facts, upTo, true
}
