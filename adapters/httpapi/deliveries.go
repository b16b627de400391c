package httpapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/webhook"
)

type replayOrder struct {
	After  *int64   `json:"after,omitempty" minimum:"0" maximum:"9007199254740991" example:"40" doc:"Send events after this number again, as far as the webhook wants them."`
	Until  *int64   `json:"until,omitempty" minimum:"0" maximum:"9007199254740991" example:"50" doc:"Up to this number, itself included."`
	Events []string `json:"event_ids,omitempty" maxItems:"1000" example:"evt_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Instead of a range: these events, whatever the webhook wants."`
}

type replayView struct {
	Queued    int    `json:"queued" example:"10" doc:"How many events will be sent again."`
	HasMore   bool   `json:"has_more" doc:"Whether the range is longer than one call takes."`
	NextAfter *int64 `json:"next_after" example:"50" doc:"Go on after this number; null at the end."`
}

type (
	listDeliveriesInput struct {
		ID string `path:"id" doc:"A webhook's id." example:"whk_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		PageParams
		Status string `query:"status" enum:"PENDING,DELIVERED,FAILED" doc:"Only those in this status."`
		Type   string `query:"type" maxLength:"100" doc:"Only those of events of this name."`
	}
	deliveryList        struct{ Body list[deliveryView] }
	oneDelivery         struct{ Body deliveryView }
	replayDeliveryInput struct {
		ID   string `path:"id" doc:"A webhook's id." example:"whk_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body replayOrder
	}
	oneReplay struct{ Body replayView }
)

func (a api) deliveries() {
	manage := clientHolding(client.WebhooksManage)
	add(a, operation{
		ID: "test-webhook", Method: http.MethodPost, Path: "/v1/webhooks/{id}/test", Tag: tagWebhooks,
		Summary: "Send a test", Text: "Sends an event webhook.test now, once, and tells what came of it. It is in no log, and says nothing about the webhook's state.",
		Within: webhook.Limit + ordinary, Who: manage, Errors: []int{http.StatusNotFound},
	}, a.testWebhook)
	add(a, operation{
		ID: "list-deliveries", Method: http.MethodGet, Path: "/v1/webhooks/{id}/deliveries", Tag: tagWebhooks,
		Summary: "List deliveries", Text: "What became of events, the newest event first. What is over is kept for 30 days.",
		Who: manage, Errors: []int{http.StatusNotFound},
	}, a.listDeliveries)
	add(a, operation{
		ID: "replay-deliveries", Method: http.MethodPost, Path: "/v1/webhooks/{id}/replay", Tag: tagWebhooks, Status: http.StatusAccepted,
		Creates: true, Summary: "Send events again",
		Text:   "A range of the log, or single events. They have the ids that they had. One call takes up to 10,000 events of a range. " + kept,
		Within: patient, Who: manage, Errors: []int{http.StatusNotFound, http.StatusGone},
	}, a.replayDeliveries)
}

func (a api) testWebhook(ctx context.Context, p usecase.Principal, in *webhookPath) (*oneDelivery, error) {
	tried, err := a.Deliveries.Test(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneDelivery{showDelivery(tried)}, nil
}

func (a api) listDeliveries(ctx context.Context, p usecase.Principal, in *listDeliveriesInput) (*deliveryList, error) {
	l := newListing("deliveries", p, in.ID, in.Status, in.Type)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	filter := store.DeliveryFilter{Status: delivery.Status(in.Status), Name: event.Name(in.Type)}
	slice, err := a.Deliveries.Deliveries(ctx, p, in.ID, filter, page)
	return &deliveryList{listOf(l, slice, showDelivery)}, err
}

var errReplay = fault.New(fault.Invalid, "invalid_replay", "A replay is of a range, with after and until, or of event_ids.").
	With(fault.At("body", "has after and until, or event_ids"))

func (a api) replayDeliveries(ctx context.Context, p usecase.Principal, in *replayDeliveryInput) (*oneReplay, error) {
	ranged := in.Body.After != nil && in.Body.Until != nil
	if ranged == (len(in.Body.Events) > 0) || !ranged && (in.Body.After != nil || in.Body.Until != nil) {
		return nil, errReplay
	}
	what := usecase.Replay{}
	if ranged {
		what.After, what.Until = *in.Body.After, *in.Body.Until
	}
	for i, id := range in.Body.Events {
		parsed, err := ident.Parse[ident.Event](id)
		if err != nil {
			return nil, delivery.ErrEventNotFound.With(fault.At("body.event_ids["+strconv.Itoa(i)+"]", "is not in your log"))
		}
		what.Events = append(what.Events, parsed)
	}
	done, err := a.Deliveries.Replay(ctx, p, in.ID, what)
	if err != nil {
		return nil, err
	}
	view := replayView{Queued: done.Queued, HasMore: done.Next != 0}
	if view.HasMore {
		view.NextAfter = &done.Next
	}
	return &oneReplay{view}, nil
}
