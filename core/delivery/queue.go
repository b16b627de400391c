// Package delivery owns how events reach a client: queues that remember what
// was acknowledged, and webhooks that are tried until somebody took the event. It
// knows nothing of how events are stored, or of how a request is made.
package delivery

import (
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Filter says which events are wanted; what is empty does not restrict.
type Filter struct {
	UserID       ident.User
	ConnectionID ident.Connection
	Names        []event.Name
}

// Queue is a durable place in a client's event log.
type Queue struct {
	ID       ident.Queue
	ClientID ident.Client
	Filter   Filter
	// Acked is the highest sequence number acknowledged: reading starts after it.
	Acked     int64
	CreatedAt time.Time
	// Leases are what consumers who share the queue work on, in the order of the
	// log, without a gap from Acked on.
	Leases []Lease
}

// Errors.
var (
	ErrNotFound = fault.New(fault.NotFound, "queue_not_found", "There is no such queue.")
	ErrAhead    = fault.New(fault.Invalid, "acknowledged_ahead", "Nothing has been delivered up to this sequence number yet.")
)

// New makes a queue that starts after the event numbered head.
func New(id ident.Queue, client ident.Client, filter Filter, head int64, now time.Time) (*Queue, error) {
	if err := event.Check(filter.Names); err != nil {
		return nil, err
	}
	return &Queue{ID: id, ClientID: client, Filter: filter, Acked: head, CreatedAt: now}, nil
}

// Pass moves over events that are forgotten and that the queue did not want.
func (q *Queue) Pass(through int64) { _ = q.Ack(through, through) }

// Lost tells of events that were wanted, and are forgotten.
func (q *Queue) Lost(through int64) event.Draft {
	return event.Draft{Name: event.QueueEventsLost, Version: event.PayloadOf(event.QueueEventsLost).Version, Data: event.Data{"queue_id": string(q.ID), "through": through}}
}

// Ack remembers that everything up to seq was dealt with. Acknowledging again,
// or less, changes nothing; head is the newest number there is.
func (q *Queue) Ack(seq, head int64) error {
	if seq > head {
		return ErrAhead
	}
	q.Acked = max(q.Acked, seq)
	q.settle()
	return nil
}
