package storetest

import (
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// growth reads a thing, makes one of its fields longer by one, puts it back,
// and tells how long the field was.
type growth func(*world, store.Tx, estate) (int, error)

// growths are the ways to read what an Update is about to change.
var growths = map[string]growth{
	"Users.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		u, err := tx.Users().Get(w.ctx, e.owner(), e.user.ID)
		return grow(err, func() *string { return &u.PasswordHash }, func() error { return tx.Users().Put(w.ctx, u) })
	},
	"Users.ByEmail": func(w *world, tx store.Tx, e estate) (int, error) {
		u, err := tx.Users().ByEmail(w.ctx, e.client.ID, e.user.EmailKey)
		return grow(err, func() *string { return &u.PasswordHash }, func() error { return tx.Users().Put(w.ctx, u) })
	},
	"Connections.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		c, err := tx.Connections().Get(w.ctx, e.owner(), e.connection.ID)
		return grow(err, func() *string { return &c.Name }, func() error { return tx.Connections().Put(w.ctx, c) })
	},
	"Connections.Get of a channel": func(w *world, tx store.Tx, e estate) (int, error) {
		c, err := tx.Connections().Get(w.ctx, e.owner(), e.connection.ID)
		return grow(err, func() *string { return &c.Channels[1].URL }, func() error { return tx.Connections().Put(w.ctx, c) })
	},
	"Schedules.Load": func(w *world, tx store.Tx, e estate) (int, error) {
		c, err := tx.Schedules().Load(w.ctx, e.connection.ID)
		return grow(err, func() *string { return &c.Name }, func() error { return tx.Connections().Put(w.ctx, c) })
	},
	"Connections.List": func(w *world, tx store.Tx, e estate) (int, error) {
		found, err := tx.Connections().List(w.ctx, e.owner(), store.ConnectionFilter{}, whole)
		return grow(err, func() *string { return &found.Items[0].Name }, func() error { return tx.Connections().Put(w.ctx, found.Items[0]) })
	},
	"Challenges.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		c, err := tx.Challenges().Get(w.ctx, e.owner(), e.challenge.ID)
		return growChallenge(w, tx, c, err)
	},
	"Challenges.Current": func(w *world, tx store.Tx, e estate) (int, error) {
		c, err := tx.Challenges().Current(w.ctx, e.run.ID, e.challenge.ChannelDefinition)
		return growChallenge(w, tx, c, err)
	},
	"Challenges.Open": func(w *world, tx store.Tx, e estate) (int, error) {
		c, err := tx.Challenges().Open(w.ctx, e.owner(), e.connection.ID)
		return growChallenge(w, tx, c, err)
	},
	"Challenges.ByReturn": func(w *world, tx store.Tx, e estate) (int, error) {
		c, err := tx.Challenges().ByReturn(w.ctx, e.challenge.ReturnHash)
		return growChallenge(w, tx, c, err)
	},
	"Runs.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		s, err := tx.Runs().Get(w.ctx, e.owner(), e.run.ID)
		return growRun(w, tx, s, err)
	},
	"Runs.Load": func(w *world, tx store.Tx, e estate) (int, error) {
		s, err := tx.Runs().Load(w.ctx, e.run.ID)
		return growRun(w, tx, s, err)
	},
	"Runs.Active": func(w *world, tx store.Tx, e estate) (int, error) {
		s, err := tx.Runs().Active(w.ctx, e.connection.ID)
		return growRun(w, tx, s, err)
	},
	"Accounts.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		a, err := tx.Accounts().Get(w.ctx, e.owner(), e.account.ID)
		return grow(err, func() *string { return &a.Name }, func() error { return tx.Accounts().Put(w.ctx, a) })
	},
	"Accounts.OfConnection": func(w *world, tx store.Tx, e estate) (int, error) {
		found, err := tx.Accounts().OfConnection(w.ctx, e.connection.ID)
		return grow(err, func() *string { return &found[0].Name }, func() error { return tx.Accounts().Put(w.ctx, found[0]) })
	},
	"Transactions.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		t, err := tx.Transactions().Get(w.ctx, e.owner(), e.transaction.ID)
		return grow(err, func() *string { return &t.Label }, func() error { return w.write(tx, t) })
	},
	"Transactions.Between": func(w *world, tx store.Tx, e estate) (int, error) {
		found, err := tx.Transactions().Between(w.ctx, e.account.ID, "", "")
		return grow(err, func() *string { return &found[0].Label }, func() error { return w.write(tx, found[0]) })
	},
	"Queues.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		q, err := tx.Queues().Get(w.ctx, e.owner(), e.queue.ID)
		if err != nil {
			return 0, err
		}
		q.Acked++
		return int(q.Acked - 1), tx.Queues().Put(w.ctx, q)
	},
	"Configurations.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		c, err := tx.Configurations().Get(w.ctx, e.client.ID, e.configuration.ID)
		return grow(err, func() *string { return &c.Bank }, func() error { return tx.Configurations().Put(w.ctx, c) })
	},
	"Clock.Get": func(w *world, tx store.Tx, _ estate) (int, error) {
		c, err := tx.Clock().Get(w.ctx)
		if err != nil {
			return 0, err
		}
		c.Revision++
		return int(c.Revision - 1), tx.Clock().Put(w.ctx, c)
	},
	"Tokens.Get": func(w *world, tx store.Tx, e estate) (int, error) {
		t, err := tx.Tokens().Get(w.ctx, e.token.Hash)
		return grow(err, func() *string { return &t.Kind }, func() error { return tx.Tokens().Put(w.ctx, t) })
	},
}

