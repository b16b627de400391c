package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// Consents implements store.Tx.
func (tx *fakeTx) Consents() store.Consents { return fakeConsents{tx} }

// Accesses implements store.Tx.
func (tx *fakeTx) Accesses() store.Accesses { return fakeAccesses{tx} }

// Withdrawals implements store.Tx.
func (tx *fakeTx) Withdrawals() store.Withdrawals { return fakeWithdrawals{tx} }

// dropConsents forgets those of a user.
func (tx *fakeTx) dropConsents(id ident.User) {
	for _, c := range tx.state.consents {
		if c.UserID == id {
			delete(tx.state.consents, c.ID)
			delete(tx.state.entries, c.ID)
		}
	}
	maps.DeleteFunc(tx.state.accesses, func(_ ident.Access, a consent.Access) bool {
		_, kept := tx.state.consents[a.ConsentID]
		return !kept
	})
}

type fakeConsents struct{ *fakeTx }

func (r fakeConsents) Get(_ context.Context, owner store.Owner, id ident.Consent) (*consent.Consent, error) {
	found, ok := r.state.consents[id]
	if !ok || !owns(owner, found.ClientID, found.UserID) {
		return nil, consent.ErrNotFound
	}
	found = tidy(found)
	return &found, nil
}

func (r fakeConsents) Load(_ context.Context, id ident.Consent) (*consent.Consent, error) {
	found, ok := r.state.consents[id]
	if !ok {
		return nil, consent.ErrNotFound
	}
	found = tidy(found)
	return &found, nil
}

var errEntry = fault.New(fault.Conflict, "consent_changed", "Something else happened to this consent meanwhile.")

func (r fakeConsents) Put(_ context.Context, c *consent.Consent) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.users[c.UserID]; !ok {
		return errOrphan
	}
	entries := slices.Clone(r.state.entries[c.ID])
	for _, e := range c.News {
		if slices.ContainsFunc(entries, func(old consent.Entry) bool { return old.Number == e.Number }) {
			return errEntry
		}
		entries = append(entries, tidy(e))
	}
	c.Told()
	r.state.entries[c.ID], r.state.consents[c.ID] = entries, tidy(*c)
	return r.record(c.ClientID, c.Drain())
}

func (r fakeConsents) Due(_ context.Context, now time.Time, limit int) ([]ident.Consent, error) {
	if limit < 1 {
		return nil, errLimit
	}
	return dueOf(maps.Values(r.state.consents), limit, func(c consent.Consent) (time.Time, ident.Consent) { return c.DueAt, c.ID }, now), nil
}

func dueOf[T any](all func(func(T) bool), limit int, of func(T) (time.Time, ident.Consent), now time.Time) (ids []ident.Consent) {
	due := map[ident.Consent]time.Time{}
	for item := range all {
		if at, id := of(item); !at.IsZero() && !at.After(now) {
			due[id] = at
		}
	}
	ids = slices.SortedFunc(maps.Keys(due), func(a, b ident.Consent) int { return cmp.Or(due[a].Compare(due[b]), cmp.Compare(a, b)) })
	return ids[:min(limit, len(ids))]
}

func (r fakeConsents) List(_ context.Context, owner store.Owner, filter store.ConsentFilter, page store.Page) (store.Slice[*consent.Consent], error) {
	keep := func(c consent.Consent) bool {
		return owns(owner, c.ClientID, c.UserID) && (filter.Connection == "" || c.ConnectionID == filter.Connection) &&
			(filter.Status == "" || c.Status == filter.Status)
	}
	by := byTime(true, func(c consent.Consent) time.Time { return c.GivenAt }, func(c consent.Consent) ident.Consent { return c.ID })
	return pointers(paged(maps.Values(r.state.consents), keep, by, page))
}

func (r fakeConsents) History(ctx context.Context, owner store.Owner, id ident.Consent) ([]consent.Entry, error) {
	if _, err := r.Get(ctx, owner, id); err != nil {
		return nil, err
	}
	found := tidy(r.state.entries[id])
	slices.SortFunc(found, func(a, b consent.Entry) int { return cmp.Compare(a.Number, b.Number) })
	return found, nil
}

type fakeAccesses struct{ *fakeTx }

func (r fakeAccesses) Put(_ context.Context, a consent.Access) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.consents[a.ConsentID]; !ok {
		return errOrphan
	}
	r.state.accesses[a.ID] = tidy(a)
	return nil
}

func (r fakeAccesses) Of(_ context.Context, owner store.Owner, id ident.Consent, page store.Page) (store.Slice[consent.Access], error) {
	keep := func(a consent.Access) bool { return owns(owner, a.ClientID, a.UserID) && a.ConsentID == id }
	by := byTime(true, func(a consent.Access) time.Time { return a.At }, func(a consent.Access) ident.Access { return a.ID })
	return paged(maps.Values(r.state.accesses), keep, by, page)
}

func (r fakeAccesses) Open(_ context.Context, before time.Time, limit int) (open []consent.Access, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	for _, a := range r.state.accesses {
		if a.EndedAt.IsZero() && a.At.Before(before) {
			open = append(open, tidy(a))
		}
	}
	slices.SortFunc(open, func(a, b consent.Access) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return open[:min(len(open), limit)], nil
}

func (r fakeAccesses) Sweep(_ context.Context, before time.Time, limit int) (count int, err error) {
	if err := r.writable(); err != nil {
		return 0, err
	}
	if limit < 1 {
		return 0, errLimit
	}
	oldest := slices.SortedFunc(maps.Values(r.state.accesses), func(a, b consent.Access) int { return a.At.Compare(b.At) })
	for _, a := range oldest {
		if count == limit || !a.At.Before(before) {
			break
		}
		delete(r.state.accesses, a.ID)
		count++
	}
	return count, nil
}

type fakeWithdrawals struct{ *fakeTx }

func (r fakeWithdrawals) Get(_ context.Context, id ident.Consent) (consent.Withdrawal, error) {
	found, ok := r.state.withdrawals[id]
	if !ok {
		return found, consent.ErrNotFound
	}
	return tidy(found), nil
}

func (r fakeWithdrawals) Put(_ context.Context, w consent.Withdrawal) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.clients[w.ClientID]; !ok {
		return errOrphan
	}
	r.state.withdrawals[w.ConsentID] = tidy(w)
	return nil
}

func (r fakeWithdrawals) Delete(_ context.Context, id ident.Consent) error {
	if err := r.writable(); err != nil {
		return err
	}
	delete(r.state.withdrawals, id)
	return nil
}

func (r fakeWithdrawals) Due(_ context.Context, now time.Time, limit int) ([]ident.Consent, error) {
	if limit < 1 {
		return nil, errLimit
	}
	return dueOf(maps.Values(r.state.withdrawals), limit, func(w consent.Withdrawal) (time.Time, ident.Consent) { return w.DueAt, w.ConsentID }, now), nil
}
