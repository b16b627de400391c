package synchronizing_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/keeping"
	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func (w *world) keeper() keeping.Service {
	return keeping.Service{Store: w.store, Now: w.now, IDs: ident.Source{Now: w.now, Rand: rand.Reader}}
}

func (w *world) reads(bankID string, rows ...ledger.Row) {
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error { return readWith(sink, bankID, rows...) }
}

func TestMigrated_account_keeps_its_id_and_is_read_where_it_went(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reads("a", movement("1", "-5", "CB CAFE", ledger.Booked, ""), movement("2", "-9", "CB SHOP", ledger.Booked, ""))
	old := w.connect()
	w.work(old.LastSynchronizationID)
	account, rows := w.accounts()[0], w.rows()
	w.pass(time.Hour)
	w.reads("b", movement("x", "-9", "Magasin", ledger.Booked, ""), movement("y", "-30", "Nouveau", ledger.Booked, ""))
	next := w.connect()
	w.work(next.LastSynchronizationID)
	require.Len(t, w.accounts(), 2)
	require.Equal(t, []ident.Account{w.accounts()[1].ID}, w.accounts()[0].SameAs, "they are seen to be one")

	moved, err := w.keeper().Migrate(w.ctx, w.asker, string(account.ID), string(w.accounts()[1].ID))
	require.NoError(t, err)
	require.Equal(t, next.ID, moved.ConnectionID)
	require.Len(t, w.accounts(), 1)
	require.Empty(t, w.accounts()[0].SameAs)
	require.Len(t, w.rows(), 3, "what both held is one")
	for _, row := range rows {
		require.Contains(t, idsOf(w.rows()), row.ID, "ids stay")
	}
	require.Equal(t, 1, w.count(event.TransactionsRemoved))

	w.pass(time.Hour)
	before := w.rows()
	w.again(next, synchronization.All)
	require.Equal(t, account.ID, w.accounts()[0].ID)
	require.Len(t, w.accounts(), 1)
	require.Equal(t, idsOf(before), idsOf(w.rows()))
	w.reads("a", movement("1", "-5", "CB CAFE", ledger.Booked, ""))
	w.again(old, synchronization.All)
	require.Len(t, w.accounts(), 1, "where it was it is not added again")
}

func idsOf(rows []ledger.Transaction) (ids []ident.Transaction) {
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

func TestRules_survive_the_move_of_an_account(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rules := ruling.Service{Store: w.store, Now: w.now, IDs: ident.Source{Now: w.now, Rand: rand.Reader}}
	w.reads("a", movement("1", "-5", "CB CAFE", ledger.Booked, ""), movement("2", "-9", "CB SHOP", ledger.Booked, ""))
	old := w.connect()
	w.work(old.LastSynchronizationID)
	for text, given := range map[string]string{"cafe": "leisure.outings", "nouveau": "food.restaurants"} {
		_, err := rules.Create(w.ctx, w.asker, usecase.NewRule{Text: text, Direction: category.Debit, CategoryID: given})
		require.NoError(t, err)
	}
	require.Equal(t, "RULE leisure.outings", w.categories()["CB CAFE"])
	w.pass(time.Hour)
	w.reads("b", movement("x", "-5", "Cafe du port", ledger.Booked, ""), movement("y", "-30", "Nouveau", ledger.Booked, ""))
	next := w.connect()
	w.work(next.LastSynchronizationID)
	accounts := w.accounts()
	_, err := w.keeper().Migrate(w.ctx, w.asker, string(accounts[0].ID), string(accounts[1].ID))
	require.NoError(t, err)
	moved := w.categories()
	require.Len(t, moved, 3)
	for label, given := range moved {
		if strings.Contains(label, "afe") || strings.Contains(label, "CAFE") {
			require.Equal(t, "RULE leisure.outings", given, label)
		}
	}
	require.Equal(t, "RULE food.restaurants", moved["Nouveau"])

	// What is read where the account went is decided by the same rules.
	w.pass(time.Hour)
	w.reads("b", movement("y", "-30", "Nouveau", ledger.Booked, ""), movement("z", "-7", "Cafe du port", ledger.Booked, ""))
	w.again(next, synchronization.All)
	require.Len(t, w.rows(), 4)
	require.Equal(t, "RULE leisure.outings", w.categories()["Cafe du port"])
	left, err := rules.List(w.ctx, w.asker, store.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, left.Items, 2)
}

func TestMigrate_refuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reads("a")
	c := w.connect()
	w.work(c.LastSynchronizationID)
	id := string(w.accounts()[0].ID)
	_, err := w.keeper().Migrate(w.ctx, w.asker, id, id)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	_, err = w.keeper().Migrate(w.ctx, w.asker, id, "acc_none")
	require.ErrorIs(t, err, ledger.ErrAccountNotFound)
	stranger := w.asker
	stranger.User = "usr_00000000000000000000000000"
	_, err = w.keeper().Migrate(w.ctx, stranger, id, id)
	require.ErrorIs(t, err, ledger.ErrAccountNotFound)

	w.pass(time.Hour)
	other := w.connect()
	w.work(other.LastSynchronizationID)
	_, err = w.runs.Start(w.ctx, w.asker, string(other.ID), synchronization.All)
	require.NoError(t, err)
	_, err = w.keeper().Migrate(w.ctx, w.asker, id, string(w.accounts()[1].ID))
	require.ErrorIs(t, err, synchronization.ErrRunning)
	require.Len(t, w.accounts(), 2)
}
