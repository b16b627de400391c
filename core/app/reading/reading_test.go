package reading_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/reading"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// fill gives a user an account with a movement of each category, and one that
// was removed.
func fill(t *testing.T, w *usecasetest.World, u *user.User) (ledger.Account, []ledger.Transaction) {
	t.Helper()
	made, err := connection.New(ident.New[ident.Connection](w.IDs), u.ClientID, u.ID, usecasetest.Bank, "Oak", []connection.Channel{{DefinitionID: "x"}}, false, w.Now())
	require.NoError(t, err)
	account := ledger.Account{
		ID: ident.New[ident.Account](w.IDs), ClientID: u.ClientID, UserID: u.ID, ConnectionID: made.ID,
		Type: bank.Checkings, Status: ledger.Active, FirstSeenAt: w.Now(),
	}
	var rows []ledger.Transaction
	add := func(id string, removed bool) {
		rows = append(rows, ledger.Transaction{
			ID: ident.New[ident.Transaction](w.IDs), ClientID: u.ClientID, UserID: u.ID, ConnectionID: made.ID, AccountID: account.ID,
			Amount: money.Must("-1.00", "EUR"), EffectiveDate: "2026-02-01", Category: ledger.Category{ID: id}, Removed: removed,
		})
	}
	for _, group := range category.Groups() {
		for _, member := range group.Members {
			add(member.ID, false)
		}
	}
	add(category.Groups()[0].Members[0].ID, true)
	w.Update(func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.Connections().Put(ctx, made), tx.Accounts().Put(ctx, account), tx.Transactions().Put(ctx, rows...))
	})
	return account, rows
}

func listed(t *testing.T, w *usecasetest.World, p usecase.Principal, categories ...string) []string {
	t.Helper()
	slice, err := reading.Service{Store: w.Store}.Transactions(t.Context(), p, store.TransactionFilter{Categories: categories}, store.Page{Limit: 500})
	require.NoError(t, err)
	var ids []string
	for _, row := range slice.Items {
		ids = append(ids, row.Category.ID)
	}
	slices.Sort(ids)
	return ids
}

func TestCategories(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	fill(t, w, w.Ana)
	var every []string
	for _, group := range category.Groups() {
		var members []string
		for _, member := range group.Members {
			members = append(members, member.ID)
			require.Equal(t, []string{member.ID}, listed(t, w, w.For(w.Ana), member.ID))
		}
		slices.Sort(members)
		require.Equal(t, members, listed(t, w, w.For(w.Ana), group.ID), "a group means its members")
		require.Equal(t, members, listed(t, w, w.For(w.Ana), members[0], group.ID, group.ID), "each once")
		every = append(every, members...)
	}
	slices.Sort(every)
	require.Equal(t, every, listed(t, w, w.For(w.Ana)), "no filter restricts nothing, and what was removed is gone")
	groups := category.Groups()
	both := listed(t, w, w.For(w.Ana), groups[0].ID, groups[1].Members[0].ID)
	require.Len(t, both, len(groups[0].Members)+1)

	for _, unknown := range []string{"", "%", "nothing", groups[0].ID + " "} {
		_, err := reading.Service{Store: w.Store}.Transactions(t.Context(), w.For(w.Ana),
			store.TransactionFilter{Categories: []string{groups[0].ID, unknown}}, store.Page{Limit: 1})
		require.ErrorContains(t, err, "unknown_category", "it is refused, not passed over")
	}
	require.Equal(t, groups, reading.Service{}.Categories("fr"))
	filter := store.TransactionFilter{Categories: []string{groups[0].ID}}
	_, err := reading.Service{Store: w.Store}.Transactions(t.Context(), w.For(w.Ana), filter, store.Page{Limit: 1})
	require.NoError(t, err)
	require.Equal(t, []string{groups[0].ID}, filter.Categories, "the caller's filter stays as it is")
}

func TestReach(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := reading.Service{Store: w.Store}
	owners := map[string]*user.User{"Ana": w.Ana, "Ben": w.Ben, "Cleo": w.Cleo}
	accounts, rows := map[string]ledger.Account{}, map[string][]ledger.Transaction{}
	for name, owner := range owners {
		accounts[name], rows[name] = fill(t, w, owner)
	}
	reaches := map[string][]string{"Acme": {"Ana", "Ben"}, "Other": {"Cleo"}, "Ana": {"Ana"}, "Ben": {"Ben"}, "Cleo": {"Cleo"}}
	for who, p := range w.Principals() {
		for whose, account := range accounts {
			_, accountErr := s.Account(t.Context(), p, string(account.ID))
			row, rowErr := s.Transaction(t.Context(), p, string(rows[whose][0].ID))
			ofAccount, err := s.Transactions(t.Context(), p, store.TransactionFilter{Account: account.ID}, store.Page{Limit: 500})
			require.NoError(t, err)
			ofConnection, err := s.Accounts(t.Context(), p, store.AccountFilter{Connection: account.ConnectionID}, store.Page{Limit: 500})
			require.NoError(t, err)
			if slices.Contains(reaches[who], whose) {
				require.NoError(t, errors.Join(accountErr, rowErr))
				require.Equal(t, rows[whose][0].ID, row.ID)
				require.Len(t, ofAccount.Items, len(rows[whose])-1)
				require.Len(t, ofConnection.Items, 1)
				continue
			}
			require.Equal(t, ledger.ErrAccountNotFound, accountErr, who+" "+whose)
			require.Equal(t, ledger.ErrTransactionNotFound, rowErr, who+" "+whose)
			require.Empty(t, ofAccount.Items)
			require.Empty(t, ofConnection.Items)
		}
		all, err := s.Accounts(t.Context(), p, store.AccountFilter{}, store.Page{Limit: 500})
		require.NoError(t, err)
		require.Len(t, all.Items, len(reaches[who]), who)
		for _, id := range []string{"", "acc_", "txn_", "acc_%", string(w.Ana.ID)} {
			_, err := s.Account(t.Context(), p, id)
			require.Equal(t, ledger.ErrAccountNotFound, err)
			_, err = s.Transaction(t.Context(), p, id)
			require.Equal(t, ledger.ErrTransactionNotFound, err)
		}
		_, err = s.Transaction(t.Context(), p, string(rows["Ana"][len(rows["Ana"])-1].ID))
		require.Equal(t, ledger.ErrTransactionNotFound, err, "it was removed")
	}
}

// TestCursor_of_another does not lead into the other's list.
func TestCursor_of_another(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := reading.Service{Store: w.Store}
	fill(t, w, w.Ana)
	_, bens := fill(t, w, w.Ben)
	first, err := s.Transactions(t.Context(), w.For(w.Ana), store.TransactionFilter{}, store.Page{Limit: 1})
	require.NoError(t, err)
	next, err := s.Transactions(t.Context(), w.For(w.Ben), store.TransactionFilter{}, store.Page{Limit: 500, After: first.Next})
	require.NoError(t, err)
	for _, row := range next.Items {
		require.True(t, slices.ContainsFunc(bens, func(b ledger.Transaction) bool { return b.ID == row.ID }))
	}
	_, err = s.Transactions(t.Context(), w.For(w.Ana), store.TransactionFilter{}, store.Page{Limit: 1, After: store.Key{"x", "y"}})
	require.ErrorIs(t, err, store.ErrCursor)
}
