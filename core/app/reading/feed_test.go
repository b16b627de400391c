package reading_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/reading"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// TestFeed_is_what_one_sees: from the beginning it tells what one can list, and
// from its head nothing of what is.
func TestFeed_is_what_one_sees(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := reading.Service{Store: w.Store}
	for _, u := range []*user.User{w.Ana, w.Ben, w.Cleo} {
		fill(t, w, u)
	}
	for who, p := range w.Principals() {
		all, err := s.Changes(t.Context(), p, store.Place{}, 1000)
		require.NoError(t, err)
		list, err := s.Transactions(t.Context(), p, store.TransactionFilter{}, store.Page{Limit: 1000})
		require.NoError(t, err)
		require.NotEmpty(t, list.Items)
		require.ElementsMatch(t, list.Items, all.Added, who)
		require.Empty(t, all.Modified)
		require.Empty(t, all.Removed)

		head, err := s.Head(t.Context(), p)
		require.NoError(t, err)
		nothing, err := s.Changes(t.Context(), p, head, 1)
		require.NoError(t, err)
		require.Equal(t, store.Changes{Next: head}, nothing, who)
		head.Seq++
		_, err = s.Changes(t.Context(), p, head, 1)
		require.Equal(t, store.ErrCursor, err, "nobody was there yet")
	}
}

// TestFeed_from_now_on tells what comes, to whom it concerns.
func TestFeed_from_now_on(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := reading.Service{Store: w.Store}
	places := map[string]store.Place{}
	for who, p := range w.Principals() {
		head, err := s.Head(t.Context(), p)
		require.NoError(t, err)
		places[who] = head
	}
	_, rows := fill(t, w, w.Ana)
	rows = slices.DeleteFunc(rows, func(r ledger.Transaction) bool { return r.Removed })
	for who, p := range w.Principals() {
		changes, err := s.Changes(t.Context(), p, places[who], 1000)
		require.NoError(t, err)
		if who == "Ana" || who == "Acme" {
			require.ElementsMatch(t, rows, changes.Added, who)
			continue
		}
		require.Empty(t, changes.Added, who)
	}
}
