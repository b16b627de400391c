// Package eventbus owns the hints between writers and readers of the event
// log, on Watermill. It must not know what an event says: the log in the store
// is the truth, and a hint only says how far it reaches.
//
// Invariant: nothing here blocks who publishes, and nothing is lost with a hint.
package eventbus

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"strconv"
	"sync"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
)

// Config says how hints travel.
type Config struct {
	// Logger hears of hints that could not be sent; nobody does by default.
	Logger *slog.Logger
}

// Bus is an open bus.
type Bus struct {
	publisher  message.Publisher
	subscriber message.Subscriber
	logger     *slog.Logger

	mu        sync.Mutex
	closed    bool
	listeners sync.WaitGroup
}

var errClosed = fault.New(fault.Unavailable, "bus_closed", "The event bus is closed.")

// OpenLocal gives a bus inside this process: enough where one process serves
// everything.
func OpenLocal(config Config) *Bus {
	local := gochannel.NewGoChannel(gochannel.Config{}, watermill.NopLogger{})
	return &Bus{
		publisher: local, subscriber: local,
		logger: cmp.Or(config.Logger, slog.New(slog.DiscardHandler)),
	}
}

// payload is a hint on its way; the client is in the topic.
type payload struct {
	Seq int64 `json:"seq"`
}

// topic has one client's hints.
func topic(client ident.Client) string { return "events." + string(client) }

// Publish sends a hint to whoever listens now.
func (b *Bus) Publish(ctx context.Context, hint bus.Hint) {
	body, err := json.Marshal(payload{Seq: hint.Seq})
	if err == nil {
		// The same hint has the same id, so that a broker may drop its double.
		id := string(hint.Client) + ":" + strconv.FormatInt(hint.Seq, 10)
		err = b.publisher.Publish(topic(hint.Client), message.NewMessage(id, body))
	}
	if err != nil {
		b.logger.DebugContext(ctx, "hint lost", slog.String("client", string(hint.Client)), slog.Any("error", err))
	}
}

// Listen gives the hints of client until ctx ends or the bus is closed.
func (b *Bus) Listen(ctx context.Context, client ident.Client) (<-chan bus.Hint, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed
	}
	messages, err := b.subscriber.Subscribe(ctx, topic(client))
	if err != nil {
		return nil, errClosed.Because(err)
	}
	hints := make(chan bus.Hint)
	b.listeners.Go(func() { forward(client, messages, hints) })
	return hints, nil
}

// Close ends every listener and waits until they are gone.
func (b *Bus) Close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	err := b.publisher.Close() // also closes the subscriber: they are one
	b.listeners.Wait()
	return err
}
