// Package webhook is the port to the endpoints of clients: one request that
// tells one event. It knows nothing of when a request is made, or of what follows
// from its answer. Its contract suite is webhooktest.Run.
//
// Invariants that every adapter keeps: an exchange ends in its limit, whatever
// the endpoint does; no redirect is followed; what is not public is not asked,
// and an answer does not tell why an address could not be reached.
package webhook

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
)

// Message is one request.
type Message struct {
	URL string
	// ID is the event's: the same with every attempt. At is the attempt's own time.
	ID        ident.Event
	At        time.Time
	Signature string
	Body      []byte
}

// Sender makes requests.
type Sender interface {
	// Check refuses an address with delivery.ErrWebhookURL by what it says itself.
	// One that passes may still not be reached.
	Check(url string) error
	// Send gives the answer, or why there was none.
	Send(ctx context.Context, m Message) delivery.Answer
}

// Headers of a request.
const (
	IDHeader        = "Webhook-Id"
	TimestampHeader = "Webhook-Timestamp"
	SignatureHeader = "Webhook-Signature"
)

// Bounds of an answer.
const (
	// Limit is how long a whole exchange may take.
	Limit = 15 * time.Second
	// MaxRead is how much of an answer is read, in bytes.
	MaxRead = 64 << 10
	// MaxExcerpt is how much of it is kept, in characters.
	MaxExcerpt = 500
)
