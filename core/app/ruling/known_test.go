package ruling_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/describing"
	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// life is a world in which a user has rows.
type life struct {
	*testing.T
	*usecasetest.World
	service ruling.Service
	// rows are what the labels of give became, by label.
	rows map[string]ident.Transaction
}

func newLife(t *testing.T) *life {
	w := usecasetest.New(t)
	return &life{T: t, World: w, service: serve(w), rows: map[string]ident.Transaction{}}
}

// give books a row for each label on one more account of a user.
func (l *life) give(u *user.User, labels ...string) {
	l.Helper()
	l.Update(func(ctx context.Context, tx store.Tx) error {
		c := &connection.Connection{ID: ident.New[ident.Connection](l.IDs), ClientID: u.ClientID, UserID: u.ID, CreatedAt: l.Now()}
		a := ledger.Account{ID: ident.New[ident.Account](l.IDs), ClientID: u.ClientID, UserID: u.ID, ConnectionID: c.ID, FirstSeenAt: l.Now()}
		require.NoError(l, tx.Connections().Put(ctx, c))
		require.NoError(l, tx.Accounts().Put(ctx, a))
		for i, label := range labels {
			row := ledger.Transaction{
				ID: ident.New[ident.Transaction](l.IDs), ClientID: u.ClientID, UserID: u.ID, ConnectionID: c.ID, AccountID: a.ID,
				Amount: money.Must("-12.30", "EUR"), Status: ledger.Booked, EffectiveDate: bank.DayOf(l.Now()).AddDays(-i), RawLabel: label,
				Fingerprint: label, FirstSeenAt: l.Now(),
			}
			described := describing.Transaction(row)
			row.Label, row.Merchant, row.Category = described.Label, described.Merchant, described.Category
			l.rows[label] = row.ID
			require.NoError(l, tx.Transactions().Put(ctx, row))
		}
		return tx.Events().Append(ctx, u.ClientID, event.Draft{Name: event.TransactionsAdded, UserID: u.ID})
	})
}

func (l *life) row(label string) (row ledger.Transaction) {
	l.Helper()
	l.View(func(ctx context.Context, tx store.Tx) (err error) {
		row, err = tx.Transactions().Trace(ctx, store.Owner{Client: l.Acme.ID}, l.rows[label])
		return err
	})
	return row
}

// change changes a row as somebody else would.
func (l *life) change(label string, fn func(*ledger.Transaction)) {
	l.Helper()
	row := l.row(label)
	fn(&row)
	l.Update(func(ctx context.Context, tx store.Tx) error {
		require.NoError(l, tx.Transactions().Put(ctx, row))
		return tx.Events().Append(ctx, row.ClientID, event.Draft{Name: event.TransactionsModified, UserID: row.UserID})
	})
}

func (l *life) rule(p usecase.Principal, o usecase.NewRule) category.Rule {
	l.Helper()
	made, err := l.service.Create(l.Context(), p, o)
	require.NoError(l, err)
	return made
}

func (l *life) revisions(label string) (found []ledger.Revision) {
	l.Helper()
	l.View(func(ctx context.Context, tx store.Tx) (err error) {
		found, err = tx.Revisions().Of(ctx, store.Owner{Client: l.Acme.ID}, l.rows[label])
		return err
	})
	return found
}

// modified are the ids that the feed tells as changed after its beginning.
func (l *life) modified(from store.Place) (ids []ident.Transaction, next store.Place) {
	l.Helper()
	l.View(func(ctx context.Context, tx store.Tx) error {
		changes, err := tx.Feed().After(ctx, store.Owner{Client: l.Acme.ID}, from, 500)
		for _, row := range changes.Modified {
			ids = append(ids, row.ID)
		}
		require.False(l, changes.More)
		next = changes.Next
		return err
	})
	return ids, next
}

func (l *life) categories(labels ...string) (all []string) {
	for _, label := range labels {
		c := l.row(label).Category
		all = append(all, c.Source+" "+c.ID)
	}
	return all
}

const (
	market, bakery, cafe = "CB CARREFOUR MARKET PARIS", "CB BOULANGERIE CARREFOUR", "CB LE CAFE DU PORT"
	ruled, groceries     = "RULE leisure.outings", "ENGINE food.groceries"
)

func TestCreate_decides_about_what_is_known(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.give(l.Ana, market, cafe)
	l.give(l.Ana, bakery)
	l.give(l.Ben, "BEN CARREFOUR")
	engine := l.categories(cafe, "BEN CARREFOUR")
	_, end := l.modified(store.Place{})
	head := l.Head(l.Acme)
	l.rule(l.For(l.Ana), order("Carrefour", "leisure.outings"))

	require.Equal(t, []string{ruled, ruled}, l.categories(market, bakery))
	require.Equal(t, engine, l.categories(cafe, "BEN CARREFOUR"), "others stay")
	require.EqualValues(t, 1, l.row(market).Category.Confidence)
	require.Equal(t, []event.Name{event.TransactionsModified, event.TransactionsModified}, l.Told(l.Acme, head), "one for each account")
	ids, _ := l.modified(end)
	require.ElementsMatch(t, []ident.Transaction{l.rows[market], l.rows[bakery]}, ids)
	revisions := l.revisions(market)
	require.Len(t, revisions, 1)
	require.Equal(t, ledger.ByDecision, revisions[0].Evidence)
	require.Equal(t, []ledger.Change{{Field: "category", Layer: ledger.LayerRule, From: "food.groceries", To: "leisure.outings"}}, revisions[0].Changes)
	require.Empty(t, l.revisions(cafe))
	require.Equal(t, l.Now(), l.row(market).UpdatedAt)
}

