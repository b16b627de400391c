package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

var roundTrips = []testCase{
	{"a_client", func(w *world) {
		full := w.newClient()
		trip(w, full, client.Client{ID: full.ID, Name: "bare", CreatedAt: genesis},
			func(tx store.Tx, c client.Client) error { return tx.Clients().Put(w.ctx, c) },
			func(tx store.Tx) (client.Client, error) { return tx.Clients().Get(w.ctx, full.ID) })
	}},
	{"a_user", func(w *world) {
		c := w.newClient()
		w.put(c)
		full := *w.newUser(c)
		trip(w, full, user.User{ID: full.ID, ClientID: c.ID, CreatedAt: genesis},
			func(tx store.Tx, u user.User) error { return tx.Users().Put(w.ctx, &u) },
			func(tx store.Tx) (user.User, error) {
				return value(tx.Users().Get(w.ctx, store.Owner{Client: c.ID}, full.ID))
			})
	}},
	{"a_connection", func(w *world) {
		e := w.newEstate(w.newClient())
		full := *w.newConnection(e.user)
		trip(w, full, connection.Connection{ID: full.ID, ClientID: full.ClientID, UserID: full.UserID, CreatedAt: genesis},
			func(tx store.Tx, c connection.Connection) error { return tx.Connections().Put(w.ctx, &c) },
			func(tx store.Tx) (connection.Connection, error) {
				return value(tx.Connections().Get(w.ctx, e.owner(), full.ID))
			})
	}},
	{"a_run", func(w *world) {
		e := w.newEstate(w.newClient())
		c := w.newConnection(e.user)
		w.put(c)
		full := *w.newRun(c)
		bare := synchronization.Synchronization{
			ID: full.ID, ClientID: full.ClientID, UserID: full.UserID, ConnectionID: full.ConnectionID, CreatedAt: genesis,
			Accounts: []synchronization.AccountOutcome{{AccountID: e.account.ID}}, PSU: &synchronization.PSU{},
		}
		trip(w, full, bare,
			func(tx store.Tx, s synchronization.Synchronization) error { return tx.Runs().Put(w.ctx, &s) },
			func(tx store.Tx) (synchronization.Synchronization, error) {
				return value(tx.Runs().Load(w.ctx, full.ID))
			})
	}},
	{"a_challenge", func(w *world) {
		e := w.newEstate(w.newClient())
		full := *w.newChallenge(e.run)
		bare := connection.Challenge{
			ID: full.ID, ClientID: full.ClientID, UserID: full.UserID, ConnectionID: full.ConnectionID,
			SynchronizationID: full.SynchronizationID, CreatedAt: genesis,
		}
		trip(w, full, bare,
			func(tx store.Tx, c connection.Challenge) error { return tx.Challenges().Put(w.ctx, &c) },
			func(tx store.Tx) (connection.Challenge, error) {
				return value(tx.Challenges().Get(w.ctx, e.owner(), full.ID))
			})
	}},
	{"an_account", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newAccount(e.connection)
		bare := ledger.Account{
			ID: full.ID, ClientID: full.ClientID, UserID: full.UserID, ConnectionID: full.ConnectionID, FirstSeenAt: genesis,
			Balances: []ledger.Balance{{Type: ledger.BalanceOther}},
		}
		trip(w, full, bare,
			func(tx store.Tx, a ledger.Account) error { return tx.Accounts().Put(w.ctx, a) },
			func(tx store.Tx) (ledger.Account, error) { return tx.Accounts().Get(w.ctx, e.owner(), full.ID) })
	}},
	{"a_transaction", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newTransaction(e.account)
		bare := ledger.Transaction{
			ID: full.ID, ClientID: full.ClientID, UserID: full.UserID, ConnectionID: full.ConnectionID, AccountID: full.AccountID,
			EffectiveDate: "2026-01-02",
		}
		trip(w, full, bare,
			func(tx store.Tx, t ledger.Transaction) error { return w.write(tx, t) },
			func(tx store.Tx) (ledger.Transaction, error) { return tx.Transactions().Get(w.ctx, e.owner(), full.ID) })
	}},
	{"a_removed_transaction", func(w *world) {
		e := w.newEstate(w.newClient())
		e.transaction.Removed = true
		w.put(e.transaction)
		require.Equal(w, []ledger.Transaction{e.transaction}, read(w, func(tx store.Tx) ([]ledger.Transaction, error) {
			return tx.Transactions().Between(w.ctx, e.account.ID, "", "")
		}))
	}},
	{"a_queue", func(w *world) {
		e := w.newEstate(w.newClient())
		full := *w.newQueue(e.user)
		trip(w, full, delivery.Queue{ID: full.ID, ClientID: full.ClientID, CreatedAt: genesis},
			func(tx store.Tx, q delivery.Queue) error { return tx.Queues().Put(w.ctx, &q) },
			func(tx store.Tx) (delivery.Queue, error) {
				return value(tx.Queues().Get(w.ctx, store.Owner{Client: e.client.ID}, full.ID))
			})
	}},
	{"a_token", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newToken(e.user)
		full.Revoked = true
		trip(w, full, store.Token{Hash: full.Hash, Owner: store.Owner{Client: e.client.ID}, CreatedAt: genesis},
			func(tx store.Tx, t store.Token) error { return tx.Tokens().Put(w.ctx, t) },
			func(tx store.Tx) (store.Token, error) { return tx.Tokens().Get(w.ctx, full.Hash) })
	}},
	{"instants_in_UTC_to_the_microsecond", func(w *world) {
		c := w.newClient()
		c.CreatedAt = time.Date(2026, 7, 1, 2, 3, 4, 567891999, time.FixedZone("elsewhere", 7200))
		w.put(c)
		got := read(w, func(tx store.Tx) (client.Client, error) { return tx.Clients().Get(w.ctx, c.ID) })
		require.Equal(w, time.Date(2026, 7, 1, 0, 3, 4, 567891000, time.UTC), got.CreatedAt)
	}},
	{"empty_lists_come_back_as_none", func(w *world) {
		c := w.newClient()
		c.Scopes, c.RedirectURLs, c.Origins, c.AppLinks = []client.Scope{}, []string{}, []string{}, []string{}
		w.put(c)
		got := read(w, func(tx store.Tx) (client.Client, error) { return tx.Clients().Get(w.ctx, c.ID) })
		require.Nil(w, got.Scopes)
		require.Nil(w, got.RedirectURLs)
		require.Nil(w, got.Origins)
		require.Nil(w, got.AppLinks)
	}},
	{"what_was_read_is_a_copy", func(w *world) {
		e := w.newEstate(w.newClient())
		get := func(tx store.Tx) (*connection.Connection, error) {
			return tx.Connections().Get(w.ctx, e.owner(), e.connection.ID)
		}
		got := read(w, get)
		got.Channels[0].Message["en"], got.Channels[0].SealedSecrets[0] = "changed", 99
		require.Equal(w, e.connection, read(w, get))
	}},
}

// trip stores a value with every field and one with hardly any under the same
// key, and compares what comes back.
func trip[T any](w *world, full, bare T, put func(store.Tx, T) error, get func(store.Tx) (T, error)) {
	w.Helper()
	for _, thing := range []T{full, bare, full} {
		w.update(func(tx store.Tx) error { return put(tx, thing) })
		require.Equal(w, thing, read(w, get))
	}
}

// value takes what a pointer points to.
func value[T any](pointer *T, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	return *pointer, nil
}
