package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// newConsent makes one of a connection that nobody has to look at.
func (w *world) newConsent(e estate) *consent.Consent {
	c := &consent.Consent{}
	w.filler.fill(c)
	c.ClientID, c.UserID, c.ConnectionID = e.client.ID, e.user.ID, e.connection.ID
	c.DueAt, c.Recorded = time.Time{}, 1
	c.News = []consent.Entry{w.newEntry(1)}
	return c
}

func (w *world) newEntry(number int) consent.Entry {
	var entry consent.Entry
	w.filler.fill(&entry)
	entry.Number = number
	return entry
}

func (w *world) newAccess(c *consent.Consent) consent.Access {
	var a consent.Access
	w.filler.fill(&a)
	a.ConsentID, a.ClientID, a.UserID, a.ConnectionID = c.ID, c.ClientID, c.UserID, c.ConnectionID
	return a
}

func (w *world) newWithdrawal(c *consent.Consent) consent.Withdrawal {
	var withdrawal consent.Withdrawal
	w.filler.fill(&withdrawal)
	withdrawal.ConsentID, withdrawal.ClientID = c.ID, c.ClientID
	return withdrawal
}

func consentsBy(name string, filter func(estate) store.ConsentFilter) listing {
	return listing{name: name, falling: true, filtered: name != "consents",
		add: func(w *world, e estate, at time.Time) string {
			c := w.newConsent(e)
			c.GivenAt = at
			w.put(c)
			return string(c.ID)
		},
		read: func(w *world, tx store.Tx, o store.Owner, e estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Consents().List(w.ctx, o, filter(e), p)
			return named(s, err, func(c *consent.Consent) string { return string(c.ID) })
		}}
}

var accessListing = listing{name: "accesses", falling: true, filtered: true,
	add: func(w *world, e estate, at time.Time) string {
		a := w.newAccess(e.consent)
		a.At = at
		w.put(a)
		return string(a.ID)
	},
	read: func(w *world, tx store.Tx, o store.Owner, e estate, p store.Page) ([]string, store.Key, error) {
		s, err := tx.Accesses().Of(w.ctx, o, e.consent.ID, p)
		return named(s, err, func(a consent.Access) string { return string(a.ID) })
	}}

func (w *world) dueConsents(now time.Time, limit int) []ident.Consent {
	w.Helper()
	return read(w, func(tx store.Tx) ([]ident.Consent, error) { return tx.Consents().Due(w.ctx, now, limit) })
}

// consentWrites are the writes of the three that a view must not let through.
func consentWrites(w *world, e estate) map[string]func(store.Tx) error {
	return map[string]func(store.Tx) error{
		"Consents.Put":       func(tx store.Tx) error { return tx.Consents().Put(w.ctx, e.consent) },
		"Accesses.Put":       func(tx store.Tx) error { return tx.Accesses().Put(w.ctx, e.access) },
		"Accesses.Sweep":     func(tx store.Tx) error { _, err := tx.Accesses().Sweep(w.ctx, genesis, 1); return err },
		"Withdrawals.Put":    func(tx store.Tx) error { return tx.Withdrawals().Put(w.ctx, w.newWithdrawal(e.consent)) },
		"Withdrawals.Delete": func(tx store.Tx) error { return tx.Withdrawals().Delete(w.ctx, e.consent.ID) },
	}
}

var consentCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newConsent(e)
		trip(w, full, &consent.Consent{ID: full.ID, ClientID: full.ClientID, UserID: full.UserID, GivenAt: genesis},
			func(tx store.Tx, c *consent.Consent) error { return tx.Consents().Put(w.ctx, c) },
			func(tx store.Tx) (*consent.Consent, error) { return tx.Consents().Load(w.ctx, full.ID) })
	}},
	{"append_what_was_recorded", func(w *world) {
		e := w.newEstate(w.newClient())
		c := w.newConsent(e)
		first, second := c.News[0], w.newEntry(2)
		c.Record(event.Draft{Name: event.ConsentGiven, Version: 1, UserID: e.user.ID})
		w.put(c)
		require.Empty(w, c.News, "they are stored")
		c.News, c.Recorded = []consent.Entry{second}, 2
		w.put(c)
		w.put(c)
		entries := read(w, func(tx store.Tx) ([]consent.Entry, error) { return tx.Consents().History(w.ctx, e.owner(), c.ID) })
		require.Equal(w, []consent.Entry{first, second}, entries)
		log := w.log(e.client.ID)
		require.Equal(w, event.ConsentGiven, log[len(log)-1].Name)
	}},
	{"keep_entries_as_they_were_written", func(w *world) {
		e := w.newEstate(w.newClient())
		c := w.newConsent(e)
		before := c.News[0]
		w.put(c)
		c.News = []consent.Entry{w.newEntry(1)}
		c.Status = "changed"
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Consents().Put(w.ctx, c) })
		require.Equal(w, fault.Conflict, fault.KindOf(err))
		entries := read(w, func(tx store.Tx) ([]consent.Entry, error) { return tx.Consents().History(w.ctx, e.owner(), c.ID) })
		require.Equal(w, []consent.Entry{before}, entries)
		require.NotEqual(w, c.Status, read(w, func(tx store.Tx) (*consent.Consent, error) { return tx.Consents().Load(w.ctx, c.ID) }).Status)
	}},
	{"are_due_when_their_time_has_come", func(w *world) {
		e := w.newEstate(w.newClient())
		var ids []ident.Consent
		for i := range 3 {
			c := w.newConsent(e)
			c.DueAt = genesis.Add(time.Duration(3-i) * time.Hour)
			w.put(c)
			ids = append(ids, c.ID)
		}
		w.put(w.newConsent(e)) // never
		require.Empty(w, w.dueConsents(genesis, 9))
		require.Equal(w, ids[2:], w.dueConsents(genesis.Add(time.Hour), 9))
		require.Equal(w, []ident.Consent{ids[2], ids[1], ids[0]}, w.dueConsents(genesis.Add(9*time.Hour), 9))
		require.Equal(w, []ident.Consent{ids[2], ids[1]}, w.dueConsents(genesis.Add(9*time.Hour), 2))
	}},
	{"outlive_their_connection_and_go_with_their_user", func(w *world) {
		e := w.newEstate(w.newClient())
		w.update(func(tx store.Tx) error { return w.speak(tx, e.client.ID, tx.Connections().Delete(w.ctx, e.connection)) })
		require.Equal(w, e.consent.ID, read(w, func(tx store.Tx) (*consent.Consent, error) { return tx.Consents().Get(w.ctx, e.owner(), e.consent.ID) }).ID)
		w.update(func(tx store.Tx) error { return tx.Users().Delete(w.ctx, e.user) })
		_, err := ask(w, func(tx store.Tx) (*consent.Consent, error) { return tx.Consents().Load(w.ctx, e.consent.ID) })
		require.ErrorIs(w, err, consent.ErrNotFound)
		_, err = ask(w, func(tx store.Tx) ([]consent.Entry, error) {
			return tx.Consents().History(w.ctx, e.owner(), e.consent.ID)
		})
		require.ErrorIs(w, err, consent.ErrNotFound)
		require.Empty(w, read(w, func(tx store.Tx) (store.Slice[consent.Access], error) {
			return tx.Accesses().Of(w.ctx, e.owner(), e.consent.ID, whole)
		}).Items)
	}},
	{"are_filtered_by_status", func(w *world) {
		e := w.newEstate(w.newClient())
		other := w.newConsent(e)
		other.Status = consent.Revoked
		w.put(other)
		found := read(w, func(tx store.Tx) (store.Slice[*consent.Consent], error) {
			return tx.Consents().List(w.ctx, e.owner(), store.ConsentFilter{Status: consent.Revoked}, whole)
		})
		require.Len(w, found.Items, 1)
		require.Equal(w, other.ID, found.Items[0].ID)
	}},
	{"accesses_come_back_with_their_end", func(w *world) {
		e := w.newEstate(w.newClient())
		under := w.newConsent(e)
		w.put(under)
		full := w.newAccess(under)
		open := full
		open.EndedAt, open.Outcome = time.Time{}, ""
		for _, a := range []consent.Access{open, full} {
			w.put(a)
			found := read(w, func(tx store.Tx) (store.Slice[consent.Access], error) {
				return tx.Accesses().Of(w.ctx, e.owner(), under.ID, whole)
			})
			require.Equal(w, []consent.Access{a}, tidy(found.Items))
		}
	}},
	{"accesses_need_a_consent", func(w *world) {
		e := w.newEstate(w.newClient())
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Accesses().Put(w.ctx, w.newAccess(w.newConsent(e))) })
		require.True(w, fault.IsNotFound(err), "%v", err)
	}},
	{"accesses_without_an_end_are_found", func(w *world) {
		e := w.newEstate(w.newClient())
		made := map[int]ident.Access{}
		for i := range 4 {
			a := w.newAccess(e.consent)
			a.At = genesis.Add(time.Duration(i-90) * time.Hour)
			if i != 1 {
				a.EndedAt, a.Outcome = time.Time{}, ""
			}
			w.put(a)
			made[i] = a.ID
		}
		open := func(before time.Time, limit int) (found []ident.Access) {
			for _, a := range read(w, func(tx store.Tx) ([]consent.Access, error) { return tx.Accesses().Open(w.ctx, before, limit) }) {
				found = append(found, a.ID)
			}
			return found
		}
		require.Equal(w, []ident.Access{made[0], made[2]}, open(genesis.Add(-87*time.Hour), 9), "neither what has ended nor what is as young")
		require.Equal(w, []ident.Access{made[0]}, open(genesis.Add(-80*time.Hour), 1))
		_, err := ask(w, func(tx store.Tx) ([]consent.Access, error) { return tx.Accesses().Open(w.ctx, genesis, 0) })
		require.Error(w, err)
	}},
	{"accesses_are_swept_by_age", func(w *world) {
		e := w.newEstate(w.newClient())
		for i := range 5 {
			a := w.newAccess(e.consent)
			a.At = genesis.Add(time.Duration(i-9) * time.Hour)
			w.put(a)
		}
		sweep := func(before time.Time, limit int) (count int) {
			w.update(func(tx store.Tx) (err error) { count, err = tx.Accesses().Sweep(w.ctx, before, limit); return err })
			return count
		}
		require.Equal(w, 2, sweep(genesis.Add(-6*time.Hour), 2))
		require.Equal(w, 1, sweep(genesis.Add(-6*time.Hour), 2))
		require.Equal(w, 0, sweep(genesis.Add(-6*time.Hour), 2), "what is younger stays, and what is as old")
		left := read(w, func(tx store.Tx) (store.Slice[consent.Access], error) {
			return tx.Accesses().Of(w.ctx, e.owner(), e.consent.ID, whole)
		})
		require.Len(w, left.Items, 3, "two and the estate's own")
	}},
	{"withdrawals_outlive_what_they_are_about", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newWithdrawal(e.consent)
		trip(w, full, consent.Withdrawal{ConsentID: full.ConsentID, ClientID: full.ClientID, CreatedAt: genesis, DueAt: genesis},
			func(tx store.Tx, o consent.Withdrawal) error { return tx.Withdrawals().Put(w.ctx, o) },
			func(tx store.Tx) (consent.Withdrawal, error) { return tx.Withdrawals().Get(w.ctx, full.ConsentID) })
		full.DueAt = genesis
		w.update(func(tx store.Tx) error { return tx.Withdrawals().Put(w.ctx, full) })
		w.update(func(tx store.Tx) error { return w.speak(tx, e.client.ID, tx.Users().Delete(w.ctx, e.user)) })
		due := func(now time.Time) []ident.Consent {
			return read(w, func(tx store.Tx) ([]ident.Consent, error) { return tx.Withdrawals().Due(w.ctx, now, 9) })
		}
		require.Empty(w, due(genesis.Add(-time.Second)))
		require.Equal(w, []ident.Consent{full.ConsentID}, due(genesis))
		for range 2 {
			w.update(func(tx store.Tx) error { return tx.Withdrawals().Delete(w.ctx, full.ConsentID) })
		}
		require.Empty(w, due(genesis))
		_, err := ask(w, func(tx store.Tx) (consent.Withdrawal, error) { return tx.Withdrawals().Get(w.ctx, full.ConsentID) })
		require.ErrorIs(w, err, consent.ErrNotFound)
	}},
}
