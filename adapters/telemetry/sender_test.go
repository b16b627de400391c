package telemetry_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/telemetry"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// answering is a sender that looks at the metrics while it is asked.
type answering struct {
	answer delivery.Answer
	busy   func()
}

func (answering) Check(string) error { return delivery.ErrWebhookURL }

func (a answering) Send(context.Context, webhook.Message) delivery.Answer {
	a.busy()
	return a.answer
}

func TestRequestsToEndpointsAreMeasured(t *testing.T) {
	t.Parallel()
	i := instruments()
	for _, answer := range []delivery.Answer{
		{HTTPStatus: 200}, {HTTPStatus: 204}, {HTTPStatus: 302}, {HTTPStatus: 410}, {HTTPStatus: 500},
		{Code: delivery.TimedOut}, {Code: delivery.Unreachable}, {Code: delivery.BadTLS},
	} {
		sender := i.Sender(answering{answer, func() { require.Contains(t, scrape(t, i), "tributary_webhook_attempts_in_flight 1") }})
		require.Equal(t, answer, sender.Send(t.Context(), webhook.Message{URL: "https://canary.example"}))
		require.ErrorIs(t, sender.Check("x"), delivery.ErrWebhookURL)
	}
	said := scrape(t, i)
	for _, line := range []string{
		`tributary_webhook_attempts_total{outcome="delivered"} 2`, `tributary_webhook_attempts_total{outcome="refused"} 3`,
		`tributary_webhook_attempts_total{outcome="timeout"} 1`, `tributary_webhook_attempts_total{outcome="unreachable"} 1`,
		`tributary_webhook_attempts_total{outcome="tls_failed"} 1`, `tributary_webhook_attempt_seconds_count{outcome="delivered"} 2`,
		`tributary_webhook_attempts_in_flight 0`,
	} {
		require.Contains(t, said, line)
	}
	require.NotContains(t, said, "canary")
}

func (shelf) Deliveries() store.Deliveries { return posted{} }

type posted struct{ store.Deliveries }

func (posted) Put(context.Context, ...delivery.Delivery) error { return nil }

// TestDeliveriesAreCountedAtTheirEnd, once, and only those that were committed.
func TestDeliveriesAreCountedAtTheirEnd(t *testing.T) {
	t.Parallel()
	i := instruments()
	put := func(s shelf, statuses ...delivery.Status) error {
		return i.Store(s).Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
			var rows []delivery.Delivery
			for _, status := range statuses {
				rows = append(rows, delivery.Delivery{WebhookID: "whk_canary", Status: status})
			}
			return tx.Deliveries().Put(t.Context(), rows...)
		})
	}
	require.NoError(t, put(shelf{again: 2}, delivery.Delivered, delivery.Delivered, delivery.Failed, delivery.Pending))
	require.Error(t, put(shelf{err: errors.New("disk full")}, delivery.Delivered))
	said := scrape(t, i)
	require.Contains(t, said, `tributary_webhook_deliveries_total{outcome="delivered"} 2`)
	require.Contains(t, said, `tributary_webhook_deliveries_total{outcome="failed"} 1`)
	require.NotContains(t, said, "pending")
	require.NotContains(t, said, "canary")
}

func TestWhatWebhooksOweIsReadAtTheScrape(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	i := telemetry.NewInstruments(func() time.Time { return now }, nil)
	owed, failed := store.Backlog{Behind: 7, Pending: 3, Oldest: now.Add(-90 * time.Second)}, error(nil)
	i.Webhooks(func(ctx context.Context) (store.Backlog, error) {
		_, bounded := ctx.Deadline()
		require.True(t, bounded)
		return owed, failed
	})
	said := scrape(t, i)
	for _, line := range []string{"tributary_webhook_lag 7", "tributary_webhook_deliveries_pending 3", "tributary_webhook_oldest_pending_seconds 90"} {
		require.Contains(t, said, line)
	}
	owed = store.Backlog{}
	require.Contains(t, scrape(t, i), "tributary_webhook_oldest_pending_seconds 0")
	failed = errors.New("database is gone")
	require.NotContains(t, scrape(t, i), "webhook_lag")
}
