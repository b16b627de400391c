package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

func (w *world) some(webhook ident.Webhook, seqs ...int64) []delivery.Delivery {
	w.Helper()
	return read(w, func(tx store.Tx) ([]delivery.Delivery, error) { return tx.Deliveries().Some(w.ctx, webhook, seqs...) })
}

// deliver stores deliveries of a webhook with these numbers, changed as told.
func (w *world) deliver(h *delivery.Webhook, change func(*delivery.Delivery), seqs ...int64) (all []delivery.Delivery) {
	w.Helper()
	for _, seq := range seqs {
		d := w.newDelivery(h)
		d.Seq = seq
		if change != nil {
			change(&d)
		}
		all = append(all, d)
	}
	w.update(func(tx store.Tx) error { return tx.Deliveries().Put(w.ctx, all...) })
	return all
}

func (w *world) listed(client ident.Client, webhook ident.Webhook, filter store.DeliveryFilter, page store.Page) (store.Slice[delivery.Delivery], []int64) {
	w.Helper()
	found := read(w, func(tx store.Tx) (store.Slice[delivery.Delivery], error) {
		return tx.Deliveries().List(w.ctx, client, webhook, filter, page)
	})
	var seqs []int64
	for _, d := range found.Items {
		seqs = append(seqs, d.Seq)
	}
	return found, seqs
}

var deliveryCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newDelivery(e.webhook)
		trip(w, full, delivery.Delivery{WebhookID: full.WebhookID, Seq: full.Seq, CreatedAt: genesis},
			func(tx store.Tx, d delivery.Delivery) error { return tx.Deliveries().Put(w.ctx, d) },
			func(tx store.Tx) (delivery.Delivery, error) {
				found, err := tx.Deliveries().Some(w.ctx, full.WebhookID, full.Seq)
				require.Len(w, found, 1)
				return found[0], err
			})
	}},
	{"are_put_many_at_once_and_anew", func(w *world) {
		e := w.newEstate(w.newClient())
		var seqs []int64
		for seq := range int64(1200) {
			seqs = append(seqs, seq+1)
		}
		all := w.deliver(e.webhook, nil, seqs...)
		require.Equal(w, all, w.some(e.webhook.ID, seqs...))
		again := w.deliver(e.webhook, nil, seqs...)
		require.Equal(w, again, w.some(e.webhook.ID, seqs...))
		w.update(func(tx store.Tx) error { return tx.Deliveries().Put(w.ctx) })
		require.Empty(w, w.some(e.webhook.ID))
	}},
	{"are_listed_newest_first_by_status_and_name", func(w *world) {
		e := w.newEstate(w.newClient())
		w.deliver(e.webhook, func(d *delivery.Delivery) { d.Status, d.Name = delivery.Delivered, event.UserCreated }, 1, 3, 5)
		w.deliver(e.webhook, func(d *delivery.Delivery) { d.Status, d.Name = delivery.Pending, event.UserDeleted }, 2, 4, 10)
		for _, c := range []struct {
			filter store.DeliveryFilter
			want   []int64
		}{
			{store.DeliveryFilter{}, []int64{10, 5, 4, 3, 2, 1}},
			{store.DeliveryFilter{Status: delivery.Delivered}, []int64{5, 3, 1}},
			{store.DeliveryFilter{Name: event.UserDeleted}, []int64{10, 4, 2}},
			{store.DeliveryFilter{Status: delivery.Delivered, Name: event.UserDeleted}, nil},
		} {
			_, seqs := w.listed(e.client.ID, e.webhook.ID, c.filter, whole)
			require.Equal(w, c.want, seqs)
			var paged []int64
			page := store.Page{Limit: 2}
			for {
				found, seqs := w.listed(e.client.ID, e.webhook.ID, c.filter, page)
				paged = append(paged, seqs...)
				if page.After = found.Next; page.After == nil {
					break
				}
			}
			require.Equal(w, c.want, paged)
		}
		_, err := ask(w, func(tx store.Tx) (store.Slice[delivery.Delivery], error) {
			return tx.Deliveries().List(w.ctx, e.client.ID, e.webhook.ID, store.DeliveryFilter{}, store.Page{Limit: 1, After: store.Key{"x", "y"}})
		})
		require.ErrorIs(w, err, store.ErrCursor)
	}},
	{"are_listed_for_their_client_alone", func(w *world) {
		mine, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		w.deliver(mine.webhook, nil, 1)
		for client, want := range map[ident.Client]int{mine.client.ID: 1, other.client.ID: 0, "": 0} {
			_, seqs := w.listed(client, mine.webhook.ID, store.DeliveryFilter{}, whole)
			require.Len(w, seqs, want)
		}
	}},
	{"beyond_a_number", func(w *world) {
		e := w.newEstate(w.newClient())
		w.deliver(e.webhook, nil, 9, 2, 7, 4)
		w.deliver(w.newOther(e), nil, 8)
		beyond := func(seq int64, limit int) []int64 {
			return read(w, func(tx store.Tx) ([]int64, error) { return tx.Deliveries().Beyond(w.ctx, e.webhook.ID, seq, limit) })
		}
		require.Equal(w, []int64{4, 7, 9}, beyond(2, 10))
		require.Equal(w, []int64{2, 4}, beyond(0, 2))
		require.Empty(w, beyond(9, 2))
	}},
	{"are_due_when_pending_and_their_time_has_come", func(w *world) {
		e := w.newEstate(w.newClient())
		next := func() time.Time {
			return read(w, func(tx store.Tx) (time.Time, error) { return tx.Deliveries().Next(w.ctx, e.webhook.ID) })
		}
		due := func(at time.Time, limit int) (seqs []int64) {
			for _, d := range read(w, func(tx store.Tx) ([]delivery.Delivery, error) {
				return tx.Deliveries().Due(w.ctx, e.webhook.ID, at, limit)
			}) {
				seqs = append(seqs, d.Seq)
			}
			return seqs
		}
		require.Zero(w, next())
		in := func(status delivery.Status, wait time.Duration) func(*delivery.Delivery) {
			return func(d *delivery.Delivery) { d.Status, d.NextAt = status, genesis.Add(wait) }
		}
		w.deliver(e.webhook, in(delivery.Pending, 2*time.Minute), 1)
		w.deliver(e.webhook, in(delivery.Pending, time.Minute), 2)
		w.deliver(e.webhook, in(delivery.Delivered, 0), 3)
		w.deliver(e.webhook, func(d *delivery.Delivery) { d.Status, d.NextAt = delivery.Failed, time.Time{} }, 4)
		w.deliver(w.newOther(e), in(delivery.Pending, 0), 5)
		require.Equal(w, genesis.Add(time.Minute), next())
		require.Empty(w, due(genesis.Add(time.Minute-time.Microsecond), 10))
		require.Equal(w, []int64{2}, due(genesis.Add(time.Minute), 10))
		require.Equal(w, []int64{2, 1}, due(genesis.Add(time.Hour), 10))
		require.Equal(w, []int64{2}, due(genesis.Add(time.Hour), 1))
	}},
	{"what_is_owed", whatIsOwed},
	{"are_swept_when_old_and_over", func(w *world) {
		e := w.newEstate(w.newClient())
		aged := func(status delivery.Status, age time.Duration) func(*delivery.Delivery) {
			return func(d *delivery.Delivery) { d.Status, d.CreatedAt = status, genesis.Add(-age) }
		}
		w.deliver(e.webhook, aged(delivery.Delivered, time.Hour), 1, 2, 3)
		w.deliver(e.webhook, aged(delivery.Failed, 2*time.Hour), 4)
		w.deliver(e.webhook, aged(delivery.Pending, time.Hour), 5)
		w.deliver(e.webhook, aged(delivery.Delivered, 0), 6)
		sweep := func(limit int) (count int) {
			w.update(func(tx store.Tx) (err error) {
				count, err = tx.Deliveries().Sweep(w.ctx, genesis, limit)
				return err
			})
			return count
		}
		require.Equal(w, 1, sweep(1))
		_, seqs := w.listed(e.client.ID, e.webhook.ID, store.DeliveryFilter{}, whole)
		require.Equal(w, []int64{6, 5, 3, 2, 1}, seqs, "the oldest first")
		require.Equal(w, 3, sweep(100))
		_, seqs = w.listed(e.client.ID, e.webhook.ID, store.DeliveryFilter{}, whole)
		require.Equal(w, []int64{6, 5}, seqs)
		require.Zero(w, sweep(100))
	}},
	{"events_by_number_and_by_id", func(w *world) {
		mine, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		for _, c := range []ident.Client{mine.client.ID, other.client.ID} {
			w.update(func(tx store.Tx) error {
				return tx.Events().Append(w.ctx, c, event.Draft{Name: event.UserCreated}, event.Draft{Name: event.UserDeleted})
			})
		}
		all := read(w, func(tx store.Tx) ([]event.Event, error) {
			return tx.Events().After(w.ctx, mine.client.ID, 0, store.EventFilter{}, 100)
		})
		last := len(all) - 1
		at := read(w, func(tx store.Tx) ([]event.Event, error) {
			return tx.Events().At(w.ctx, mine.client.ID, all[last].Seq, 1, 999)
		})
		require.Equal(w, []event.Event{all[0], all[last]}, at)
		named := func(client ident.Client, ids ...ident.Event) []event.Event {
			return read(w, func(tx store.Tx) ([]event.Event, error) { return tx.Events().Named(w.ctx, client, ids...) })
		}
		require.Equal(w, []event.Event{all[0], all[last]}, named(mine.client.ID, all[last].ID, all[0].ID, "evt_none"))
		require.Empty(w, named(other.client.ID, all[0].ID), "not another client's")
		require.Empty(w, named(mine.client.ID))
	}},
}

// newOther stores one more webhook of an estate's client.
func (w *world) newOther(e estate) *delivery.Webhook {
	h := w.newWebhook(e.client)
	w.put(h)
	return h
}
