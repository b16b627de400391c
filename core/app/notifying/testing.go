package notifying

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// Test sends an event that tells nothing. It changes nothing about the webhook.
func (s Service) Test(ctx context.Context, p usecase.Principal, id string) (delivery.Delivery, error) {
	w, err := s.Get(ctx, p, id)
	if err != nil {
		return delivery.Delivery{}, err
	}
	told := event.Event{
		Draft: event.Draft{Name: event.WebhookTest, Version: 1, Data: event.Data{"webhook_id": string(w.ID)}},
		ID:    ident.New[ident.Event](s.IDs), ClientID: p.Client, OccurredAt: s.Now(),
	}
	body, err := s.Encode(told)
	if err != nil {
		return delivery.Delivery{}, err
	}
	signers, err := signersOf(s.Box, w)
	if err != nil {
		return delivery.Delivery{}, err
	}
	at := s.Real()
	answer := s.Sender.Send(ctx, webhook.Message{URL: w.URL, ID: told.ID, At: at, Signature: delivery.Sign(signers, told.ID, at, body), Body: body})
	once := delivery.NewDelivery(w.ID, told, at)
	once.Status, once.NextAt = delivery.Failed, time.Time{}
	tried := answer.Tried(at)
	if tried.Succeeded() {
		once.Status = delivery.Delivered
	}
	once.Attempts = []delivery.Attempt{tried}
	return once, nil
}
