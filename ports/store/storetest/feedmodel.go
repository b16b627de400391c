package storetest

import (
	"context"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// feedLife is a client whose users' transactions change while several read. It
// finds mistakes as errors, so that rapid can make the story shorter.
type feedLife struct {
	w       *world
	ctx     context.Context
	client  ident.Client
	estates []estate
	rows    []ledger.Transaction // every row that was ever stored and not deleted
	readers []*feedReader
}

// feedFolds is claim R10: additions, changes and deletions, pages of any size,
// restarts between pages. Folding the pages gives what the store has.
func feedFolds(w *world) {
	rapid.Check(w.T, func(t *rapid.T) {
		life := newFeedLife(w, t)
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			if err := life.step(t); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range life.readers {
			if err := r.finish(w.ctx, rapid.IntRange(1, 8).Draw(t, "last pages")); err != nil {
				t.Fatalf("%+v: %v", r.owner, err)
			}
		}
	})
}

func newFeedLife(w *world, t *rapid.T) *feedLife {
	c := w.newClient()
	life := &feedLife{w: w, ctx: w.ctx, client: c.ID}
	for range 2 {
		e := w.newEstate(c)
		life.estates = append(life.estates, e)
		life.rows = append(life.rows, e.transaction)
		life.readers = append(life.readers, newFeedReader(w.Store, e.owner()))
	}
	late := newFeedReader(w.Store, store.Owner{Client: c.ID})
	if err := late.startNow(w.ctx); err != nil {
		t.Fatal(err)
	}
	life.readers = append(life.readers, late, newFeedReader(w.Store, store.Owner{Client: c.ID}))
	return life
}

func (l *feedLife) step(t *rapid.T) error {
	kind := rapid.IntRange(0, 19).Draw(t, "step")
	reader := one(t, "reader", l.readers)
	switch {
	case kind < 9:
		return l.write(t)
	case kind == 9 && len(l.estates) > 0:
		return l.leave(t)
	case kind < 16:
		_, err := reader.page(l.ctx, rapid.IntRange(1, 6).Draw(t, "limit"))
		return err
	case kind < 18:
		reader.save()
	default:
		reader.restart()
	}
	return nil
}

// one draws by number, which is told in a line.
func one[T any](t *rapid.T, name string, all []T) T {
	return all[rapid.IntRange(0, len(all)-1).Draw(t, name)]
}

// write changes some rows in one Update.
func (l *feedLife) write(t *rapid.T) error {
	var changed []ledger.Transaction
	for range rapid.IntRange(1, 5).Draw(t, "changes") {
		if row, ok := l.change(t); ok {
			changed = append(changed, row)
		}
	}
	for _, row := range changed {
		at := slices.IndexFunc(l.rows, func(r ledger.Transaction) bool { return r.ID == row.ID })
		if at < 0 {
			l.rows = append(l.rows, row)
		} else if !l.rows[at].Removed {
			l.rows[at] = row
		}
	}
	current := slices.DeleteFunc(slices.Clone(l.rows), func(r ledger.Transaction) bool {
		return !slices.ContainsFunc(changed, func(c ledger.Transaction) bool { return c.ID == r.ID })
	})
	events := make([]event.Draft, rapid.IntRange(1, 2).Draw(t, "events"))
	return l.w.Store.Update(l.ctx, store.Fence{}, func(tx store.Tx) error {
		half := len(current) / 2 // one Update may store in several goes
		for _, part := range [][]ledger.Transaction{current[:half], current[half:]} {
			if err := tx.Transactions().Put(l.ctx, part...); err != nil {
				return err
			}
		}
		return tx.Events().Append(l.ctx, l.client, events...)
	})
}

// change makes a new row, or changes, renews or removes one.
func (l *feedLife) change(t *rapid.T) (ledger.Transaction, bool) {
	kind := rapid.IntRange(0, 9).Draw(t, "change")
	if kind < 4 || len(l.rows) == 0 {
		if len(l.estates) == 0 {
			return ledger.Transaction{}, false
		}
		row := l.w.newTransaction(one(t, "estate", l.estates).account)
		row.Removed = kind == 0 && rapid.Bool().Draw(t, "stillborn")
		return row, true
	}
	row := one(t, "row", l.rows)
	switch {
	case kind < 7:
		row.Label = fmt.Sprint("changed ", rapid.IntRange(0, 3).Draw(t, "label"))
	case kind < 8:
		row.BankID += "x"
	default:
		row.Removed = true
	}
	return row, true
}

// leave deletes an account, a connection or a user.
func (l *feedLife) leave(t *rapid.T) error {
	at := rapid.IntRange(0, len(l.estates)-1).Draw(t, "leaver")
	e := l.estates[at]
	l.estates = slices.Delete(slices.Clone(l.estates), at, at+1)
	l.rows = slices.DeleteFunc(slices.Clone(l.rows), func(r ledger.Transaction) bool { return r.AccountID == e.account.ID })
	kind := rapid.IntRange(0, 2).Draw(t, "deletes")
	return l.w.Store.Update(l.ctx, store.Fence{}, func(tx store.Tx) error {
		return deleteEstate(l.ctx, tx, e, kind)
	})
}

// deleteEstate deletes the account of an estate: alone, or with its connection
// or user.
func deleteEstate(ctx context.Context, tx store.Tx, e estate, kind int) error {
	switch kind {
	case 0:
		if err := tx.Accounts().Delete(ctx, e.owner(), e.account.ID); err != nil {
			return err
		}
		return tx.Events().Append(ctx, e.client.ID, event.Draft{Name: event.AccountsDeleted})
	case 1:
		gone := *e.connection
		gone.Deleted()
		return tx.Connections().Delete(ctx, &gone)
	}
	gone := *e.user
	gone.Erased()
	return tx.Users().Delete(ctx, &gone)
}
