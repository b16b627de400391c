package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

var feedCases = []testCase{
	{"folded_pages_are_the_list", feedFolds},
	{"eight_writers_while_one_folds", eightWriters},
	{"a_silent_change_is_refused", silentChange},
	{"what_clients_do_not_see_is_no_change", unseenChanges},
	{"a_removed_id_does_not_return", func(w *world) {
		e := w.newEstate(w.newClient())
		gone := e.transaction
		gone.Removed = true
		w.put(gone)
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return w.write(tx, e.transaction) })
		require.Equal(w, fault.Internal, fault.KindOf(err))
		require.Error(w, err)
		gone.Label = "what nobody sees"
		w.update(func(tx store.Tx) error { return tx.Transactions().Put(w.ctx, gone) })
	}},
	{"one_word_for_each_row_of_an_update", oneWord},
	{"long_updates_in_pages_of_any_size", longUpdates},
	{"what_is_deleted_is_removed", deletedIsRemoved},
	{"what_comes_in_while_its_account_goes", comesAndGoes},
	{"is_ones_own", feedIsOnesOwn},
	{"refuses_places_of_other_logs", func(w *world) {
		e := w.newEstate(w.newClient())
		for _, place := range []store.Place{
			{Seq: -1}, {Seq: 3}, {Told: -1}, {Seq: 1, Since: -1}, {Seq: 1, Since: 2},
		} {
			_, err := w.changes(e.owner(), place, 10)
			require.ErrorIs(w, err, store.ErrCursor, "%+v", place)
		}
		_, err := w.changes(e.owner(), store.Place{}, 0)
		require.Equal(w, fault.Internal, fault.KindOf(err), "a page has a limit")
		last, err := w.changes(e.owner(), store.Place{Seq: 2}, 10)
		require.NoError(w, err, "the end of this one")
		require.Equal(w, store.Changes{Next: store.Place{Seq: 2}}, last)
	}},
}

func (w *world) changes(owner store.Owner, from store.Place, limit int) (store.Changes, error) {
	return ask(w, func(tx store.Tx) (store.Changes, error) { return tx.Feed().After(w.ctx, owner, from, limit) })
}

// since gives all that is told from a place on.
func (w *world) since(owner store.Owner, from store.Place) store.Changes {
	w.Helper()
	all, err := w.changes(owner, from, 1000)
	require.NoError(w, err)
	require.False(w, all.More)
	return all
}

func silentChange(w *world) {
	e := w.newEstate(w.newClient())
	changed, gone := e.transaction, e.transaction
	changed.Label, gone.Removed = "another", true
	for name, write := range map[string]func(store.Tx) error{
		"a new row":          func(tx store.Tx) error { return tx.Transactions().Put(w.ctx, w.newTransaction(e.account)) },
		"a changed row":      func(tx store.Tx) error { return tx.Transactions().Put(w.ctx, changed) },
		"a removed row":      func(tx store.Tx) error { return tx.Transactions().Put(w.ctx, gone) },
		"an account":         func(tx store.Tx) error { return tx.Accounts().Delete(w.ctx, e.owner(), e.account.ID) },
		"a connection":       func(tx store.Tx) error { return tx.Connections().Delete(w.ctx, e.connection) },
		"a user":             func(tx store.Tx) error { return tx.Users().Delete(w.ctx, e.user) },
		"another's event is": func(tx store.Tx) error { return w.speak(tx, w.other(tx), tx.Transactions().Put(w.ctx, changed)) },
	} {
		err := w.Store.Update(w.ctx, store.Fence{}, write)
		require.Error(w, err, name)
		require.Equal(w, fault.Internal, fault.KindOf(err), name)
	}
	w.gone(e)
	require.Equal(w, []ledger.Transaction{e.transaction}, w.since(e.owner(), store.Place{}).Added)
}

// other stores another client.
func (w *world) other(tx store.Tx) ident.Client {
	c := w.newClient()
	require.NoError(w, tx.Clients().Put(w.ctx, c))
	return c.ID
}

// unseenChanges need no event, and the feed does not tell them.
func unseenChanges(w *world) {
	e := w.newEstate(w.newClient())
	end := store.Place{Seq: w.head(e.client.ID) + 1}
	renewed := e.transaction
	renewed.BankID, renewed.Fingerprint, renewed.Occurrence, renewed.Raw = "other", "other", 7, []byte("other")
	stillborn := w.newTransaction(e.account)
	stillborn.Removed = true
	w.update(func(tx store.Tx) error { return tx.Transactions().Put(w.ctx, e.transaction, renewed, stillborn) })
	w.speakAlone(e.client.ID)
	require.Equal(w, store.Changes{Next: end}, w.since(e.owner(), end))
	require.Equal(w, []ledger.Transaction{renewed}, w.since(e.owner(), store.Place{}).Added, "it is stored all the same")
}

