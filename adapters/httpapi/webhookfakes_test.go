package httpapi

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const (
	whk = "whk_00000000000000000000000010"
	evt = "evt_00000000000000000000000011"
)

func sampleWebhook() *delivery.Webhook {
	return &delivery.Webhook{
		ID: whk, ClientID: sampleClient, URL: "https://example.org/hooks", Description: "Billing", Algorithm: delivery.HMACSHA256,
		Filter:    delivery.Filter{UserID: usr, ConnectionID: con, Names: []event.Name{event.UserCreated}},
		SealedKey: []byte("never-shown"), Status: delivery.Disabled, Reason: delivery.Failing, FailingSince: noon, Cursor: 42, CreatedAt: noon,
		Secrets: []delivery.Secret{{Sealed: []byte("never-shown"), CreatedAt: noon}, {Sealed: []byte("never-shown"), CreatedAt: noon, Until: noon}},
	}
}

func sampleDelivery() delivery.Delivery {
	return delivery.Delivery{
		WebhookID: whk, Seq: 43, EventID: evt, Name: event.UserCreated, Status: delivery.Pending, NextAt: noon, CreatedAt: noon,
		Attempts: []delivery.Attempt{
			{At: noon, Code: delivery.TimedOut, Took: 15 * time.Second},
			{At: noon, HTTPStatus: 503, Took: 1500 * time.Microsecond, Excerpt: "busy"},
		},
	}
}

type fakeWebhooks struct{ *world }

func (f fakeWebhooks) Create(_ context.Context, p usecase.Principal, order usecase.NewWebhook) (usecase.MadeWebhook, error) {
	return usecase.MadeWebhook{Webhook: sampleWebhook(), Secret: secret.New("whsec_told")}, f.note(p, "order", order)
}

func (f fakeWebhooks) Get(_ context.Context, p usecase.Principal, id string) (*delivery.Webhook, error) {
	return sampleWebhook(), f.note(p, "webhook", id)
}

func (f fakeWebhooks) List(_ context.Context, p usecase.Principal, page store.Page) (store.Slice[*delivery.Webhook], error) {
	return store.Slice[*delivery.Webhook]{Items: []*delivery.Webhook{sampleWebhook()}, Next: f.more}, f.note(p, "webhooks", page)
}

func (f fakeWebhooks) Change(_ context.Context, p usecase.Principal, _ string, change usecase.WebhookChange) (*delivery.Webhook, error) {
	return sampleWebhook(), f.note(p, "change", change)
}

func (f fakeWebhooks) Delete(_ context.Context, p usecase.Principal, id string) error {
	return f.note(p, "delete", id)
}

func (f fakeWebhooks) Rotate(_ context.Context, p usecase.Principal, _ string, overlap time.Duration) (usecase.MadeWebhook, error) {
	return usecase.MadeWebhook{Webhook: sampleWebhook(), Secret: secret.New("whsec_again")}, f.note(p, "overlap", overlap)
}

type fakeDeliveries struct{ *world }

func (f fakeDeliveries) Test(_ context.Context, p usecase.Principal, id string) (delivery.Delivery, error) {
	return sampleDelivery(), f.note(p, "tested", id)
}

func (f fakeDeliveries) Deliveries(_ context.Context, p usecase.Principal, _ string, filter store.DeliveryFilter, page store.Page) (store.Slice[delivery.Delivery], error) {
	return store.Slice[delivery.Delivery]{Items: []delivery.Delivery{sampleDelivery()}, Next: f.more}, f.note(p, "deliveries", [2]any{filter, page})
}

func (f fakeDeliveries) Replay(_ context.Context, p usecase.Principal, _ string, what usecase.Replay) (usecase.Replayed, error) {
	return usecase.Replayed{Queued: 10, Next: 50}, f.note(p, "replay", what)
}
