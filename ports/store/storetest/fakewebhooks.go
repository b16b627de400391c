package storetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeWebhooks struct{ *fakeTx }

func (r fakeWebhooks) Get(_ context.Context, client ident.Client, id ident.Webhook) (*delivery.Webhook, error) {
	found, ok := r.state.webhooks[id]
	if !ok || found.ClientID != client {
		return nil, delivery.ErrWebhookNotFound
	}
	found = tidy(found)
	return &found, nil
}

func (r fakeWebhooks) Put(_ context.Context, ws ...*delivery.Webhook) error {
	if err := r.writable(); err != nil {
		return err
	}
	for _, w := range ws {
		if _, ok := r.state.clients[w.ClientID]; !ok {
			return errOrphan
		}
		drafts := w.Drain()
		r.state.webhooks[w.ID] = tidy(*w)
		if err := r.record(w.ClientID, drafts); err != nil {
			return err
		}
	}
	return nil
}

func (r fakeWebhooks) Delete(ctx context.Context, client ident.Client, id ident.Webhook) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, err := r.Get(ctx, client, id); err != nil {
		return err
	}
	delete(r.state.webhooks, id)
	maps.DeleteFunc(r.state.deliveries, func(key deliveryKey, _ delivery.Delivery) bool { return key.webhook == id })
	return nil
}

func (r fakeWebhooks) List(_ context.Context, client ident.Client, page store.Page) (store.Slice[*delivery.Webhook], error) {
	keep := func(w delivery.Webhook) bool { return w.ClientID == client }
	by := byTime(false, func(w delivery.Webhook) time.Time { return w.CreatedAt }, func(w delivery.Webhook) ident.Webhook { return w.ID })
	return pointers(paged(maps.Values(r.state.webhooks), keep, by, page))
}

func (r fakeWebhooks) Load(_ context.Context, ids ...ident.Webhook) (found []*delivery.Webhook, err error) {
	for _, id := range slices.Sorted(slices.Values(ids)) {
		if w, ok := r.state.webhooks[id]; ok {
			w = tidy(w)
			found = append(found, &w)
		}
	}
	return found, nil
}

func (r fakeWebhooks) Due(_ context.Context, now time.Time, limit int) (ids []ident.Webhook, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	for _, id := range slices.Sorted(maps.Keys(r.state.webhooks)) {
		w := r.state.webhooks[id]
		behind := w.Cursor < int64(len(r.state.events[w.ClientID]))
		late := !w.RetryAt.IsZero() && !w.RetryAt.After(now)
		if w.Serves() && !now.Before(w.Hold.Until) && (behind || late) && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

type deliveryKey struct {
	webhook ident.Webhook
	seq     int64
}

type fakeDeliveries struct{ *fakeTx }

func (r fakeDeliveries) Put(_ context.Context, ds ...delivery.Delivery) error {
	if err := r.writable(); err != nil {
		return err
	}
	for _, d := range ds {
		if _, ok := r.state.webhooks[d.WebhookID]; !ok {
			return errOrphan
		}
		r.state.deliveries[deliveryKey{d.WebhookID, d.Seq}] = tidy(d)
	}
	return nil
}

// of gives the deliveries of a webhook that are kept, in the order of their numbers.
func (r fakeDeliveries) of(webhook ident.Webhook, keep func(delivery.Delivery) bool) (found []delivery.Delivery) {
	for key, d := range r.state.deliveries {
		if key.webhook == webhook && keep(d) {
			found = append(found, tidy(d))
		}
	}
	slices.SortFunc(found, func(a, b delivery.Delivery) int { return cmp.Compare(a.Seq, b.Seq) })
	return found
}

func (r fakeDeliveries) List(_ context.Context, client ident.Client, webhook ident.Webhook, filter store.DeliveryFilter, page store.Page) (store.Slice[delivery.Delivery], error) {
	by := byTime(true, func(d delivery.Delivery) time.Time { return time.UnixMicro(d.Seq) }, func(d delivery.Delivery) ident.Event { return d.EventID })
	by.place = func(d delivery.Delivery) store.Key { return store.Key{fmt.Sprintf("%019d", d.Seq), string(d.EventID)} }
	keep := func(d delivery.Delivery) bool {
		return r.state.webhooks[webhook].ClientID == client && (filter.Status == "" || filter.Status == d.Status) && (filter.Name == "" || filter.Name == d.Name)
	}
	return paged(slices.Values(r.of(webhook, func(delivery.Delivery) bool { return true })), keep, by, page)
}

func (r fakeDeliveries) Some(_ context.Context, webhook ident.Webhook, seqs ...int64) ([]delivery.Delivery, error) {
	return r.of(webhook, func(d delivery.Delivery) bool { return slices.Contains(seqs, d.Seq) }), nil
}

func (r fakeDeliveries) Beyond(_ context.Context, webhook ident.Webhook, seq int64, limit int) (seqs []int64, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	for _, d := range r.of(webhook, func(d delivery.Delivery) bool { return d.Seq > seq }) {
		if len(seqs) < limit {
			seqs = append(seqs, d.Seq)
		}
	}
	return seqs, nil
}

func (r fakeDeliveries) pending(webhook ident.Webhook) []delivery.Delivery {
	found := r.of(webhook, func(d delivery.Delivery) bool { return d.Status == delivery.Pending && !d.NextAt.IsZero() })
	slices.SortStableFunc(found, func(a, b delivery.Delivery) int { return a.NextAt.Compare(b.NextAt) })
	return found
}

func (r fakeDeliveries) Due(_ context.Context, webhook ident.Webhook, now time.Time, limit int) (due []delivery.Delivery, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	for _, d := range r.pending(webhook) {
		if !d.NextAt.After(now) && len(due) < limit {
			due = append(due, d)
		}
	}
	return due, nil
}

func (r fakeDeliveries) Next(_ context.Context, webhook ident.Webhook) (time.Time, error) {
	for _, d := range r.pending(webhook) {
		return d.NextAt, nil
	}
	return time.Time{}, nil
}

func (r fakeDeliveries) Backlog(context.Context) (found store.Backlog, err error) {
	for _, d := range r.state.deliveries {
		if d.Status != delivery.Pending {
			continue
		}
		if found.Pending++; found.Oldest.IsZero() || d.CreatedAt.Before(found.Oldest) {
			found.Oldest = d.CreatedAt
		}
	}
	for _, w := range r.state.webhooks {
		if w.Serves() {
			found.Behind += max(0, r.head(w.ClientID)-w.Cursor)
		}
	}
	found.Oldest = instant(found.Oldest)
	return found, nil
}

func (r fakeDeliveries) Sweep(_ context.Context, before time.Time, limit int) (count int, err error) {
	if err := r.writable(); err != nil {
		return 0, err
	}
	var old []deliveryKey
	for key, d := range r.state.deliveries {
		if d.CreatedAt.Before(before) && d.Status != delivery.Pending {
			old = append(old, key)
		}
	}
	slices.SortFunc(old, func(a, b deliveryKey) int {
		return r.state.deliveries[a].CreatedAt.Compare(r.state.deliveries[b].CreatedAt)
	})
	for _, key := range old[:min(limit, len(old))] {
		delete(r.state.deliveries, key)
		count++
	}
	return count, nil
}