func (w *world) speakAlone(client ident.Client) {
	w.Helper()
	w.update(func(tx store.Tx) error { return w.speak(tx, client, nil) })
}

// oneWord: what an Update adds and then changes was added; a page tells the
// state that is, and what was added and removed since is not told as added.
func oneWord(w *world) {
	e := w.newEstate(w.newClient())
	start := store.Place{Seq: w.head(e.client.ID) + 1}
	row, gone := w.newTransaction(e.account), w.newTransaction(e.account)
	w.update(func(tx store.Tx) error {
		require.NoError(w, tx.Transactions().Put(w.ctx, row, gone))
		row.Label = "changed at once"
		require.NoError(w, tx.Transactions().Put(w.ctx, row))
		row.Label = "changed twice"
		return w.speak(tx, e.client.ID, tx.Transactions().Put(w.ctx, row))
	})
	require.Equal(w, []ledger.Transaction{row, gone}, w.since(e.owner(), start).Added)
	before := store.Place{Seq: w.head(e.client.ID) + 1}
	row.Label = "changed later"
	w.put(row)
	gone.Removed = true
	w.put(gone)
	all := w.since(e.owner(), start)
	require.Equal(w, []ledger.Transaction{row}, all.Added, "as it is now")
	require.Empty(w, all.Modified)
	require.Equal(w, []ident.Transaction{gone.ID}, all.Removed)
	later := w.since(e.owner(), before)
	require.Empty(w, later.Added)
	require.Equal(w, []ledger.Transaction{row}, later.Modified)
	require.Equal(w, []ident.Transaction{gone.ID}, later.Removed)
}

func longUpdates(w *world) {
	c := w.newClient()
	a, b := w.newEstate(c), w.newEstate(c)
	var rows []ledger.Transaction
	for range 250 {
		rows = append(rows, w.newTransaction(a.account), w.newTransaction(b.account))
	}
	w.update(func(tx store.Tx) error { return w.speak(tx, c.ID, tx.Transactions().Put(w.ctx, rows...)) })
	w.update(func(tx store.Tx) error {
		for i := range rows[:120] {
			rows[i].Label = "changed"
		}
		return w.speak(tx, c.ID, tx.Transactions().Put(w.ctx, rows[:120]...))
	})
	for owner, want := range map[store.Owner]int{{Client: c.ID}: 502, a.owner(): 251} {
		for _, limit := range []int{7, 99, 100, 101, 500} {
			reader := newFeedReader(w.Store, owner)
			require.NoError(w, reader.finish(w.ctx, limit), "pages of %d", limit)
			require.Len(w, reader.copy, want)
			require.Zero(w, reader.modified, "who begins gets each row once, as it is")
			require.Less(w, reader.pages, 2*want/limit+4, "pages are full")
		}
	}
}

func deletedIsRemoved(w *world) {
	for kind, name := range []string{"account", "connection", "user"} {
		shared := w.newClient()
		e, sibling := w.newEstate(shared), w.newEstate(shared)
		whole, own := newFeedReader(w.Store, store.Owner{Client: shared.ID}), newFeedReader(w.Store, e.owner())
		require.NoError(w, whole.finish(w.ctx, 10))
		require.NoError(w, own.finish(w.ctx, 10))
		w.update(func(tx store.Tx) error { return deleteEstate(w.ctx, tx, e, kind) })
		for _, r := range []*feedReader{whole, own} {
			require.NoError(w, r.finish(w.ctx, 10), name)
			require.True(w, r.gone[e.transaction.ID], name)
		}
		require.Contains(w, whole.copy, sibling.transaction.ID)
	}
}

