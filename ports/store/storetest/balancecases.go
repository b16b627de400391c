package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

var balanceCases = []testCase{
	{"come_back_newest_first_page_by_page", func(w *world) {
		e := w.newEstate(w.newClient())
		var told []ledger.BalanceRecord
		for i := range 3 {
			r := w.newBalance(e)
			r.ReadAt = genesis.Add(time.Duration(i/2) * time.Hour) // two at the same time
			told = append(told, r)
			w.putBalance(e, r)
		}
		var all []ledger.BalanceRecord
		for page := (store.Page{Limit: 1}); ; {
			slice := read(w, func(tx store.Tx) (store.Slice[ledger.BalanceRecord], error) {
				return tx.Balances().Of(w.ctx, e.owner(), e.account.ID, page)
			})
			all = append(all, slice.Items...)
			if page.After = slice.Next; page.After == nil {
				break
			}
		}
		require.Equal(w, []ledger.BalanceRecord{told[2], told[1], told[0]}, all)
	}},
	{"of_one_run_the_last_counts", func(w *world) {
		e := w.newEstate(w.newClient())
		first := w.newBalance(e)
		bare := ledger.BalanceRecord{AccountID: first.AccountID, Synchronization: first.Synchronization, ReadAt: genesis, Integrity: ledger.Integrity{State: ledger.NotComputable}}
		w.putBalance(e, first)
		require.Equal(w, []ledger.BalanceRecord{first}, w.balances(e.owner(), e))
		w.putBalance(e, bare)
		require.Equal(w, []ledger.BalanceRecord{bare}, w.balances(store.Owner{Client: e.client.ID}, e))
	}},
	{"are_their_owners", func(w *world) {
		e, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		r := w.newBalance(e)
		w.putBalance(e, r)
		for _, stranger := range []store.Owner{other.owner(), {Client: other.client.ID}, {Client: e.client.ID, User: other.user.ID}, {}} {
			require.Empty(w, w.balances(stranger, e))
			err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Balances().Put(w.ctx, stranger, r) })
			require.ErrorIs(w, err, ledger.ErrAccountNotFound)
		}
	}},
	{"go_with_their_account", func(w *world) {
		e := w.newEstate(w.newClient())
		w.putBalance(e, w.newBalance(e))
		w.update(func(tx store.Tx) error {
			return w.speak(tx, e.client.ID, tx.Accounts().Delete(w.ctx, e.owner(), e.account.ID))
		})
		require.Empty(w, w.balances(e.owner(), e))
	}},
}

func (w *world) newBalance(e estate) (r ledger.BalanceRecord) {
	w.filler.fill(&r)
	r.AccountID = e.account.ID
	return r
}

func (w *world) putBalance(e estate, r ledger.BalanceRecord) {
	w.Helper()
	w.update(func(tx store.Tx) error { return tx.Balances().Put(w.ctx, e.owner(), r) })
}

func (w *world) balances(owner store.Owner, e estate) []ledger.BalanceRecord {
	w.Helper()
	return read(w, func(tx store.Tx) (store.Slice[ledger.BalanceRecord], error) {
		return tx.Balances().Of(w.ctx, owner, e.account.ID, whole)
	}).Items
}
