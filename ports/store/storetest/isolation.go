package storetest

import (
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

// single reads one thing of an estate as somebody.
type single struct {
	name    string
	missing error
	get     func(*world, store.Tx, store.Owner, estate) error
}

var singles = []single{
	{"user", user.ErrNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Users().Get(w.ctx, o, e.user.ID)
		return err
	}},
	{"connection", connection.ErrNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Connections().Get(w.ctx, o, e.connection.ID)
		return err
	}},
	{"challenge", connection.ErrNoChallenge, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Challenges().Get(w.ctx, o, e.challenge.ID)
		return err
	}},
	{"open challenge", connection.ErrNoChallenge, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Challenges().Open(w.ctx, o, e.connection.ID)
		return err
	}},
	{"run", synchronization.ErrNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Runs().Get(w.ctx, o, e.run.ID)
		return err
	}},
	{"account", ledger.ErrAccountNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Accounts().Get(w.ctx, o, e.account.ID)
		return err
	}},
	{"transaction", ledger.ErrTransactionNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Transactions().Get(w.ctx, o, e.transaction.ID)
		return err
	}},
	{"traced transaction", ledger.ErrTransactionNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Transactions().Trace(w.ctx, o, e.transaction.ID)
		return err
	}},
	{"queue", delivery.ErrNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Queues().Get(w.ctx, o, e.queue.ID)
		return err
	}},
	{"consent", consent.ErrNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Consents().Get(w.ctx, o, e.consent.ID)
		return err
	}},
	{"history of a consent", consent.ErrNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Consents().History(w.ctx, o, e.consent.ID)
		return err
	}},
	{"rule", category.ErrRuleNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.Rules().Get(w.ctx, o, e.rule.ID)
		return err
	}},
	{"widget session", widget.ErrNotFound, func(w *world, tx store.Tx, o store.Owner, e estate) error {
		_, err := tx.WidgetSessions().Get(w.ctx, o, e.visit.ID)
		return err
	}},
}

// plural counts what somebody finds of an estate, with the estate's own ids in
// the filters.
type plural struct {
	name  string
	count func(*world, store.Tx, store.Owner, estate) (int, error)
}

var whole = store.Page{Limit: 100}

var plurals = []plural{
	{"connections", func(w *world, tx store.Tx, o store.Owner, e estate) (int, error) {
		s, err := tx.Connections().List(w.ctx, o, store.ConnectionFilter{Provider: e.connection.ProviderID}, whole)
		return len(s.Items), err
	}},
	{"runs", func(w *world, tx store.Tx, o store.Owner, e estate) (int, error) {
		s, err := tx.Runs().List(w.ctx, o, store.RunFilter{Connection: e.connection.ID}, whole)
		return len(s.Items), err
	}},
	{"consents", func(w *world, tx store.Tx, o store.Owner, e estate) (int, error) {
		s, err := tx.Consents().List(w.ctx, o, store.ConsentFilter{Connection: e.connection.ID}, whole)
		return len(s.Items), err
	}},
	{"accesses", func(w *world, tx store.Tx, o store.Owner, e estate) (int, error) {
		s, err := tx.Accesses().Of(w.ctx, o, e.consent.ID, whole)
		return len(s.Items), err
	}},
	{"accounts", func(w *world, tx store.Tx, o store.Owner, e estate) (int, error) {
		s, err := tx.Accounts().List(w.ctx, o, store.AccountFilter{Connection: e.connection.ID}, whole)
		return len(s.Items), err
	}},
	{"transactions of an account", func(w *world, tx store.Tx, o store.Owner, e estate) (int, error) {
		s, err := tx.Transactions().List(w.ctx, o, store.TransactionFilter{Account: e.account.ID}, whole)
		return len(s.Items), err
	}},
	{"transactions of a connection", func(w *world, tx store.Tx, o store.Owner, e estate) (int, error) {
		s, err := tx.Transactions().List(w.ctx, o, store.TransactionFilter{Connection: e.connection.ID}, whole)
		return len(s.Items), err
	}},
}

var isolations = []testCase{
	{"one_thing", func(w *world) { w.eachStranger(w.cannotGet) }},
	{"lists_with_anothers_ids_in_the_filter", func(w *world) { w.eachStranger(w.cannotCount) }},
	{"lists_without_a_filter", listsAreOnesOwn},
	{"anothers_cursor_gives_ones_own", cursorsAreOnesOwn},
	{"users_by_name", func(w *world) {
		mine, other := w.newEstate(w.newClient()), w.newClient()
		w.put(other)
		_, err := ask(w, func(tx store.Tx) (*user.User, error) { return tx.Users().ByEmail(w.ctx, other.ID, mine.user.EmailKey) })
		require.ErrorIs(w, err, user.ErrNotFound)
		_, err = ask(w, func(tx store.Tx) (*user.User, error) {
			return tx.Users().ByExternalID(w.ctx, other.ID, mine.user.ExternalID)
		})
		require.ErrorIs(w, err, user.ErrNotFound)
	}},
	{"deletes", strangersDeleteNothing},
	{"events", func(w *world) {
		mine, other := w.newEstate(w.newClient()), w.newClient()
		w.put(other)
		w.update(func(tx store.Tx) error {
			return tx.Events().Append(w.ctx, mine.client.ID, event.Draft{Name: event.UserCreated, UserID: mine.user.ID})
		})
		for _, filter := range []store.EventFilter{{}, {User: mine.user.ID}} {
			require.Empty(w, read(w, func(tx store.Tx) ([]event.Event, error) {
				return tx.Events().After(w.ctx, other.ID, 0, filter, 10)
			}))
		}
	}},
}

