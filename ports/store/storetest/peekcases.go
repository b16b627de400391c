package storetest

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// peekCases hold a Peek to what Views tell.
var peekCases = []testCase{
	{"a_client", func(w *world) {
		e, bare := w.newEstate(w.newClient()), client.Client{ID: w.newClient().ID, CreatedAt: genesis}
		w.put(bare)
		for _, c := range []client.Client{e.client, bare} {
			found, err := w.peek().Client(w.ctx, c.ID)
			require.NoError(w, err)
			require.Equal(w, c, found)
		}
		_, err := w.peek().Client(w.ctx, w.newClient().ID)
		require.Equal(w, fault.NotFound, fault.KindOf(err))
	}},
	{"a_bearer", func(w *world) {
		e := w.newEstate(w.newClient())
		bare := store.Token{Hash: "bare", Owner: store.Owner{Client: e.client.ID}, CreatedAt: genesis}
		w.put(bare)
		w.put(w.newToken(e.user))
		for _, token := range []store.Token{e.token, bare} {
			found, err := w.peek().Bearer(w.ctx, token.Hash)
			require.NoError(w, err)
			require.Equal(w, store.Bearer{Token: token, Client: e.client}, found)
		}
		w.noBearer("no such token")
	}},
	{"a_bearer_as_it_is_now", bearerNow},
	{"transactions_as_listed", func(w *world) {
		e, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		removed := w.newTransaction(e.account)
		removed.Removed = true
		w.put(removed)
		w.put(w.newTransaction(e.account))
		w.put(ledger.Transaction{ // nothing but what it needs
			ID: w.newTransaction(e.account).ID, ClientID: e.client.ID, UserID: e.user.ID, ConnectionID: e.connection.ID, AccountID: e.account.ID,
			EffectiveDate: "2026-01-02",
		})
		for _, filter := range []store.TransactionFilter{
			{}, {Account: e.account.ID}, {Connection: e.connection.ID, From: "2000-01-01", To: "2099-01-01"},
			{Status: e.transaction.Status}, {Categories: []string{e.transaction.Category.ID}}, {Text: e.transaction.Label}, {InDoubt: true}, {Account: other.account.ID},
		} {
			w.peeksAsListed(e.owner(), filter, store.Page{Limit: 1})
			w.peeksAsListed(store.Owner{Client: e.client.ID}, filter, store.Page{Limit: 2})
			w.peeksAsListed(other.owner(), filter, whole)
		}
		for _, page := range []store.Page{{}, {Limit: 1, After: store.Key{"nonsense"}}} {
			_, err := w.peek().Transactions(w.ctx, e.owner(), store.TransactionFilter{}, page)
			require.Error(w, err)
		}
	}},
	{"nothing_after_the_end", func(w *world) {
		e := w.newEstate(w.newClient())
		ctx, cancel := context.WithCancel(w.ctx)
		cancel()
		_, err := w.peek().Client(ctx, e.client.ID)
		require.ErrorIs(w, err, context.Canceled)
		_, err = w.peek().Bearer(ctx, e.token.Hash)
		require.ErrorIs(w, err, context.Canceled)
		_, err = w.peek().Transactions(ctx, e.owner(), store.TransactionFilter{}, whole)
		require.ErrorIs(w, err, context.Canceled)
	}},
}

func (w *world) peek() store.Peek { return store.PeekOf(w.Store) }

// bearerNow is what claim A8 stands on: no Peek remembers.
func bearerNow(w *world) {
	e := w.newEstate(w.newClient())
	for _, change := range []func(){
		func() { e.token.Scopes = nil; w.put(e.token) },
		func() { e.client.Scopes = nil; w.put(e.client) },
		func() { e.client.Disabled = true; w.put(e.client) },
		func() {
			e.token.Revoked = true
			w.update(func(tx store.Tx) error { return tx.Tokens().Revoke(w.ctx, e.token.Hash) })
		},
	} {
		change()
		found, err := w.peek().Bearer(w.ctx, e.token.Hash)
		require.NoError(w, err)
		require.Equal(w, store.Bearer{Token: e.token, Client: e.client}, found)
		by, err := w.peek().Client(w.ctx, e.client.ID)
		require.NoError(w, err)
		require.Equal(w, e.client, by)
	}
	e.user.Erased()
	w.update(func(tx store.Tx) error { return tx.Users().Delete(w.ctx, e.user) })
	w.noBearer(e.token.Hash)
}

func (w *world) noBearer(hash string) {
	w.Helper()
	_, err := w.peek().Bearer(w.ctx, hash)
	require.Equal(w, fault.NotFound, fault.KindOf(err))
}

// peeksAsListed goes through a list page by page, both ways.
func (w *world) peeksAsListed(owner store.Owner, filter store.TransactionFilter, page store.Page) {
	w.Helper()
	for {
		listed := read(w, func(tx store.Tx) (store.Slice[ledger.Transaction], error) {
			return tx.Transactions().List(w.ctx, owner, filter, page)
		})
		for i, t := range listed.Items {
			listed.Items[i] = store.Listed(t)
		}
		peeked, err := w.peek().Transactions(w.ctx, owner, filter, page)
		require.NoError(w, err)
		require.Equal(w, listed, peeked)
		if page.After = listed.Next; page.After == nil {
			return
		}
	}
}