// comesAndGoes deletes while somebody else stores a row of the same account, or
// of a new one: either the row is refused, or the feed takes it back, also from
// a reader who got it in between.
func comesAndGoes(w *world) {
	for _, c := range []struct{ kind, fresh int }{{0, 0}, {1, 0}, {1, 1}, {2, 1}, {2, 2}} {
		kind, e := c.kind, w.newEstate(w.newClient())
		conn, account := e.connection, e.account
		if c.fresh == 2 {
			conn = w.newConnection(e.user)
		}
		if c.fresh > 0 {
			account = w.newAccount(conn)
		}
		reader := newFeedReader(w.Store, store.Owner{Client: e.client.ID})
		deleted, taken := make(chan error, 1), make(chan struct{})
		var once sync.Once
		row := w.newTransaction(account)
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
			err := errors.Join(w.write(tx, conn), w.write(tx, account), w.write(tx, row))
			once.Do(func() {
				go func() {
					deleted <- w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
						err := deleteEstate(w.ctx, tx, e, kind)
						<-taken
						return err
					})
				}()
			})
			w.settle(deleted)
			return err
		})
		require.True(w, err == nil || fault.IsNotFound(err), "%v", err)
		require.NoError(w, reader.finish(w.ctx, 10))
		require.Equal(w, err == nil, reader.added[row.ID])
		close(taken)
		require.NoError(w, <-deleted)
		require.NoError(w, reader.finish(w.ctx, 10))
		require.Empty(w, reader.copy)
	}
}

func feedIsOnesOwn(w *world) {
	shared := w.newClient()
	mine, sibling, foreigner := w.newEstate(shared), w.newEstate(shared), w.newEstate(w.newClient())
	for owner, want := range map[store.Owner][]ident.Transaction{
		mine.owner():        {mine.transaction.ID},
		{Client: shared.ID}: {mine.transaction.ID, sibling.transaction.ID},
		foreigner.owner():   {foreigner.transaction.ID},
		{Client: foreigner.client.ID, User: mine.user.ID}: nil,
		{}:                   nil,
		{User: mine.user.ID}: nil,
	} {
		var ids []ident.Transaction
		for _, t := range w.since(owner, store.Place{}).Added {
			ids = append(ids, t.ID)
		}
		require.ElementsMatch(w, want, ids, "%+v", owner)
	}
}

// eightWriters add, change, remove and delete, in the same accounts and in
// their own, while two readers keep their copies.
func eightWriters(w *world) {
	c := w.newClient()
	common := w.newEstate(c)
	var own []estate
	for range 8 {
		own = append(own, w.newEstate(c))
	}
	rows := make([][]ledger.Transaction, 8) // made here: the filler is not for many
	for n := range rows {
		for i := range 40 {
			account := common.account
			if i%2 == 0 {
				account = own[n].account
			}
			rows[n] = append(rows[n], w.newTransaction(account))
		}
	}
	readers := []*feedReader{newFeedReader(w.Store, store.Owner{Client: c.ID}), newFeedReader(w.Store, common.owner())}
	var writers, following sync.WaitGroup
	done := make(chan struct{})
	for _, r := range readers {
		following.Go(func() {
			for {
				more, err := r.page(w.ctx, 3)
				if err != nil {
					w.Error(err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
				if !more {
					select {
					case <-done:
						return
					case <-w.grown:
					}
				}
			}
		})
	}
	for n := range own {
		writers.Go(func() { w.writeFeed(n, common, own[n], rows[n]) })
	}
	writers.Wait()
	close(done)
	following.Wait()
	for _, r := range readers {
		require.NoError(w, r.finish(w.ctx, 50))
	}
	require.NotEmpty(w, readers[1].copy)
	require.NotEmpty(w, readers[0].gone)
}

// writeFeed is one of eight.
func (w *world) writeFeed(n int, common, own estate, rows []ledger.Transaction) {
	dice := rand.New(rand.NewPCG(1, uint64(n)))
	update := func(fn func(store.Tx) error) {
		if err := w.Store.Update(w.ctx, store.Fence{}, fn); err != nil {
			w.Errorf("writer %d: %v", n, err)
		}
	}
	for i := 0; i < len(rows); i += 4 {
		update(func(tx store.Tx) error {
			return w.speak(tx, own.client.ID, tx.Transactions().Put(w.ctx, rows[i:i+4]...))
		})
		update(func(tx store.Tx) error { // somebody's row, perhaps another's
			found, err := tx.Transactions().Between(w.ctx, common.account.ID, "", "")
			if err != nil || len(found) == 0 {
				return err
			}
			row := found[dice.IntN(len(found))]
			if row.Removed {
				return nil
			}
			row.Label, row.Removed = fmt.Sprint(n, i), dice.IntN(3) == 0
			return w.speak(tx, own.client.ID, tx.Transactions().Put(w.ctx, row))
		})
	}
	update(func(tx store.Tx) error { return deleteEstate(w.ctx, tx, own, n%3) })
}
