package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// MaxWait is the longest that a reader of a queue can ask to wait.
const MaxWait = 30 * time.Second

type newQueue struct {
	UserID string `json:"user_id,omitempty" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Only the events of this user."`
	// The connection has to be one that the token reaches.
	ConnectionID string   `json:"connection_id,omitempty" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Only the events of this connection."`
	Types        []string `json:"types,omitempty" maxItems:"100" example:"synchronization.succeeded" doc:"Only events of these names."`
}

type acknowledgement struct {
	Seq     int64  `json:"seq" minimum:"0" maximum:"9007199254740991" example:"42" doc:"Everything up to this number was dealt with."`
	LeaseID string `json:"lease_id,omitempty" example:"lea_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The lease that gave the events, where consumers share the queue: then only what that lease gave is acknowledged."`
}

type newLease struct {
	Limit   int `json:"limit,omitempty" default:"100" minimum:"1" maximum:"500" doc:"How many events to give at most."`
	Seconds int `json:"seconds,omitempty" default:"60" minimum:"1" maximum:"3600" doc:"How long no other consumer gets them."`
	Wait    int `json:"wait,omitempty" default:"0" minimum:"0" maximum:"30" doc:"How many seconds to wait for the first event."`
}

type (
	queuePath struct {
		ID string `path:"id" doc:"A queue's id." example:"que_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneQueue  struct{ Body queueView }
	madeQueue struct {
		Location string `header:"Location" doc:"The new queue's events."`
		Body     queueView
	}
	queueList        struct{ Body list[queueView] }
	createQueueInput struct{ Body *newQueue }
	listQueuesInput  struct{ PageParams }
	readQueueInput   struct {
		ID    string `path:"id" doc:"A queue's id." example:"que_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		After seq    `query:"after" minimum:"0" doc:"Give events after this number; after what was acknowledged unless given."`
		Limit int    `query:"limit" default:"100" minimum:"1" maximum:"500" doc:"How many to give at most."`
		Wait  int    `query:"wait" default:"0" minimum:"0" maximum:"30" doc:"How many seconds to wait for the first event."`
	}
	eventList       struct{ Body list[eventView] }
	leaseQueueInput struct {
		ID   string `path:"id" doc:"A queue's id." example:"que_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body *newLease
	}
	oneLease      struct{ Body leaseView }
	ackQueueInput struct {
		ID   string `path:"id" doc:"A queue's id." example:"que_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body acknowledgement
	}
)

// queueLost says what becomes of a queue that nobody reads.
const queueLost = "A queue that has not acknowledged something it wants by then loses it: the event queue.events_lost tells that once, reading is refused with " +
	"events_gone, and acknowledging the number before the oldest goes on from there."

func (a api) queues() {
	add(a, operation{
		ID: "create-queue", Method: http.MethodPost, Path: "/v1/queues", Tag: tagQueues, Status: http.StatusCreated,
		Creates: true, Summary: "Create a queue", Text: "It begins with the next event. With a user's token it gives that user's events only.",
		Who: holding(client.EventsRead), Errors: []int{http.StatusNotFound},
	}, a.createQueue)
	add(a, operation{
		ID: "list-queues", Method: http.MethodGet, Path: "/v1/queues", Tag: tagQueues,
		Summary: "List queues", Text: "In the order of their creation.",
		Who: holding(client.EventsRead),
	}, a.listQueues)
	add(a, operation{
		ID: "read-queue", Method: http.MethodGet, Path: "/v1/queues/{id}/events", Tag: tagQueues,
		Summary: "Read events", Text: "In their order. Reading can be repeated until it is acknowledged. A next_cursor is given as after. " + kept + queueLost,
		Within: MaxWait + ordinary, Who: holding(client.EventsRead), Errors: []int{http.StatusNotFound, http.StatusGone},
	}, a.readQueue)
	add(a, operation{
		ID: "lease-events", Method: http.MethodPost, Path: "/v1/queues/{id}/leases", Tag: tagQueues,
		Summary: "Lease events", Text: "For consumers who share a queue: what one has got, no other gets until the lease ends. What is not acknowledged " +
			"with the lease's id by then is given to whoever asks next. id is null where nothing is there. At most 100 leases are out at once. " + queueLost,
		Within: MaxWait + ordinary, Who: holding(client.EventsRead), Errors: []int{http.StatusNotFound, http.StatusGone, http.StatusConflict},
	}, a.leaseQueue)
	add(a, operation{
		ID: "acknowledge-events", Method: http.MethodPost, Path: "/v1/queues/{id}/ack", Tag: tagQueues,
		Summary: "Acknowledge events", Text: "Acknowledging again, or less, changes nothing.",
		Who: holding(client.EventsRead), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.ackQueue)
	add(a, operation{
		ID: "delete-queue", Method: http.MethodDelete, Path: "/v1/queues/{id}", Tag: tagQueues, Status: http.StatusNoContent,
		Summary: "Delete a queue", Text: "The events themselves stay.",
		Who: holding(client.EventsRead), Errors: []int{http.StatusNotFound},
	}, a.deleteQueue)
}

func (a api) createQueue(ctx context.Context, p usecase.Principal, in *createQueueInput) (*madeQueue, error) {
	var filter delivery.Filter
	if in.Body != nil {
		filter.UserID, filter.ConnectionID = ident.User(in.Body.UserID), ident.Connection(in.Body.ConnectionID)
		filter.Names = eventNames(in.Body.Types)
	}
	made, err := a.Queues.Create(ctx, p, filter)
	if err != nil {
		return nil, err
	}
	return &madeQueue{"/v1/queues/" + string(made.ID) + "/events", showQueue(made)}, nil
}

func (a api) listQueues(ctx context.Context, p usecase.Principal, in *listQueuesInput) (*queueList, error) {
	l := newListing("queues", p)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Queues.List(ctx, p, page)
	return &queueList{listOf(l, slice, showQueue)}, err
}

func (a api) readQueue(ctx context.Context, p usecase.Principal, in *readQueueInput) (*eventList, error) {
	found, err := a.Queues.Events(ctx, p, in.ID, in.After.number(), in.Limit, time.Duration(in.Wait)*time.Second)
	if err != nil {
		return nil, err
	}
	return &eventList{eventsOf(found, in.Limit)}, nil
}

func (a api) ackQueue(ctx context.Context, p usecase.Principal, in *ackQueueInput) (*oneQueue, error) {
	acknowledge := a.Queues.Ack
	if lease := in.Body.LeaseID; lease != "" {
		acknowledge = func(ctx context.Context, p usecase.Principal, id string, seq int64) (*delivery.Queue, error) {
			return a.Queues.Return(ctx, p, id, lease, seq)
		}
	}
	acked, err := acknowledge(ctx, p, in.ID, in.Body.Seq)
	if err != nil {
		return nil, err
	}
	return &oneQueue{showQueue(acked)}, nil
}

func (a api) leaseQueue(ctx context.Context, p usecase.Principal, in *leaseQueueInput) (*oneLease, error) {
	order := newLease{Limit: 100, Seconds: 60}
	if in.Body != nil {
		order = *in.Body
	}
	lent, err := a.Queues.Lend(ctx, p, in.ID, order.Limit, time.Duration(order.Seconds)*time.Second, time.Duration(order.Wait)*time.Second)
	if err != nil {
		return nil, err
	}
	return &oneLease{showLease(lent)}, nil
}

func (a api) deleteQueue(ctx context.Context, p usecase.Principal, in *queuePath) (*nothing, error) {
	return nil, a.Queues.Delete(ctx, p, in.ID)
}
