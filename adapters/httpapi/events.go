package httpapi

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type listEventsInput struct {
	UserParam
	ConnectionID string   `query:"connection_id" doc:"Only events about this connection." example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	Types        []string `query:"types" maxItems:"100" doc:"Only events of these names, with commas between them." example:"synchronization.succeeded"`
	After        seq      `query:"after" minimum:"0" doc:"Give events after this number; from the oldest that is kept unless given."`
	Limit        int      `query:"limit" default:"100" minimum:"1" maximum:"500" doc:"How many to give at most; a stream has no such end."`
	Wait         int      `query:"wait" default:"0" minimum:"0" maximum:"30" doc:"How many seconds to wait for the first event."`
	LastEventID  seq      `header:"Last-Event-ID" minimum:"0" doc:"Where a stream goes on, in the place of after: the number of the last event that was received."`
	Accept       string   `header:"Accept" hidden:"true" doc:"text/event-stream for a stream; anything else gives a page."`
}

// eventsAnswer is a page, or a stream.
type eventsAnswer struct{ Body func(huma.Context) }

func (a api) events() {
	add(a, operation{
		ID: "list-events", Method: http.MethodGet, Path: "/v1/events", Tag: tagQueues,
		Summary: "Read the log of events",
		Text: "The client's whole log, in order; with a user's token that user's events. A next_cursor is given as after. " + kept +
			"With Accept: text/event-stream the events come as they happen (server-sent events: id is seq, event is name, data the event), " +
			"and whoever comes back with Last-Event-ID goes on where it was. A stream ends when its token does, or the server.",
		Within: MaxWait + ordinary, Who: holding(client.EventsRead), Errors: []int{http.StatusNotFound, http.StatusGone},
		Answers: func(r huma.Registry) map[string]*huma.MediaType {
			return map[string]*huma.MediaType{
				"application/json": {Schema: huma.SchemaFromType(r, reflect.TypeFor[list[eventView]]())},
				eventStream:        {Schema: &huma.Schema{Type: huma.TypeString}},
			}
		},
	}, a.listEvents)
}

// kept says what retention means to a reader.
const kept = "Events are kept for at least as long as the operator's event_retention says, 400 days unless it says otherwise. What is asked " +
	"after a number that lies behind that is refused with events_gone (410), whose subject is the number of the oldest event that is kept. "

func (a api) listEvents(ctx context.Context, p usecase.Principal, in *listEventsInput) (*eventsAnswer, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	filter := store.EventFilter{Connection: ident.Connection(in.ConnectionID), Names: eventNames(in.Types)}
	if streams(in.Accept) {
		return a.openStream(ctx, p, filter, in)
	}
	found, err := a.Events.After(ctx, p, in.After.number(), filter, in.Limit, time.Duration(in.Wait)*time.Second)
	if err != nil {
		return nil, err
	}
	return &eventsAnswer{func(c huma.Context) {
		c.SetHeader("Content-Type", "application/json")
		c.SetStatus(http.StatusOK)
		_ = a.Marshal(c.BodyWriter(), "application/json", eventsOf(found, in.Limit)) // who does not take it has gone
	}}, nil
}

// eventNames are names as they were sent; whether they exist is for the core.
func eventNames(types []string) []event.Name {
	return each(types, func(n string) event.Name { return event.Name(n) })
}

// eventsOf is a page of the log; a full one may have a next.
func eventsOf(found []event.Event, limit int) list[eventView] {
	page := list[eventView]{Data: each(found, showEvent)}
	if len(found) == limit {
		page.NextCursor = known(strconv.FormatInt(found[len(found)-1].Seq, 10))
	}
	return page
}
