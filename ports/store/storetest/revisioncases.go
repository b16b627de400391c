package storetest

import (
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/ports/store"
)

var revisionCases = []testCase{
	{"come_back_in_their_order", func(w *world) {
		e, first, second := w.revised()
		require.Equal(w, []ledger.Revision{first, second}, w.revisions(e.owner(), e))
		require.Equal(w, []ledger.Revision{first, second}, w.revisions(store.Owner{Client: e.client.ID}, e))
	}},
	{"are_added_once", func(w *world) {
		e, first, _ := w.revised()
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Revisions().Add(w.ctx, e.owner(), first) })
		require.Equal(w, fault.Conflict, fault.KindOf(err))
	}},
	{"belong_to_a_transaction_of_their_owner", func(w *world) {
		e, _, _ := w.revised()
		other := w.newEstate(w.newClient())
		for _, owner := range []store.Owner{other.owner(), {Client: other.client.ID}, {}} {
			err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
				return tx.Revisions().Add(w.ctx, owner, ledger.Revision{TransactionID: e.transaction.ID, Number: 7})
			})
			require.Equal(w, fault.NotFound, fault.KindOf(err))
			require.Empty(w, w.revisions(owner, e))
		}
	}},
	{"go_with_their_account", func(w *world) {
		e, _, _ := w.revised()
		w.update(func(tx store.Tx) error {
			return w.speak(tx, e.client.ID, tx.Accounts().Delete(w.ctx, e.owner(), e.account.ID))
		})
		require.Empty(w, w.revisions(e.owner(), e))
	}},
	{"removed_rows_can_be_traced", func(w *world) {
		e, ts := w.manyTransactions(1, func(_ int, t *ledger.Transaction) { t.Removed = true })
		require.Equal(w, ts[0], read(w, func(tx store.Tx) (ledger.Transaction, error) {
			return tx.Transactions().Trace(w.ctx, e.owner(), ts[0].ID)
		}))
	}},
	{"rows_in_doubt", func(w *world) {
		e, ts := w.manyTransactions(3, func(i int, t *ledger.Transaction) {
			t.Links = []ledger.Link{{Type: []ledger.LinkType{ledger.DuplicateCandidate, ledger.PendingOf, ledger.NotDuplicateOf}[i], TransactionID: "txn_x"}}
		})
		w.finds(e, store.TransactionFilter{InDoubt: true}, ts[0])
	}},
	{"sides_of_transfers", func(w *world) {
		e, ts := w.manyTransactions(4, func(i int, t *ledger.Transaction) {
			t.Status, t.Type, t.EffectiveDate = ledger.Booked, ledger.InternalTransfer, "2026-03-10"
			t.Amount = money.Must([]string{"-200.00", "200", "-200.01", "200"}[i], "EUR")
			if i == 3 {
				t.Removed = true
			}
		})
		except := func(account ident.Account, owner store.Owner, keys ...string) []ledger.Transaction {
			return read(w, func(tx store.Tx) ([]ledger.Transaction, error) {
				return tx.Transactions().Transfers(w.ctx, owner, keys, "2026-03-10", "2026-03-10", account)
			})
		}
		sides := func(owner store.Owner, keys ...string) []ledger.Transaction { return except("", owner, keys...) }
		require.ElementsMatch(w, ts[:2], sides(e.owner(), ts[0].TransferKey(), "none"))
		require.Empty(w, except(ts[0].AccountID, e.owner(), ts[0].TransferKey()))
		require.Len(w, except("acc_other", e.owner(), ts[0].TransferKey()), 2)
		require.Empty(w, sides(e.owner()))
		require.Empty(w, sides(w.newEstate(w.newClient()).owner(), ts[0].TransferKey()))
	}},
}

// revised stores an estate whose transaction has two revisions, the second first.
func (w *world) revised() (e estate, first, second ledger.Revision) {
	w.Helper()
	e = w.newEstate(w.newClient())
	w.filler.fill(&first)
	w.filler.fill(&second)
	first.TransactionID, second.TransactionID, first.Number, second.Number = e.transaction.ID, e.transaction.ID, 1, 2
	w.update(func(tx store.Tx) error { return tx.Revisions().Add(w.ctx, e.owner(), second, first) })
	return e, first, second
}

func (w *world) revisions(owner store.Owner, e estate) []ledger.Revision {
	w.Helper()
	return read(w, func(tx store.Tx) ([]ledger.Revision, error) { return tx.Revisions().Of(w.ctx, owner, e.transaction.ID) })
}