func TestCreate_says_where_it_looks(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.give(l.Ana, market, cafe)
	l.change(cafe, func(t *ledger.Transaction) {
		t.Counterparty, t.GivenLabel, t.Merchant = "Les Halles SA", "Lunch with Ann", "Starbucks"
	})
	for text, found := range map[string]bool{"les halles": true, "du port": true, "lunch with ann": false, "starbucks": false} {
		made := l.rule(l.For(l.Ana), order(text, "leisure.outings"))
		require.Equal(t, found, l.row(cafe).Category.Source == ledger.SourceRule, text)
		require.NoError(t, l.service.Delete(t.Context(), l.For(l.Ana), string(made.ID)))
	}
}

func TestCreate_leaves_what_a_user_set_and_what_is_removed(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.give(l.Ana, market, bakery)
	own := ledger.Category{ID: "food.restaurants", Source: ledger.SourceUser, Confidence: 1}
	l.change(market, func(t *ledger.Transaction) { t.Category = own })
	l.change(bakery, func(t *ledger.Transaction) { t.Removed, t.Removal = true, ledger.Hidden })
	before, head := l.row(bakery), l.Head(l.Acme)
	made := l.rule(l.For(l.Ana), order("carrefour", "leisure.outings"))
	require.NoError(t, l.service.Delete(t.Context(), l.For(l.Ana), string(made.ID)))
	require.Equal(t, own, l.row(market).Category)
	require.Equal(t, before, l.row(bakery))
	require.Empty(t, l.Told(l.Acme, head), "what changes nothing tells nothing")
}

func TestCreate_leaves_to_a_stronger_rule_what_that_decides(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.give(l.Ana, market, bakery)
	l.rule(l.For(l.Ana), order("carrefour market", "food.specialty"))
	l.rule(l.For(l.Ana), order("carrefour", "leisure.outings"))
	require.Equal(t, []string{"RULE food.specialty", ruled}, l.categories(market, bakery))
	l.rule(l.For(l.Ana), order("boulangerie carrefour", "food.specialty"))
	require.Equal(t, []string{"RULE food.specialty", "RULE food.specialty"}, l.categories(market, bakery))
}

func TestA_clients_rule_leaves_what_is_known(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.give(l.Ana, market)
	l.Unchanged(func() {
		made := l.rule(l.As(l.Acme), order("carrefour", "leisure.outings"))
		require.NoError(t, l.service.Delete(t.Context(), l.As(l.Acme), string(made.ID)))
	})
	require.Equal(t, []string{groceries}, l.categories(market))
	o := order("carrefour", "leisure.outings")
	o.UserID = string(l.Ana.ID)
	l.rule(l.As(l.Acme), o)
	require.Equal(t, []string{ruled}, l.categories(market), "one that it gives for a user does not")
}

func TestDelete_has_others_decide(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.give(l.Ana, market, bakery, cafe)
	l.rule(l.As(l.Acme), order("market", "housing.diy"))
	ana := l.For(l.Ana)
	all := l.rule(ana, order("carrefour", "leisure.outings"))
	long := l.rule(ana, order("carrefour market", "food.specialty"))
	twin := l.rule(ana, order("boulangerie", "leisure.outings"))
	engine := l.categories(cafe)
	_, end := l.modified(store.Place{})

	require.NoError(t, l.service.Delete(t.Context(), ana, string(long.ID)))
	require.Equal(t, []string{ruled}, l.categories(market), "another one of the user's")
	require.NoError(t, l.service.Delete(t.Context(), ana, string(all.ID)))
	require.Equal(t, []string{"RULE housing.diy", ruled}, l.categories(market, bakery), "the client's; and one that says the same")
	require.NoError(t, l.service.Delete(t.Context(), ana, string(twin.ID)))
	require.Equal(t, "ENGINE", l.row(bakery).Category.Source)
	require.Equal(t, describing.Transaction(l.row(bakery)).Category, l.row(bakery).Category)
	require.Equal(t, engine, l.categories(cafe))

	ids, _ := l.modified(end)
	require.ElementsMatch(t, []ident.Transaction{l.rows[market], l.rows[bakery]}, ids)
	last := l.revisions(bakery)
	require.Equal(t, ledger.LayerEngine, last[len(last)-1].Changes[0].Layer)
	require.Len(t, l.revisions(market), 4)
}

func TestCreate_looks_at_so_many_and_delete_at_all(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	var labels []string
	for i := range 1203 {
		labels = append(labels, fmt.Sprintf("SHOP %04d", i))
	}
	l.give(l.Ana, labels...)
	count := func() (n int) {
		for _, label := range labels {
			if l.row(label).Category.Source == ledger.SourceRule {
				n++
			}
		}
		return n
	}
	l.service.Known = 1101
	made := l.rule(l.For(l.Ana), order("shop", "leisure.outings"))
	require.Equal(t, 1101, count())
	require.Equal(t, ledger.SourceRule, l.row(labels[0]).Category.Source, "the newest first")
	l.service.Known = 1
	require.NoError(t, l.service.Delete(t.Context(), l.For(l.Ana), string(made.ID)))
	require.Zero(t, count())
}

// What fails leaves neither the rule nor half of its effect.
func TestCreate_is_whole_or_nothing(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.give(l.Ana, market)
	l.Unchanged(func() {
		ctx, cancel := context.WithCancel(t.Context())
		l.service.Now = func() time.Time { cancel(); return l.World.Now() }
		_, err := l.service.Create(ctx, l.For(l.Ana), order("carrefour", "leisure.outings"))
		require.ErrorIs(t, err, context.Canceled)
	})
}
