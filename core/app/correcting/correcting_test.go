package correcting_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/correcting"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest"
	"github.com/tributary-dev/tributary/ports/usecase"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

// world is one user's account with three rows, the second in doubt about the first.
type world struct {
	*testing.T
	store    *storetest.Fake
	service  correcting.Service
	user     usecase.Principal
	stranger usecase.Principal
	ids      ident.Source
	rows     []ledger.Transaction
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, store: storetest.NewFake(storetest.Options{}), ids: ident.Source{Now: func() time.Time { return noon }, Rand: rand.Reader}}
	w.service = correcting.Service{Store: w.store, Now: func() time.Time { return noon }, IDs: w.ids}
	tenant := client.Client{ID: ident.New[ident.Client](w.ids)}
	c := &connection.Connection{ID: ident.New[ident.Connection](w.ids), ClientID: tenant.ID, UserID: ident.New[ident.User](w.ids)}
	a := ledger.Account{ID: ident.New[ident.Account](w.ids), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID}
	for i, label := range []string{"CB CARREFOUR CITY", "CB CARREFOUR CITY PARIS", "CB CARREFOUR CITY 3"} {
		w.rows = append(w.rows, ledger.Transaction{
			ID: ident.New[ident.Transaction](w.ids), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, AccountID: a.ID,
			Amount: money.Must("-12.30", "EUR"), Status: ledger.Booked, EffectiveDate: "2026-03-10", Label: label, RawLabel: label,
			Category: ledger.Category{ID: "food.groceries", Source: "ENGINE", Confidence: 0.5}, Occurrence: i,
		})
	}
	w.rows[1].Links = []ledger.Link{{Type: ledger.DuplicateCandidate, TransactionID: w.rows[0].ID, Confidence: 0.5}}
	w.user = usecase.Principal{Client: c.ClientID, User: c.UserID}
	w.stranger = usecase.Principal{Client: c.ClientID, User: ident.New[ident.User](w.ids)}
	w.update(func(tx store.Tx) error {
		require.NoError(w, tx.Clients().Put(w.Context(), tenant))
		for _, id := range []ident.User{w.user.User, w.stranger.User} {
			require.NoError(w, tx.Users().Put(w.Context(), &user.User{ID: id, ClientID: c.ClientID, ExternalID: string(id)}))
		}
		require.NoError(w, tx.Connections().Put(w.Context(), c))
		require.NoError(w, tx.Accounts().Put(w.Context(), a))
		require.NoError(w, tx.Events().Append(w.Context(), c.ClientID, event.Draft{Name: event.TransactionsAdded, UserID: c.UserID}))
		return tx.Transactions().Put(w.Context(), w.rows...)
	})
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	require.NoError(w, w.store.Update(w.Context(), store.Fence{}, fn))
}

func (w *world) shown() (ids []ident.Transaction) {
	require.NoError(w, w.store.View(w.Context(), func(tx store.Tx) error {
		slice, err := tx.Transactions().List(w.Context(), w.user.Owner(), store.TransactionFilter{}, store.Page{Limit: 10})
		for _, t := range slice.Items {
			ids = append(ids, t.ID)
		}
		return err
	}))
	return ids
}

func (w *world) events() (names []event.Name) {
	require.NoError(w, w.store.View(w.Context(), func(tx store.Tx) error {
		all, err := tx.Events().After(w.Context(), w.user.Client, 1, store.EventFilter{}, 100)
		for _, e := range all {
			names = append(names, e.Name)
		}
		return err
	}))
	return names
}

func text(s string) *string { return &s }

func TestChange_lasts_and_can_be_taken_back(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := string(w.rows[0].ID)
	changed, err := w.service.Change(t.Context(), w.user, id, usecase.TransactionChange{Label: text("Groceries for Ann"), Category: text("food.restaurants")})
	require.NoError(t, err)
	require.Equal(t, "Groceries for Ann", changed.ShownLabel())
	require.Equal(t, ledger.SourceUser, changed.Category.Source)
	history, err := w.service.History(t.Context(), w.user, id)
	require.NoError(t, err)
	require.Len(t, history.Revisions, 1)
	require.Equal(t, ledger.ByDecision, history.Revisions[0].Evidence)
	require.Len(t, history.Revisions[0].Changes, 2)
	require.Equal(t, ledger.LayerUser, history.Revisions[0].Changes[0].Layer)
	require.Equal(t, "food.groceries", history.Engine.Category.ID)

	back, err := w.service.Change(t.Context(), w.user, id, usecase.TransactionChange{Label: text(""), Category: text("")})
	require.NoError(t, err)
	require.Equal(t, "CB CARREFOUR CITY", back.ShownLabel())
	require.Equal(t, "ENGINE", back.Category.Source)
	require.Equal(t, []event.Name{event.TransactionsModified, event.TransactionsModified}, w.events())
	_, err = w.service.Change(t.Context(), w.user, id, usecase.TransactionChange{Label: text("")})
	require.NoError(t, err)
	require.Len(t, w.events(), 2, "what changes nothing tells nothing")
}

func TestHide_ends_the_doubts_of_others(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.service.Hide(t.Context(), w.user, string(w.rows[0].ID)))
	require.NotContains(t, w.shown(), w.rows[0].ID)
	require.ErrorIs(t, w.service.Hide(t.Context(), w.user, string(w.rows[0].ID)), ledger.ErrTransactionNotFound)
	doubts, err := w.service.Doubts(t.Context(), w.user, store.TransactionFilter{}, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, doubts.Items)
	require.Equal(t, []event.Name{event.TransactionsRemoved, event.TransactionsModified}, w.events())
	history, err := w.service.History(t.Context(), w.user, string(w.rows[0].ID))
	require.NoError(t, err, "what is hidden has a history")
	require.Equal(t, ledger.Hidden, history.Transaction.Removal)
}

