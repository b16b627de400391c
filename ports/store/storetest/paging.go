package storetest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

var pagings = func() []testCase {
	var cases []testCase
	for _, l := range lists {
		name := strings.ReplaceAll(l.name, " ", "_")
		cases = append(cases,
			testCase{name + "_is_whole_in_any_page_size", func(w *world) { wholeInAnySize(w, l) }},
			testCase{name + "_is_stable_under_inserts", func(w *world) { stableUnderInserts(w, l) }},
			testCase{name + "_refuses_malformed_cursors", func(w *world) { refusesCursors(w, l) }},
		)
	}
	return cases
}()

// populate stores n items, three at each time, so that ids decide as well, and
// gives their ids in the order of the list.
func (w *world) populate(l listing, e estate, n int) []string {
	type item struct {
		at time.Time
		id string
	}
	var items []item
	for i := range n {
		at := genesis.AddDate(0, 0, (i*5)%n/3) // not in the order of the list
		items = append(items, item{at, l.add(w, e, at)})
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	if l.falling {
		slices.Reverse(items)
	}
	var ids []string
	for _, i := range items {
		ids = append(ids, i.id)
	}
	return ids
}

// walk reads a list page by page; between is called after each page.
func (w *world) walk(l listing, e estate, size int, between func()) []string {
	w.Helper()
	var all []string
	page := store.Page{Limit: size}
	for {
		var ids []string
		require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) (err error) {
			ids, page.After, err = l.read(w, tx, e.owner(), e, page)
			return err
		}))
		require.LessOrEqual(w, len(ids), size)
		all = append(all, ids...)
		if page.After == nil {
			require.True(w, len(ids) > 0 || len(all) == 0, "no page after the end")
			return all
		}
		require.Len(w, ids, size, "only the last page is short")
		require.Less(w, len(all), 1000, "the list has an end")
		between()
	}
}

func wholeInAnySize(w *world, l listing) {
	e := w.newEstate(w.newClient())
	want := w.populate(l, e, 10)
	all := w.walk(l, e, 100, func() {})
	require.Equal(w, want, slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !slices.Contains(want, id) }))
	require.Len(w, slices.Compact(slices.Sorted(slices.Values(all))), len(all), "nothing comes twice")
	for _, size := range []int{1, 2, 3, 5, len(all) - 1, len(all), len(all) + 1} {
		require.Equal(w, all, w.walk(l, e, size, func() {}), "size %d", size)
	}
}

func stableUnderInserts(w *world, l listing) {
	e := w.newEstate(w.newClient())
	w.populate(l, e, 9)
	before := w.walk(l, e, 100, func() {})
	days := []int{-400, 400}
	during := w.walk(l, e, 2, func() {
		if len(days) > 0 {
			l.add(w, e, genesis.AddDate(0, 0, days[0]))
			days = days[1:]
		}
	})
	kept := slices.DeleteFunc(during, func(id string) bool { return !slices.Contains(before, id) })
	require.Equal(w, before, kept, "what was there comes once, in its order")
}

func refusesCursors(w *world, l listing) {
	e := w.newEstate(w.newClient())
	good := l.highest
	for _, key := range []store.Key{
		{}, {""}, {good[0]}, {"", ""}, {good[0], ""}, {"", good[1]}, {"x", good[1]}, {good[0] + "x", good[1]},
		{good[0], "nonsense"}, {good[0], "evt" + good[1][3:]}, {good[0], good[1] + "0"}, {good[0], "' OR 1=1 --"}, {good[0], good[1], "more"},
	} {
		require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error {
			ids, next, err := l.read(w, tx, e.owner(), e, store.Page{After: key, Limit: 10})
			require.ErrorIs(w, err, store.ErrCursor, "%q", key)
			require.Empty(w, ids)
			require.Nil(w, next)
			return nil
		}))
	}
	require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error {
		_, _, err := l.read(w, tx, e.owner(), e, store.Page{})
		require.Equal(w, fault.Internal, fault.KindOf(err), "a page has a limit")
		return nil
	}))
}
