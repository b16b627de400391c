package storetest

import (
	"errors"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

func addWebhook(w *world, e estate, at time.Time) string {
	h := w.newWebhook(e.client)
	h.CreatedAt = at
	w.put(h)
	return string(h.ID)
}

// webhook is what a case finds of one.
func (w *world) webhook(h *delivery.Webhook) (*delivery.Webhook, error) {
	return ask(w, func(tx store.Tx) (*delivery.Webhook, error) { return tx.Webhooks().Get(w.ctx, h.ClientID, h.ID) })
}

// dueAt are the webhooks of a case that have work at a time.
func (w *world) dueAt(at time.Time) []ident.Webhook {
	w.Helper()
	return read(w, func(tx store.Tx) ([]ident.Webhook, error) { return tx.Webhooks().Due(w.ctx, at, 100) })
}

// quiet is a webhook that has nothing to do.
func (w *world) quiet(e estate) *delivery.Webhook {
	h := w.newWebhook(e.client)
	h.Status, h.RetryAt, h.Hold = delivery.Enabled, time.Time{}, delivery.Hold{}
	h.Cursor = read(w, func(tx store.Tx) (int64, error) { return tx.Events().Head(w.ctx, e.client.ID) })
	return h
}

var webhookCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		e := w.newEstate(w.newClient())
		full := *w.newWebhook(e.client)
		trip(w, full, delivery.Webhook{ID: full.ID, ClientID: full.ClientID, CreatedAt: genesis},
			func(tx store.Tx, h delivery.Webhook) error { return tx.Webhooks().Put(w.ctx, &h) },
			func(tx store.Tx) (delivery.Webhook, error) {
				return value(tx.Webhooks().Get(w.ctx, full.ClientID, full.ID))
			})
	}},
	{"are_their_clients_alone", func(w *world) {
		mine, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		for _, c := range []ident.Client{other.client.ID, ""} {
			_, err := ask(w, func(tx store.Tx) (*delivery.Webhook, error) { return tx.Webhooks().Get(w.ctx, c, mine.webhook.ID) })
			require.ErrorIs(w, err, delivery.ErrWebhookNotFound)
			err = w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Webhooks().Delete(w.ctx, c, mine.webhook.ID) })
			require.ErrorIs(w, err, delivery.ErrWebhookNotFound)
		}
		_, err := w.webhook(mine.webhook)
		require.NoError(w, err)
	}},
	{"belong_to_somebody", func(w *world) {
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Webhooks().Put(w.ctx, w.newWebhook(w.newClient())) })
		require.True(w, fault.IsNotFound(err), "%v", err)
		stray := w.newDelivery(w.newWebhook(w.newClient()))
		err = w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Deliveries().Put(w.ctx, stray) })
		require.True(w, fault.IsNotFound(err), "%v", err)
	}},
	{"tell_with_their_state_or_not_at_all", func(w *world) {
		e := w.newEstate(w.newClient())
		before := len(w.log(e.client.ID))
		e.webhook.Record(event.Draft{Name: event.WebhookDisabled})
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
			return errors.Join(tx.Webhooks().Put(w.ctx, e.webhook), errOnPurpose)
		})
		require.ErrorIs(w, err, errOnPurpose)
		require.Len(w, w.log(e.client.ID), before)
		e.webhook.Record(event.Draft{Name: event.WebhookDisabled})
		w.put(e.webhook)
		require.Len(w, w.log(e.client.ID), before+1)
	}},
	{"load_in_the_order_of_their_ids", func(w *world) {
		a, b := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		found := read(w, func(tx store.Tx) ([]*delivery.Webhook, error) {
			return tx.Webhooks().Load(w.ctx, b.webhook.ID, a.webhook.ID, "whk_none")
		})
		require.Equal(w, []*delivery.Webhook{a.webhook, b.webhook}, found)
		require.Empty(w, read(w, func(tx store.Tx) ([]*delivery.Webhook, error) { return tx.Webhooks().Load(w.ctx) }))
	}},
	{"are_due_when_their_log_grew", func(w *world) {
		e := w.newEstate(w.newClient())
		h := w.quiet(e)
		w.put(h)
		require.Empty(w, w.dueAt(genesis))
		w.update(func(tx store.Tx) error {
			return tx.Events().Append(w.ctx, e.client.ID, event.Draft{Name: event.UserCreated})
		})
		require.Equal(w, []ident.Webhook{h.ID}, w.dueAt(genesis))
		_, err := ask(w, func(tx store.Tx) ([]ident.Webhook, error) { return tx.Webhooks().Due(w.ctx, genesis, 0) })
		require.Equal(w, fault.Internal, fault.KindOf(err))
		h.Advance(h.Cursor + 1)
		w.put(h)
		require.Empty(w, w.dueAt(genesis))
	}},
	{"are_due_when_a_retry_is", func(w *world) {
		h := w.quiet(w.newEstate(w.newClient()))
		h.Expect(genesis)
		w.put(h)
		require.Empty(w, w.dueAt(genesis.Add(-time.Microsecond)))
		require.Equal(w, []ident.Webhook{h.ID}, w.dueAt(genesis))
	}},
	{"are_not_due_while_served_or_disabled", func(w *world) {
		h := w.quiet(w.newEstate(w.newClient()))
		h.Expect(genesis)
		require.True(w, h.Claim("somebody", genesis, genesis.Add(time.Minute)))
		w.put(h)
		require.Empty(w, w.dueAt(genesis.Add(time.Minute-time.Microsecond)))
		require.Equal(w, []ident.Webhook{h.ID}, w.dueAt(genesis.Add(time.Minute)))
		h.Release()
		w.put(h)
		require.Equal(w, []ident.Webhook{h.ID}, w.dueAt(genesis))
		h.Disable(delivery.ByClient)
		w.put(h)
		require.Empty(w, w.dueAt(genesis))
	}},
	{"are_due_for_all_clients_up_to_a_limit", func(w *world) {
		for range 5 {
			h := w.quiet(w.newEstate(w.newClient()))
			h.Expect(genesis)
			w.put(h)
		}
		require.Len(w, w.dueAt(genesis), 5)
		require.Len(w, read(w, func(tx store.Tx) ([]ident.Webhook, error) { return tx.Webhooks().Due(w.ctx, genesis, 3) }), 3)
	}},
	{"take_their_deliveries_with_them", func(w *world) {
		e := w.newEstate(w.newClient())
		d, kept := w.newDelivery(e.webhook), w.newDelivery(w.quiet(e))
		other := w.newWebhook(e.client)
		kept.WebhookID = other.ID
		w.put(other)
		w.put(d)
		w.put(kept)
		w.update(func(tx store.Tx) error { return tx.Webhooks().Delete(w.ctx, e.client.ID, e.webhook.ID) })
		_, err := w.webhook(e.webhook)
		require.ErrorIs(w, err, delivery.ErrWebhookNotFound)
		require.Empty(w, w.some(e.webhook.ID, d.Seq))
		require.Equal(w, []delivery.Delivery{kept}, w.some(other.ID, kept.Seq))
	}},
	{"survive_their_filters_user", func(w *world) {
		e := w.newEstate(w.newClient())
		e.webhook.Filter.UserID = e.user.ID
		w.put(e.webhook)
		w.update(func(tx store.Tx) error { return w.speak(tx, e.client.ID, tx.Users().Delete(w.ctx, e.user)) })
		found, err := w.webhook(e.webhook)
		require.NoError(w, err)
		require.Equal(w, e.user.ID, found.Filter.UserID)
	}},
}
