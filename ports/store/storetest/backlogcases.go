package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/ports/store"
)

// whatIsOwed by the webhooks of two clients, one of them disabled.
func whatIsOwed(w *world) {
	one, two := w.newEstate(w.newClient()), w.newEstate(w.newClient())
	owed := func() store.Backlog {
		w.Helper()
		return read(w, func(tx store.Tx) (store.Backlog, error) { return tx.Deliveries().Backlog(w.ctx) })
	}
	at := func(e estate, status delivery.WebhookStatus, behind int64) {
		e.webhook.Status, e.webhook.Cursor = status, w.head(e.client.ID)-behind
		w.update(func(tx store.Tx) error { return tx.Webhooks().Put(w.ctx, e.webhook) })
	}
	for _, e := range []estate{one, two} {
		w.update(func(tx store.Tx) error {
			return tx.Events().Append(w.ctx, e.client.ID, event.Draft{Name: event.UserCreated}, event.Draft{Name: event.UserDeleted})
		})
		at(e, delivery.Enabled, 0)
	}
	require.Zero(w, owed())
	at(one, delivery.Enabled, 2)
	at(two, delivery.Enabled, 1)
	require.Equal(w, store.Backlog{Behind: 3}, owed())
	at(two, delivery.Disabled, 1)
	require.Equal(w, store.Backlog{Behind: 2}, owed())
	aged := func(status delivery.Status, age time.Duration) func(*delivery.Delivery) {
		return func(d *delivery.Delivery) { d.Status, d.CreatedAt = status, genesis.Add(-age) }
	}
	w.deliver(one.webhook, aged(delivery.Delivered, 9*time.Hour), 1)
	w.deliver(one.webhook, aged(delivery.Failed, 9*time.Hour), 2)
	require.Equal(w, store.Backlog{Behind: 2}, owed())
	w.deliver(one.webhook, aged(delivery.Pending, time.Minute), 3)
	w.deliver(two.webhook, aged(delivery.Pending, time.Hour), 1)
	require.Equal(w, store.Backlog{Behind: 2, Pending: 2, Oldest: genesis.Add(-time.Hour)}, owed())
}
