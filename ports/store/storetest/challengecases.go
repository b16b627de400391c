package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/ports/store"
)

var challengeCases = []testCase{
	{"current_is_the_newest_of_run_and_channel", func(w *world) {
		e := w.newEstate(w.newClient())
		older, newer, other := w.newChallenge(e.run), w.newChallenge(e.run), w.newChallenge(e.run)
		older.CreatedAt, newer.CreatedAt, other.CreatedAt = genesis, genesis.Add(time.Microsecond), genesis.Add(time.Hour)
		older.ChannelDefinition, newer.ChannelDefinition = "a", "a"
		newer.State = connection.Withdrawn
		w.put(newer)
		w.put(older)
		w.put(other)
		require.Equal(w, newer, read(w, func(tx store.Tx) (*connection.Challenge, error) {
			return tx.Challenges().Current(w.ctx, e.run.ID, "a")
		}))
		_, err := ask(w, func(tx store.Tx) (any, error) { return tx.Challenges().Current(w.ctx, e.run.ID, "b") })
		require.ErrorIs(w, err, connection.ErrNoChallenge)
	}},
	{"open_is_the_newest_that_is_open", func(w *world) {
		e := w.newEstate(w.newClient())
		newer := w.newChallenge(e.run)
		newer.CreatedAt, newer.State = e.challenge.CreatedAt.Add(time.Hour), connection.Open
		w.put(newer)
		open := func() (*connection.Challenge, error) {
			return ask(w, func(tx store.Tx) (*connection.Challenge, error) {
				return tx.Challenges().Open(w.ctx, e.owner(), e.connection.ID)
			})
		}
		got, err := open()
		require.NoError(w, err)
		require.Equal(w, newer, got)
		for _, state := range connection.ChallengeStates() {
			newer.State = state
			w.put(newer)
			got, err = open()
			require.NoError(w, err)
			require.Equal(w, state == connection.Open, got.ID == newer.ID, state)
		}
		e.challenge.State = connection.Answered
		w.put(e.challenge)
		_, err = open()
		require.ErrorIs(w, err, connection.ErrNoChallenge)
	}},
	{"by_return", func(w *world) {
		e := w.newEstate(w.newClient())
		plain := w.newChallenge(e.run)
		plain.ReturnHash = ""
		w.put(plain)
		require.Equal(w, e.challenge, read(w, func(tx store.Tx) (*connection.Challenge, error) {
			return tx.Challenges().ByReturn(w.ctx, e.challenge.ReturnHash)
		}))
		for _, hash := range []string{"", "no such hash"} {
			_, err := ask(w, func(tx store.Tx) (any, error) { return tx.Challenges().ByReturn(w.ctx, hash) })
			require.ErrorIs(w, err, connection.ErrReturn)
		}
	}},
}