// eachStranger compares what the owner of an estate may do with what others may.
func (w *world) eachStranger(check func(tx store.Tx, o store.Owner, mine estate, allowed bool)) {
	shared := w.newClient()
	mine, sibling, foreigner := w.newEstate(shared), w.newEstate(shared), w.newEstate(w.newClient())
	allowed := map[store.Owner]bool{
		mine.owner(): true, {Client: shared.ID}: true, // its client
		sibling.owner(): false, foreigner.owner(): false, {Client: foreigner.client.ID}: false,
		{Client: foreigner.client.ID, User: mine.user.ID}: false, {}: false, {User: mine.user.ID}: false,
	}
	for owner, may := range allowed {
		require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error { check(tx, owner, mine, may); return nil }))
	}
}

func (w *world) cannotGet(tx store.Tx, owner store.Owner, mine estate, allowed bool) {
	for _, s := range singles {
		err := s.get(w, tx, owner, mine)
		if allowed {
			require.NoError(w, err, s.name)
		} else {
			require.ErrorIs(w, err, s.missing, s.name)
		}
	}
}

func (w *world) cannotCount(tx store.Tx, owner store.Owner, mine estate, allowed bool) {
	want := 0
	if allowed {
		want = 1
	}
	for _, p := range plurals {
		count, err := p.count(w, tx, owner, mine)
		require.NoError(w, err, p.name)
		require.Equal(w, want, count, p.name)
	}
}

func listsAreOnesOwn(w *world) {
	shared := w.newClient()
	mine, _, _ := w.newEstate(shared), w.newEstate(shared), w.newEstate(w.newClient())
	for _, l := range lists {
		for owner, want := range map[store.Owner]int{mine.owner(): 1, {Client: shared.ID}: 2, {}: 0} {
			if l.tenantless || (l.clientOnly && (owner.User != "" || owner.Client == "")) {
				continue
			}
			ids := read(w, func(tx store.Tx) ([]string, error) {
				ids, _, err := l.read(w, tx, owner, mine, whole)
				return ids, err
			})
			if l.filtered && want == 2 {
				want = 1
			}
			require.Len(w, ids, want, l.name)
		}
	}
}

// cursorsAreOnesOwn reads with a place in somebody else's list: a place is no
// permission.
func cursorsAreOnesOwn(w *world) {
	mine, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
	require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error {
		for _, l := range lists {
			if l.tenantless {
				continue
			}
			all, _, err := l.read(w, tx, other.owner(), other, whole)
			require.NoError(w, err)
			for _, key := range []store.Key{l.lowest, l.highest} {
				ids, _, err := l.read(w, tx, mine.owner(), mine, store.Page{After: key, Limit: 100})
				require.NoError(w, err, l.name)
				require.NotSubset(w, ids, all, l.name)
			}
		}
		return nil
	}))
}

func strangersDeleteNothing(w *world) {
	shared := w.newClient()
	mine, sibling, foreigner := w.newEstate(shared), w.newEstate(shared), w.newEstate(w.newClient())
	attempt := func(fn func(store.Tx) error, missing error) {
		w.Helper()
		require.ErrorIs(w, w.Store.Update(w.ctx, store.Fence{}, fn), missing)
	}
	for _, stranger := range []estate{sibling, foreigner} {
		attempt(func(tx store.Tx) error { return tx.Accounts().Delete(w.ctx, stranger.owner(), mine.account.ID) }, ledger.ErrAccountNotFound)
		attempt(func(tx store.Tx) error { return tx.Queues().Delete(w.ctx, stranger.owner(), mine.queue.ID) }, delivery.ErrNotFound)
		attempt(func(tx store.Tx) error { return tx.Rules().Delete(w.ctx, stranger.owner(), mine.rule.ID) }, category.ErrRuleNotFound)
		disguised := *mine.connection
		disguised.ClientID, disguised.UserID = stranger.client.ID, stranger.user.ID
		attempt(func(tx store.Tx) error { return tx.Connections().Delete(w.ctx, &disguised) }, connection.ErrNotFound)
	}
	disguised := *mine.user
	disguised.ClientID = foreigner.client.ID
	attempt(func(tx store.Tx) error { return tx.Users().Delete(w.ctx, &disguised) }, user.ErrNotFound)
	require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error { w.cannotGet(tx, mine.owner(), mine, true); return nil }))
}
