package storetest

import (
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

var userCases = []testCase{
	{"e_mail_and_external_id_are_unique_in_a_client", uniqueUsers},
	{"users_without_them_do_not_collide", func(w *world) {
		c := w.newClient()
		w.put(c)
		for range 2 {
			u := w.newUser(c)
			u.Email, u.EmailKey, u.ExternalID = "", "", ""
			w.put(u)
		}
		for _, find := range []func(store.Tx) (*user.User, error){
			func(tx store.Tx) (*user.User, error) { return tx.Users().ByEmail(w.ctx, c.ID, "") },
			func(tx store.Tx) (*user.User, error) { return tx.Users().ByExternalID(w.ctx, c.ID, "") },
		} {
			_, err := ask(w, find)
			require.ErrorIs(w, err, user.ErrNotFound)
		}
	}},
	{"by_e_mail_key_and_external_id", func(w *world) {
		e := w.newEstate(w.newClient())
		require.Equal(w, e.user, read(w, func(tx store.Tx) (*user.User, error) {
			return tx.Users().ByEmail(w.ctx, e.client.ID, e.user.EmailKey)
		}))
		require.Equal(w, e.user, read(w, func(tx store.Tx) (*user.User, error) {
			return tx.Users().ByExternalID(w.ctx, e.client.ID, e.user.ExternalID)
		}))
	}},
	{"filters", func(w *world) {
		c := w.newClient()
		_, other := w.newEstate(c), w.newUser(c)
		other.Email, other.EmailKey = "Ana@Example.com", "ana@example.com"
		w.put(other)
		for _, filter := range []store.UserFilter{
			{Email: "ana@example.com"}, {Email: "ANA@example.COM"}, {ExternalID: other.ExternalID},
			{Email: "ana@example.com", ExternalID: other.ExternalID},
		} {
			found := read(w, func(tx store.Tx) (store.Slice[*user.User], error) { return tx.Users().List(w.ctx, c.ID, filter, whole) })
			require.Equal(w, []*user.User{other}, found.Items, "%+v", filter)
		}
		none := read(w, func(tx store.Tx) (store.Slice[*user.User], error) {
			return tx.Users().List(w.ctx, c.ID, store.UserFilter{Email: "ana@example.com", ExternalID: "x"}, whole)
		})
		require.Empty(w, none.Items)
	}},
}

func uniqueUsers(w *world) {
	c, other := w.newClient(), w.newClient()
	w.put(c)
	w.put(other)
	identity := user.Identity{Email: "Ana@Example.com"}
	taken := user.New(ident.User("usr_00000000000000000000000001"), c.ID, identity, "", nil, genesis)
	taken.ExternalID = "external"
	w.put(taken)
	before := len(w.log(c.ID))
	for _, change := range []func(*user.User){
		func(u *user.User) { u.Email, u.EmailKey = "ANA@example.com", user.EmailKey("ANA@example.com") },
		func(u *user.User) { u.ExternalID = "external" },
	} {
		u := w.newUser(c)
		change(u)
		u.Record(event.Draft{Name: event.UserCreated})
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Users().Put(w.ctx, u) })
		require.ErrorIs(w, err, user.ErrTaken)
		require.Len(w, w.log(c.ID), before)
		u.ClientID = other.ID
		w.put(u) // another client's users are others
	}
	w.put(taken) // its own
	cased := w.newUser(c)
	cased.ExternalID = "EXTERNAL"
	w.put(cased) // external ids are compared as they are
}

var deletions = []testCase{
	{"a_connection_takes_what_is_its_own", func(w *world) {
		shared := w.newClient()
		e, sibling := w.newEstate(shared), w.newEstate(shared)
		e.connection.Deleted()
		w.update(func(tx store.Tx) error { return tx.Connections().Delete(w.ctx, e.connection) })
		w.gone(e, "connection", "challenge", "open challenge", "run", "account", "transaction", "traced transaction")
		w.gone(sibling)
		require.Equal(w, event.ConnectionDeleted, w.log(shared.ID)[0].Name)
		_, err := ask(w, func(tx store.Tx) (any, error) { return tx.Runs().Load(w.ctx, e.run.ID) })
		require.ErrorIs(w, err, synchronization.ErrNotFound)
		err = w.Store.Update(w.ctx, store.Fence{Run: e.run.ID, Epoch: e.run.Lease.Epoch}, func(store.Tx) error { return nil })
		require.ErrorIs(w, err, synchronization.ErrFenced, "a worker of a deleted run stops")
	}},
	{"a_user_takes_what_is_its_own", func(w *world) {
		shared := w.newClient()
		e, sibling := w.newEstate(shared), w.newEstate(shared)
		e.user.Record(event.Draft{Name: event.UserCreated, Version: 1, UserID: e.user.ID})
		w.put(e.user)
		e.user.Erased()
		w.update(func(tx store.Tx) error { return tx.Users().Delete(w.ctx, e.user) })
		w.gone(e, "user", "connection", "challenge", "open challenge", "run", "account", "transaction", "traced transaction", "rule", "widget session", "consent", "history of a consent")
		_, err := ask(w, func(tx store.Tx) (store.Token, error) { return tx.Tokens().Get(w.ctx, e.token.Hash) })
		require.True(w, fault.IsNotFound(err))
		w.gone(sibling)
		require.Len(w, w.log(shared.ID), 2, "older events stay")
	}},
	{"an_account_takes_its_transactions", func(w *world) {
		e := w.newEstate(w.newClient())
		w.update(func(tx store.Tx) error {
			return w.speak(tx, e.client.ID, tx.Accounts().Delete(w.ctx, e.owner(), e.account.ID))
		})
		w.gone(e, "account", "transaction", "traced transaction")
	}},
	{"a_queue", func(w *world) {
		e := w.newEstate(w.newClient())
		w.update(func(tx store.Tx) error {
			return tx.Queues().Delete(w.ctx, store.Owner{Client: e.client.ID}, e.queue.ID)
		})
		w.gone(e, "queue")
	}},
	{"a_second_time_there_is_nothing", func(w *world) {
		e := w.newEstate(w.newClient())
		for _, remove := range []func(tx store.Tx) error{
			func(tx store.Tx) error { return tx.Queues().Delete(w.ctx, e.owner(), e.queue.ID) },
			func(tx store.Tx) error {
				return w.speak(tx, e.client.ID, tx.Accounts().Delete(w.ctx, e.owner(), e.account.ID))
			},
			func(tx store.Tx) error { return tx.Connections().Delete(w.ctx, e.connection) },
			func(tx store.Tx) error { return tx.Users().Delete(w.ctx, e.user) },
		} {
			w.update(remove)
			e.user.Record(event.Draft{Name: event.UserDeleted})
			e.connection.Record(event.Draft{Name: event.ConnectionDeleted})
			require.True(w, fault.IsNotFound(w.Store.Update(w.ctx, store.Fence{}, remove)))
			require.Empty(w, w.log(e.client.ID), "what was not there is not told")
			e.user.Drain()
			e.connection.Drain()
		}
	}},
}

// gone checks that an estate lost what is named and nothing else.
func (w *world) gone(e estate, names ...string) {
	w.Helper()
	lost := map[string]bool{}
	for _, name := range names {
		lost[name] = true
	}
	require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error {
		for _, s := range singles {
			if err := s.get(w, tx, e.owner(), e); lost[s.name] {
				require.ErrorIs(w, err, s.missing, s.name)
			} else {
				require.NoError(w, err, s.name)
			}
		}
		return nil
	}))
}
