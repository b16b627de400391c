package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// newRule makes one of a user.
func (w *world) newRule(u *user.User) category.Rule {
	var r category.Rule
	w.filler.fill(&r)
	r.ClientID, r.UserID = u.ClientID, u.ID
	return r
}

// newClientRule makes one of a client, for all its users.
func (w *world) newClientRule(c client.Client) category.Rule {
	var r category.Rule
	w.filler.fill(&r)
	r.ClientID, r.UserID = c.ID, ""
	return r
}

func (w *world) over(owner store.Owner) []ident.Rule {
	w.Helper()
	return read(w, func(tx store.Tx) (ids []ident.Rule, err error) {
		found, err := tx.Rules().Over(w.ctx, owner)
		for _, r := range found {
			ids = append(ids, r.ID)
		}
		return ids, err
	})
}

func addRule(w *world, e estate, at time.Time) string {
	r := w.newRule(e.user)
	r.CreatedAt = at
	w.put(r)
	return string(r.ID)
}

var ruleCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newRule(e.user)
		trip(w, full, category.Rule{ID: full.ID, ClientID: full.ClientID, CreatedAt: genesis},
			func(tx store.Tx, r category.Rule) error { return tx.Rules().Put(w.ctx, r) },
			func(tx store.Tx) (category.Rule, error) {
				return tx.Rules().Get(w.ctx, store.Owner{Client: full.ClientID}, full.ID)
			})
	}},
	{"apply_to_their_users", func(w *world) {
		shared := w.newClient()
		mine, sibling, foreigner := w.newEstate(shared), w.newEstate(shared), w.newEstate(w.newClient())
		all, theirs := w.newClientRule(shared), w.newClientRule(foreigner.client)
		w.put(all)
		w.put(theirs)
		for _, c := range []struct {
			owner store.Owner
			want  []ident.Rule
		}{
			{mine.owner(), []ident.Rule{mine.rule.ID, all.ID}},
			{sibling.owner(), []ident.Rule{sibling.rule.ID, all.ID}},
			{foreigner.owner(), []ident.Rule{foreigner.rule.ID, theirs.ID}},
			{store.Owner{Client: shared.ID}, []ident.Rule{all.ID}},
			{store.Owner{Client: foreigner.client.ID, User: mine.user.ID}, []ident.Rule{theirs.ID}},
			{store.Owner{User: mine.user.ID}, nil},
			{store.Owner{}, nil},
		} {
			require.ElementsMatch(w, c.want, w.over(c.owner), "%+v", c.owner)
		}
		found := read(w, func(tx store.Tx) ([]category.Rule, error) { return tx.Rules().Over(w.ctx, mine.owner()) })
		require.ElementsMatch(w, []category.Rule{mine.rule, all}, found, "whole")
	}},
	{"of_a_client_are_out_of_its_users_reach", func(w *world) {
		e := w.newEstate(w.newClient())
		all := w.newClientRule(e.client)
		w.put(all)
		_, err := ask(w, func(tx store.Tx) (category.Rule, error) { return tx.Rules().Get(w.ctx, e.owner(), all.ID) })
		require.ErrorIs(w, err, category.ErrRuleNotFound)
		err = w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Rules().Delete(w.ctx, e.owner(), all.ID) })
		require.ErrorIs(w, err, category.ErrRuleNotFound)
		whole := read(w, func(tx store.Tx) (store.Slice[category.Rule], error) {
			return tx.Rules().List(w.ctx, e.owner(), whole)
		})
		require.Equal(w, []category.Rule{e.rule}, whole.Items)
	}},
	{"are_deleted_once", func(w *world) {
		e := w.newEstate(w.newClient())
		remove := func() error {
			return w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Rules().Delete(w.ctx, e.owner(), e.rule.ID) })
		}
		require.NoError(w, remove())
		require.ErrorIs(w, remove(), category.ErrRuleNotFound)
		require.Empty(w, w.over(e.owner()))
	}},
	{"go_with_their_user_alone", func(w *world) {
		shared := w.newClient()
		e, sibling := w.newEstate(shared), w.newEstate(shared)
		all := w.newClientRule(shared)
		w.put(all)
		w.update(func(tx store.Tx) error { return w.speak(tx, shared.ID, tx.Users().Delete(w.ctx, e.user)) })
		require.Equal(w, []ident.Rule{all.ID}, w.over(e.owner()))
		require.ElementsMatch(w, []ident.Rule{sibling.rule.ID, all.ID}, w.over(sibling.owner()))
	}},
	{"belong_to_somebody", func(w *world) {
		e := w.newEstate(w.newClient())
		stranger := w.newUser(w.newClient())
		orphan := w.newRule(e.user)
		orphan.UserID = stranger.ID
		for _, r := range []category.Rule{w.newClientRule(w.newClient()), w.newRule(stranger), orphan} {
			err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Rules().Put(w.ctx, r) })
			require.True(w, fault.IsNotFound(err), "%v", err)
		}
	}},
}
