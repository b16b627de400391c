package ruling_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func serve(w *usecasetest.World) ruling.Service {
	return ruling.Service{Store: w.Store, Now: w.Now, IDs: w.IDs}
}

func order(text, id string) usecase.NewRule {
	return usecase.NewRule{Name: "mine", Text: text, Direction: category.Any, CategoryID: id}
}

func TestCreate_says_whose_it_is(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := serve(w)
	for name, c := range map[string]struct {
		as     usecase.Principal
		userID string
		want   ident.User
		err    error
	}{
		"a user's own":              {w.For(w.Ana), "", w.Ana.ID, nil},
		"a user's own by name":      {w.For(w.Ana), string(w.Ana.ID), w.Ana.ID, nil},
		"a client's":                {w.As(w.Acme), "", "", nil},
		"a client's for a user":     {w.As(w.Acme), string(w.Ana.ID), w.Ana.ID, nil},
		"another user":              {w.For(w.Ben), string(w.Ana.ID), "", user.ErrNotFound},
		"another client":            {w.As(w.Other), string(w.Ana.ID), "", user.ErrNotFound},
		"a user that is none":       {w.As(w.Acme), "nonsense", "", user.ErrNotFound},
		"a client without a person": {w.As(w.Acme), "me", "", user.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			o := order("shop", "food.groceries")
			o.UserID = c.userID
			made, err := s.Create(t.Context(), c.as, o)
			require.ErrorIs(t, err, c.err)
			if c.err != nil {
				return
			}
			want := category.Rule{
				ID: made.ID, ClientID: w.Acme.ID, UserID: c.want, Name: "mine", Text: "shop", Direction: category.Any,
				CategoryID: "food.groceries", CreatedAt: w.Now(),
			}
			require.Equal(t, want, made)
			found, err := s.Get(t.Context(), c.as, string(made.ID))
			require.NoError(t, err)
			require.Equal(t, want, found)
		})
	}
}

func TestCreate_refuses_what_is_wrong_and_keeps_nothing(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	for _, o := range []usecase.NewRule{order("x", "food.groceries"), order("shop", "food"), {Text: "shop", CategoryID: "food.groceries"}} {
		w.Unchanged(func() {
			_, err := serve(w).Create(t.Context(), w.For(w.Ana), o)
			require.Equal(t, fault.Invalid, fault.KindOf(err), "%+v", o)
		})
	}
}

func TestNobodyReachesAnothersRules(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := serve(w)
	of := map[string]category.Rule{}
	for _, name := range []string{"Acme", "Ana"} {
		made, err := s.Create(t.Context(), w.Principals()[name], order("shop", "food.groceries"))
		require.NoError(t, err)
		of[name] = made
	}
	reached := map[string][]string{"Acme": {"Acme", "Ana"}, "Ana": {"Ana"}}
	for who, p := range w.Principals() {
		listed, err := s.List(t.Context(), p, store.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, listed.Items, len(reached[who]), who)
		for whose, r := range of {
			_, err := s.Get(t.Context(), p, string(r.ID))
			if slices.Contains(reached[who], whose) {
				require.NoError(t, err, "%s %s", who, whose)
				continue
			}
			require.ErrorIs(t, err, category.ErrRuleNotFound, "%s %s", who, whose)
			w.Unchanged(func() {
				require.ErrorIs(t, s.Delete(t.Context(), p, string(r.ID)), category.ErrRuleNotFound)
			})
		}
	}
	require.ErrorIs(t, s.Delete(t.Context(), w.As(w.Acme), "nonsense"), category.ErrRuleNotFound)
	require.NoError(t, s.Delete(t.Context(), w.As(w.Acme), string(of["Ana"].ID)))
	require.ErrorIs(t, s.Delete(t.Context(), w.For(w.Ana), string(of["Ana"].ID)), category.ErrRuleNotFound)
}

// Neither a client's rules nor another user's fill up a user's thousand.
func TestCreate_has_room_for_a_thousand_each(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := serve(w)
	fill := func(owner store.Owner) {
		w.Update(func(ctx context.Context, tx store.Tx) error {
			for i := range category.MaxRules - 1 {
				r := category.Rule{
					ID: ident.New[ident.Rule](w.IDs), ClientID: owner.Client, UserID: owner.User, Text: fmt.Sprint("shop", i), Direction: category.Any,
					CategoryID: "food.groceries", CreatedAt: w.Now().Add(-time.Hour),
				}
				if err := tx.Rules().Put(ctx, r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, p := range []usecase.Principal{w.For(w.Ana), w.As(w.Acme)} {
		fill(p.Owner())
		_, err := s.Create(t.Context(), p, order("the last one", "food.groceries"))
		require.NoError(t, err)
		w.Unchanged(func() {
			_, err := s.Create(t.Context(), p, order("one too many", "food.groceries"))
			require.ErrorIs(t, err, category.ErrTooManyRules)
		})
	}
	_, err := s.Create(t.Context(), w.For(w.Ben), order("his first", "food.groceries"))
	require.NoError(t, err)
}