func TestMerge_and_back(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := string(w.rows[0].ID), string(w.rows[1].ID)
	doubts, err := w.service.Doubts(t.Context(), w.user, store.TransactionFilter{}, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, doubts.Items, 1)
	require.Equal(t, first, string(doubts.Items[0].Candidates[0].Transaction.ID))

	into, err := w.service.Merge(t.Context(), w.user, second, first)
	require.NoError(t, err)
	require.Equal(t, first, string(into.ID))
	require.Len(t, w.shown(), 2)
	back, err := w.service.Unmerge(t.Context(), w.user, second)
	require.NoError(t, err)
	require.NotEqual(t, second, string(back.ID))
	require.True(t, back.Linked(ledger.Supersedes, w.rows[1].ID))
	require.Len(t, w.shown(), 3)
	require.Equal(t, []event.Name{event.TransactionsRemoved, event.TransactionsModified, event.TransactionsModified, event.TransactionsAdded}, w.events())
	for _, id := range []string{second, first, string(back.ID), "txn_none"} {
		_, err = w.service.Unmerge(t.Context(), w.user, id)
		require.Error(t, err, id)
	}
}

func TestTellApart_is_said_once(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 2 {
		t2, err := w.service.TellApart(t.Context(), w.user, string(w.rows[1].ID), string(w.rows[0].ID))
		require.NoError(t, err)
		require.False(t, t2.InDoubt())
	}
	require.Len(t, w.events(), 1)
}

// TestStrangers_correct_nothing: a user of the same client is a stranger too.
func TestStrangers_correct_nothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := string(w.rows[0].ID), string(w.rows[1].ID)
	for name, call := range map[string]func(usecase.Principal) error{
		"change": func(p usecase.Principal) error {
			_, err := w.service.Change(t.Context(), p, a, usecase.TransactionChange{Label: text("x")})
			return err
		},
		"hide":    func(p usecase.Principal) error { return w.service.Hide(t.Context(), p, a) },
		"merge":   func(p usecase.Principal) error { _, err := w.service.Merge(t.Context(), p, a, b); return err },
		"unmerge": func(p usecase.Principal) error { _, err := w.service.Unmerge(t.Context(), p, a); return err },
		"apart":   func(p usecase.Principal) error { _, err := w.service.TellApart(t.Context(), p, a, b); return err },
		"history": func(p usecase.Principal) error { _, err := w.service.History(t.Context(), p, a); return err },
	} {
		require.ErrorIs(t, call(w.stranger), ledger.ErrTransactionNotFound, name)
	}
	doubts, err := w.service.Doubts(t.Context(), w.stranger, store.TransactionFilter{}, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, doubts.Items)
	require.Empty(t, w.events())
}

func TestRefusals_change_nothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := string(w.rows[0].ID)
	_, err := w.service.Change(t.Context(), w.user, a, usecase.TransactionChange{Category: text("no.such")})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	_, err = w.service.Change(t.Context(), w.user, a, usecase.TransactionChange{Label: text("a\x00b")})
	require.ErrorIs(t, err, ledger.ErrLabel)
	_, err = w.service.Merge(t.Context(), w.user, a, a)
	require.ErrorIs(t, err, ledger.ErrSameRow)
	_, err = w.service.Merge(t.Context(), w.user, a, "txn_nonsense")
	require.True(t, fault.IsNotFound(err))
	_, err = w.service.TellApart(t.Context(), w.user, a, a)
	require.ErrorIs(t, err, ledger.ErrSameRow)
	require.Empty(t, w.events())
	require.Len(t, w.shown(), 3)
}

// A rule stands between the engine and the user: it shows in the history beneath
// what the user set, and is what the row goes back to.
func TestChange_gives_a_rule_s_category_back(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := string(w.rows[0].ID)
	change := func(category string) ledger.Transaction {
		changed, err := w.service.Change(t.Context(), w.user, id, usecase.TransactionChange{Category: text(category)})
		require.NoError(t, err)
		return changed
	}
	rule := func() ledger.Category {
		history, err := w.service.History(t.Context(), w.user, id)
		require.NoError(t, err)
		require.Equal(t, "food.groceries", history.Engine.Category.ID)
		return history.Rule
	}
	change("food.restaurants")
	require.Zero(t, rule())
	w.update(func(tx store.Tx) error {
		return tx.Rules().Put(t.Context(), category.Rule{
			ID: ident.New[ident.Rule](w.ids), ClientID: w.user.Client, Text: "Carrefour", Direction: category.Debit, CategoryID: "leisure.outings",
		})
	})
	ruled := ledger.Category{ID: "leisure.outings", Source: ledger.SourceRule, Confidence: 1}
	require.Equal(t, ruled, rule(), "beneath the user's")
	require.Equal(t, ruled, change("").Category)
	require.Equal(t, ruled, rule(), "its own")
	require.Equal(t, ledger.SourceUser, change("leisure.outings").Category.Source, "said by the user too")

	other, err := w.service.History(t.Context(), w.user, string(w.rows[1].ID))
	require.NoError(t, err)
	require.Equal(t, "ENGINE", other.Transaction.Category.Source)
	require.Zero(t, other.Rule, "the rule did not decide about it")
}