// grow asks for the field only when there is something to have it.
func grow(err error, field func() *string, put func() error) (int, error) {
	if err != nil {
		return 0, err
	}
	text := field()
	before := len(*text)
	*text += "x"
	return before, put()
}

func growChallenge(w *world, tx store.Tx, c *connection.Challenge, err error) (int, error) {
	return grow(err, func() *string { return &c.Ref }, func() error { return tx.Challenges().Put(w.ctx, c) })
}

func growRun(w *world, tx store.Tx, s *synchronization.Synchronization, err error) (int, error) {
	return grow(err, func() *string { return &s.Locale }, func() error { return tx.Runs().Put(w.ctx, s) })
}

var lostUpdates = []testCase{
	{"twenty_change_what_they_read_and_no_change_is_lost", func(w *world) {
		e := w.newEstate(w.newClient())
		for name, grow := range growths {
			before := w.before(e, grow)
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					if err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { _, err := grow(w, tx, e); return err }); err != nil {
						w.Errorf("%s: %v", name, err)
					}
				})
			}
			all.Wait()
			require.Equal(w, before+21, w.before(e, grow), name)
		}
	}},
	{"a_claim_waits_for_a_fenced_update", claimWaits},
}

func (w *world) before(e estate, grow growth) (length int) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) { length, err = grow(w, tx, e); return err })
	return length
}

// claimWaits tries to take a run over after the fence of an Update was found
// whole and before that Update commits: the claim sees what the Update wrote,
// or the Update wrote nothing.
func claimWaits(w *world) {
	e := w.newEstate(w.newClient())
	e.run.Lease = synchronization.Lease{Owner: "first", Epoch: 1, Until: genesis}
	w.put(e.run)
	var written, sawIt bool
	claimed := make(chan error, 1)
	var once sync.Once
	u := w.newUser(e.client)
	err := w.Store.Update(w.ctx, store.Fence{Run: e.run.ID, Epoch: 1}, func(tx store.Tx) error {
		once.Do(func() { go func() { claimed <- w.claim(e, &sawIt) }() })
		w.settle(claimed)
		return tx.Users().Put(w.ctx, u)
	})
	written = err == nil
	if err != nil {
		require.ErrorIs(w, err, synchronization.ErrFenced)
	}
	require.NoError(w, <-claimed)
	require.Equal(w, written, sawIt, "written by one who had lost the run")
}

// settle gives somebody else the time to answer, unless they have to wait for
// us. Late is no proof of that; who need not wait has answered by then.
func (w *world) settle(answers chan error) {
	select {
	case err := <-answers:
		answers <- err
	case <-time.After(200 * time.Millisecond):
	}
}

func (w *world) claim(e estate, sawIt *bool) error {
	return w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
		s, err := tx.Runs().Load(w.ctx, e.run.ID)
		if err != nil {
			return err
		}
		if err := s.Claim("second", genesis.Add(time.Second), genesis.Add(time.Minute)); err != nil {
			return err
		}
		found, err := tx.Users().List(w.ctx, e.client.ID, store.UserFilter{}, whole)
		*sawIt = len(found.Items) == 2
		if err != nil {
			return err
		}
		return tx.Runs().Put(w.ctx, s)
	})
}
