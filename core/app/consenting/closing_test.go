package consenting_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// TestAccess_whose_caller_was_lost gets an end, unless its run is held or it is
// young: then somebody will tell how it ended.
func TestAccess_whose_caller_was_lost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	agreed := w.consent(c).Consent
	run, err := w.runs.Start(w.ctx, w.asker, string(c.ID), synchronization.All)
	require.NoError(t, err)
	put := func(a consent.Access) ident.Access {
		a.ID, a.ConsentID, a.ClientID, a.UserID = ident.New[ident.Access](w.ids), agreed.ID, agreed.ClientID, agreed.UserID
		a.ConnectionID, a.Operation, a.At = c.ID, consent.Fetch, w.now()
		require.NoError(t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Accesses().Put(w.ctx, a) }))
		return a.ID
	}
	outcomes := func() map[ident.Access]string {
		require.NoError(t, w.sweeper.Close(w.ctx))
		all := map[ident.Access]string{}
		for _, a := range w.accesses(agreed.ID) {
			all[a.ID] = a.Outcome
			if a.Outcome == consent.Lost {
				require.Equal(t, w.now(), a.EndedAt)
			}
		}
		return all
	}
	hold := func(owner string) {
		require.NoError(t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
			held, err := tx.Runs().Load(w.ctx, run.ID)
			if err != nil {
				return err
			}
			held.Lease = synchronization.Lease{Owner: owner, Epoch: 1, Until: w.now().Add(time.Hour)}
			return tx.Runs().Put(w.ctx, held)
		}))
	}
	hold("somebody")
	held, gone, none := put(consent.Access{SynchronizationID: run.ID}), put(consent.Access{SynchronizationID: ident.New[ident.Synchronization](w.ids)}), put(consent.Access{})
	w.elapsed += 2 * time.Minute
	require.Subset(t, outcomes(), map[ident.Access]string{held: "", gone: "", none: ""}, "too young")
	w.elapsed += time.Second
	require.Subset(t, outcomes(), map[ident.Access]string{held: "", gone: consent.Lost, none: consent.Lost})
	hold("")
	require.Subset(t, outcomes(), map[ident.Access]string{held: consent.Lost})
}
