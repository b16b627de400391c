package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type listEventsInput struct {
	UserParam
	After seq `query:"after" minimum:"0" doc:"Give events after this number; from the beginning unless given."`
	Limit int `query:"limit" default:"100" minimum:"1" maximum:"500" doc:"How many to give at most."`
	Wait  int `query:"wait" default:"0" minimum:"0" maximum:"30" doc:"How many seconds to wait for the first event."`
}

func (a api) events() {
	add(a, operation{
		ID: "list-events", Method: http.MethodGet, Path: "/v1/events", Tag: tagQueues,
		Summary: "Read the log of events", Text: "The client's whole log, in order; with a user's token that user's events. A next_cursor is given as after.",
		Within: MaxWait + ordinary, Who: holding(client.EventsRead), Errors: []int{http.StatusNotFound},
	}, a.listEvents)
}

func (a api) listEvents(ctx context.Context, p usecase.Principal, in *listEventsInput) (*eventList, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	found, err := a.Events.After(ctx, p, in.After.Value, in.Limit, time.Duration(in.Wait)*time.Second)
	if err != nil {
		return nil, err
	}
	return &eventList{eventsOf(found, in.Limit)}, nil
}

// eventsOf is a page of the log; a full one may have a next.
func eventsOf(found []event.Event, limit int) list[eventView] {
	page := list[eventView]{Data: each(found, showEvent)}
	if len(found) == limit {
		page.NextCursor = known(strconv.FormatInt(found[len(found)-1].Seq, 10))
	}
	return page
}
