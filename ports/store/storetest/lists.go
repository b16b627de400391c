package storetest

import (
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// listing is one of the port's lists.
type listing struct {
	name    string
	falling bool
	// tenantless lists serve the operator, clientOnly ones no single user;
	// filtered ones look at one thing of the estate.
	tenantless, clientOnly, filtered bool
	// lowest and highest are places before and after everything.
	lowest, highest store.Key
	// add stores one more item of an estate, at a time.
	add func(*world, estate, time.Time) string
	// read reads a page of an owner's.
	read func(*world, store.Tx, store.Owner, estate, store.Page) ([]string, store.Key, error)
}

// named takes the ids of a slice.
func named[T any](slice store.Slice[T], err error, id func(T) string) ([]string, store.Key, error) {
	var ids []string
	for _, item := range slice.Items {
		ids = append(ids, id(item))
	}
	return ids, slice.Next, err
}

func outermost(prefix string) (store.Key, store.Key) {
	low, high := prefix+"_00000000000000000000000000", prefix+"_zzzzzzzzzzzzzzzzzzzzzzzzzz"
	return store.Key{strconv.Itoa(0), low}, store.Key{strconv.FormatInt(genesis.AddDate(50, 0, 0).UnixMicro(), 10), high}
}

var lists = []listing{
	edged("cli", listing{name: "clients", tenantless: true,
		add: func(w *world, _ estate, at time.Time) string {
			c := w.newClient()
			c.CreatedAt = at
			w.put(c)
			return string(c.ID)
		},
		read: func(w *world, tx store.Tx, _ store.Owner, _ estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Clients().List(w.ctx, p)
			return named(s, err, func(c client.Client) string { return string(c.ID) })
		}}),
	edged("usr", listing{name: "users", clientOnly: true,
		add: func(w *world, e estate, at time.Time) string {
			u := w.newUser(e.client)
			u.CreatedAt = at
			w.put(u)
			return string(u.ID)
		},
		read: func(w *world, tx store.Tx, o store.Owner, _ estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Users().List(w.ctx, o.Client, store.UserFilter{}, p)
			return named(s, err, func(u *user.User) string { return string(u.ID) })
		}}),
	edged("con", listing{name: "connections",
		add: func(w *world, e estate, at time.Time) string {
			c := w.newConnection(e.user)
			c.CreatedAt = at
			w.put(c)
			return string(c.ID)
		},
		read: func(w *world, tx store.Tx, o store.Owner, _ estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Connections().List(w.ctx, o, store.ConnectionFilter{}, p)
			return named(s, err, func(c *connection.Connection) string { return string(c.ID) })
		}}),
	edged("syn", runsBy("runs", func(estate) store.RunFilter { return store.RunFilter{} })),
	edged("syn", runsBy("runs of a connection", func(e estate) store.RunFilter { return store.RunFilter{Connection: e.connection.ID} })),
	edged("acc", accountsBy("accounts", func(estate) store.AccountFilter { return store.AccountFilter{} })),
	edged("acc", accountsBy("accounts of a connection", func(e estate) store.AccountFilter {
		return store.AccountFilter{Connection: e.connection.ID}
	})),
	dated(transactionsBy("transactions", func(estate) store.TransactionFilter { return store.TransactionFilter{} })),
	dated(transactionsBy("transactions of an account", func(e estate) store.TransactionFilter {
		return store.TransactionFilter{Account: e.account.ID}
	})),
	dated(transactionsBy("transactions of a connection in a time", func(e estate) store.TransactionFilter {
		return store.TransactionFilter{Connection: e.connection.ID, From: "2000-01-01", To: "2099-01-01"}
	})),
	edged("que", listing{name: "queues",
		add: func(w *world, e estate, at time.Time) string {
			q := w.newQueue(e.user)
			q.CreatedAt = at
			w.update(func(tx store.Tx) error { return tx.Queues().Put(w.ctx, q) })
			return string(q.ID)
		},
		read: func(w *world, tx store.Tx, o store.Owner, _ estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Queues().List(w.ctx, o, p)
			return named(s, err, func(q *delivery.Queue) string { return string(q.ID) })
		}}),
	edged("cst", consentsBy("consents", func(estate) store.ConsentFilter { return store.ConsentFilter{} })),
	edged("cst", consentsBy("consents of a connection", func(e estate) store.ConsentFilter {
		return store.ConsentFilter{Connection: e.connection.ID}
	})),
	edged("acs", accessListing),
	edged("whk", listing{name: "webhooks", clientOnly: true, add: addWebhook,
		read: func(w *world, tx store.Tx, o store.Owner, _ estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Webhooks().List(w.ctx, o.Client, p)
			return named(s, err, func(h *delivery.Webhook) string { return string(h.ID) })
		}}),
	edged("rul", listing{name: "rules", add: addRule,
		read: func(w *world, tx store.Tx, o store.Owner, _ estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Rules().List(w.ctx, o, p)
			return named(s, err, func(r category.Rule) string { return string(r.ID) })
		}}),
	edged("cfg", listing{name: "configurations", clientOnly: true, add: addConfiguration,
		read: func(w *world, tx store.Tx, o store.Owner, _ estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Configurations().List(w.ctx, o.Client, p)
			return named(s, err, func(c sandbox.Configuration) string { return string(c.ID) })
		}}),
	edged("cfg", listing{name: "configurations of all clients", tenantless: true, add: addConfiguration,
		read: func(w *world, tx store.Tx, _ store.Owner, _ estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Configurations().All(w.ctx, p)
			return named(s, err, func(c sandbox.Configuration) string { return string(c.ID) })
		}}),
}

func runsBy(name string, filter func(estate) store.RunFilter) listing {
	return listing{name: name, falling: true, filtered: filter(estate{connection: &connection.Connection{ID: "x"}}) != store.RunFilter{},
		add: func(w *world, e estate, at time.Time) string {
			s := w.newRun(e.connection)
			s.CreatedAt, s.Status = at, synchronization.Success
			w.put(s)
			return string(s.ID)
		},
		read: func(w *world, tx store.Tx, o store.Owner, e estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Runs().List(w.ctx, o, filter(e), p)
			return named(s, err, func(s *synchronization.Synchronization) string { return string(s.ID) })
		}}
}

func accountsBy(name string, filter func(estate) store.AccountFilter) listing {
	return listing{name: name, filtered: filter(estate{connection: &connection.Connection{ID: "x"}}) != store.AccountFilter{},
		add: func(w *world, e estate, at time.Time) string {
			a := w.newAccount(e.connection)
			a.FirstSeenAt = at
			w.put(a)
			return string(a.ID)
		},
		read: func(w *world, tx store.Tx, o store.Owner, e estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Accounts().List(w.ctx, o, filter(e), p)
			return named(s, err, func(a ledger.Account) string { return string(a.ID) })
		}}
}

func transactionsBy(name string, filter func(estate) store.TransactionFilter) listing {
	return listing{name: name, falling: true, filtered: name != "transactions",
		add: func(w *world, e estate, at time.Time) string {
			t := w.newTransaction(e.account)
			t.EffectiveDate = bank.DayOf(at)
			w.put(t)
			return string(t.ID)
		},
		read: func(w *world, tx store.Tx, o store.Owner, e estate, p store.Page) ([]string, store.Key, error) {
			s, err := tx.Transactions().List(w.ctx, o, filter(e), p)
			return named(s, err, func(t ledger.Transaction) string { return string(t.ID) })
		}}
}

func edged(prefix string, l listing) listing {
	l.lowest, l.highest = outermost(prefix)
	return l
}

func dated(l listing) listing {
	l.lowest, l.highest = outermost("txn")
	l.lowest[0], l.highest[0] = "1999-01-01", "2098-01-01"
	return l
}
