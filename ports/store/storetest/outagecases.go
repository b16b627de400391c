package storetest

import (
	"sync"
	"sync/atomic"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

var outageCases = []testCase{
	{"begin_once_and_end_once", func(w *world) {
		require.False(w, w.outageEnds("p"), "there was none")
		require.True(w, w.outageBegins("p"))
		require.False(w, w.outageBegins("p"))
		require.True(w, w.outageBegins("q"), "another plugin's is another one")
		require.True(w, w.outageEnds("p"))
		require.False(w, w.outageEnds("p"))
		require.True(w, w.outageBegins("p"), "it may come again")
		require.False(w, w.outageBegins("q"))
	}},
	{"of_twenty_who_see_it_one_tells", func(w *world) {
		for _, change := range []func(string) bool{w.outageBegins, w.outageEnds} {
			var told atomic.Int32
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					if change("p") {
						told.Add(1)
					}
				})
			}
			all.Wait()
			require.EqualValues(w, 1, told.Load())
		}
	}},
}

func (w *world) outageBegins(plugin string) (first bool) {
	return w.outage(func(tx store.Tx) (bool, error) {
		return tx.Outages().Begin(w.ctx, provider.Outage{Plugin: plugin, Since: genesis})
	})
}

func (w *world) outageEnds(plugin string) bool {
	return w.outage(func(tx store.Tx) (bool, error) { return tx.Outages().End(w.ctx, plugin) })
}

// outage may be called by many at once, which must not end a test by themselves.
func (w *world) outage(change func(store.Tx) (bool, error)) (changed bool) {
	err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) (err error) {
		changed, err = change(tx)
		return err
	})
	if err != nil {
		w.Errorf("outage: %v", err)
	}
	return changed
}
