package synchronizing_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// asked counts how often rules are read in updates.
type asked struct {
	store.Store
	times int
}

func (a *asked) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	return a.Store.Update(ctx, fence, func(tx store.Tx) error { return fn(askedTx{tx, a}) })
}

type askedTx struct {
	store.Tx
	by *asked
}

func (tx askedTx) Rules() store.Rules {
	tx.by.times++
	return tx.Tx.Rules()
}

// categories are what the rows were given, by their raw label.
func (w *world) categories() map[string]string {
	all := map[string]string{}
	for _, row := range w.rows() {
		all[row.RawLabel] = row.Category.Source + " " + row.Category.ID
	}
	return all
}

func TestRules_decide_about_what_is_read(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reads := &asked{Store: w.store}
	w.worker.Store = reads
	rules := ruling.Service{Store: w.store, Now: w.now, IDs: ident.Real()}
	tenant := usecase.Principal{Client: w.asker.Client}
	give := func(p usecase.Principal, text, id string) string {
		made, err := rules.Create(t.Context(), p, usecase.NewRule{Text: text, Direction: category.Debit, CategoryID: id})
		require.NoError(t, err)
		return string(made.ID)
	}
	give(tenant, "cafe", "leisure.outings")
	bakery := movement("2", "-3", "BOULANGERIE", ledger.Booked, "")
	refund := movement("3", "5", "CAFE DU PORT RETOUR", ledger.Booked, "")
	w.tellsAccounts([]ledger.Row{movement("1", "-5", "CAFE DU PORT", ledger.Pending, ""), refund}, []ledger.Row{bakery})
	c := w.connect()
	w.work(c.LastSynchronizationID)
	require.Equal(t, 1, reads.times, "once, whatever the accounts and rows")
	require.Equal(t, "RULE leisure.outings", w.categories()["CAFE DU PORT"])
	require.Equal(t, "ENGINE food.specialty", w.categories()["BOULANGERIE"])
	require.Equal(t, "ENGINE", w.categories()["CAFE DU PORT RETOUR"][:6], "it goes the other way")

	// A client's rule is asked when a row is new, or described anew.
	give(tenant, "boulangerie", "leisure.outings")
	w.again(c, synchronization.All)
	require.Equal(t, "ENGINE food.specialty", w.categories()["BOULANGERIE"])
	own := give(w.asker, "nantes", "food.restaurants")
	bakery.Label = "BOULANGERIE DE NANTES"
	w.tellsAccounts([]ledger.Row{movement("1", "-5", "CAFE DU PORT NANTES", ledger.Booked, ""), refund},
		[]ledger.Row{bakery, movement("4", "-2", "BOULANGERIE DE REZE", ledger.Booked, "")})
	w.pass(time.Hour)
	run := w.again(c, synchronization.All)
	require.Equal(t, synchronization.Success, run.Status)
	after := w.categories()
	require.Equal(t, "RULE food.restaurants", after["CAFE DU PORT NANTES"], "the user's before the client's")
	require.Equal(t, "RULE leisure.outings", after["BOULANGERIE DE REZE"])
	require.NoError(t, rules.Delete(t.Context(), w.asker, own))
	require.Equal(t, "RULE leisure.outings", w.categories()["CAFE DU PORT NANTES"])
}
