package storetest

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeEvents struct{ *fakeTx }

func (r fakeEvents) Append(_ context.Context, client ident.Client, drafts ...event.Draft) error {
	if err := r.writable(); err != nil {
		return err
	}
	return r.record(client, drafts)
}

// record keeps drafts for the commit. Their data takes the way through JSON,
// as on any way to a client.
func (tx *fakeTx) record(client ident.Client, drafts []event.Draft) error {
	for _, draft := range drafts {
		text, err := json.Marshal(draft.Data)
		if err != nil {
			return fault.New(fault.Internal, "event_data", "An event holds what JSON cannot tell.").Because(err)
		}
		draft.Data = nil
		if err := json.Unmarshal(text, &draft.Data); err != nil {
			return fault.New(fault.Internal, "event_data", "An event holds what JSON cannot tell.").Because(err)
		}
		if len(draft.Data) == 0 {
			draft.Data = nil
		}
		tx.drafts = append(tx.drafts, clientDraft{client, draft})
	}
	return nil
}

// number gives the drafts their places in the log and tells the new heads.
func (tx *fakeTx) number() (map[ident.Client]int64, error) {
	heads := map[ident.Client]int64{}
	for _, d := range tx.drafts {
		if _, ok := tx.state.clients[d.client]; !ok {
			return nil, errOrphan
		}
		log := tx.state.events[d.client]
		e := event.Event{
			Draft: d.draft, Seq: tx.head(d.client) + 1, ID: ident.New[ident.Event](tx.fake.options.IDs),
			ClientID: d.client, OccurredAt: instant(tx.fake.options.Now()),
		}
		tx.state.events[d.client] = append(slices.Clip(log), e)
		heads[d.client] = e.Seq
	}
	return heads, nil
}

func (r fakeEvents) After(_ context.Context, client ident.Client, seq int64, filter store.EventFilter, limit int) ([]event.Event, error) {
	if limit < 1 {
		return nil, errLimit
	}
	if tail := r.state.tails[client]; max(seq, 0) < tail {
		return nil, event.Gone(tail + 1)
	}
	var found []event.Event
	for _, e := range r.state.events[client] {
		if e.Seq > seq && wanted(e, filter) && len(found) < limit {
			found = append(found, e)
		}
	}
	return tidy(found), nil
}

func wanted(e event.Event, f store.EventFilter) bool {
	return (f.User == "" || e.UserID == f.User) && (f.Connection == "" || e.ConnectionID == f.Connection) &&
		(len(f.Names) == 0 || slices.Contains(f.Names, e.Name))
}

func (r fakeEvents) At(_ context.Context, client ident.Client, seqs ...int64) ([]event.Event, error) {
	return r.some(client, func(e event.Event) bool { return slices.Contains(seqs, e.Seq) })
}

func (r fakeEvents) Named(_ context.Context, client ident.Client, ids ...ident.Event) ([]event.Event, error) {
	return r.some(client, func(e event.Event) bool { return slices.Contains(ids, e.ID) })
}

func (r fakeEvents) some(client ident.Client, meant func(event.Event) bool) (found []event.Event, err error) {
	for _, e := range r.state.events[client] {
		if meant(e) {
			found = append(found, e)
		}
	}
	return tidy(found), nil
}

func (r fakeEvents) Head(_ context.Context, client ident.Client) (int64, error) {
	return r.head(client), nil
}

func (r fakeEvents) Heads(_ context.Context, clients ...ident.Client) (map[ident.Client]int64, error) {
	heads := map[ident.Client]int64{}
	for _, client := range clients {
		if head := r.head(client); head > 0 {
			heads[client] = head
		}
	}
	return heads, nil
}

func (r fakeEvents) Oldest(_ context.Context, client ident.Client) (int64, error) {
	return r.state.tails[client] + 1, nil
}

// head is the newest number of a client.
func (tx *fakeTx) head(client ident.Client) int64 {
	return tx.state.tails[client] + int64(len(tx.state.events[client]))
}
