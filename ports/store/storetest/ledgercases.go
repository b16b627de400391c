package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/ports/store"
)

var ledgerCases = []testCase{
	{"search", textSearch},
	{"amounts_are_compared_exactly", amountBounds},
	{"days_include_both_ends", dayBounds},
	{"status_and_categories", func(w *world) {
		e, ts := w.manyTransactions(3, func(i int, t *ledger.Transaction) {
			t.Category.ID = []string{"food", "rent", "rent"}[i]
			t.Status = []ledger.Status{ledger.Booked, ledger.Booked, ledger.Pending}[i]
		})
		w.finds(e, store.TransactionFilter{Categories: []string{"rent"}}, ts[1], ts[2])
		w.finds(e, store.TransactionFilter{Categories: []string{"rent", "food", "other"}}, ts...)
		w.finds(e, store.TransactionFilter{Categories: []string{"rent"}, Status: ledger.Booked}, ts[1])
		w.finds(e, store.TransactionFilter{Categories: []string{"ren"}})
	}},
	{"removed_ones_are_not_found", func(w *world) {
		e, ts := w.manyTransactions(2, func(i int, t *ledger.Transaction) { t.Removed = i == 0 })
		w.finds(e, store.TransactionFilter{}, ts[1])
		_, err := ask(w, func(tx store.Tx) (any, error) { return tx.Transactions().Get(w.ctx, e.owner(), ts[0].ID) })
		require.ErrorIs(w, err, ledger.ErrTransactionNotFound)
		require.Len(w, read(w, func(tx store.Tx) ([]ledger.Transaction, error) {
			return tx.Transactions().Between(w.ctx, e.account.ID, "", "")
		}), 2)
	}},
	{"many_rows_at_once", func(w *world) {
		e, ts := w.manyTransactions(1203, func(int, *ledger.Transaction) {})
		all := read(w, func(tx store.Tx) ([]ledger.Transaction, error) {
			return tx.Transactions().Between(w.ctx, e.account.ID, "", "")
		})
		require.ElementsMatch(w, ts, all)
		w.update(func(tx store.Tx) error { return tx.Transactions().Put(w.ctx) })
	}},
	{"the_last_of_one_id_wins", func(w *world) {
		e, ts := w.manyTransactions(1, func(int, *ledger.Transaction) {})
		last := ts[0]
		last.Label = "the last"
		w.update(func(tx store.Tx) error { return w.speak(tx, e.client.ID, tx.Transactions().Put(w.ctx, ts[0], last)) })
		w.finds(e, store.TransactionFilter{}, last)
	}},
	{"accounts_of_a_connection", func(w *world) {
		e := w.newEstate(w.newClient())
		early := w.newAccount(e.connection)
		early.FirstSeenAt, early.Status = genesis.AddDate(-1, 0, 0), ledger.Closed
		w.put(early)
		require.Equal(w, []ledger.Account{early, e.account}, read(w, func(tx store.Tx) ([]ledger.Account, error) {
			return tx.Accounts().OfConnection(w.ctx, e.connection.ID)
		}))
	}},
	{"a_deleted_account_is_only_recognised", func(w *world) {
		e := w.newEstate(w.newClient())
		buried := e.account.Buried()
		w.put(buried)
		_, err := ask(w, func(tx store.Tx) (ledger.Account, error) { return tx.Accounts().Get(w.ctx, e.owner(), buried.ID) })
		require.ErrorIs(w, err, ledger.ErrAccountNotFound)
		require.Empty(w, read(w, func(tx store.Tx) (store.Slice[ledger.Account], error) {
			return tx.Accounts().List(w.ctx, e.owner(), store.AccountFilter{}, whole)
		}).Items)
		ofConnection := func(tx store.Tx) ([]ledger.Account, error) { return tx.Accounts().OfConnection(w.ctx, e.connection.ID) }
		require.Equal(w, []ledger.Account{buried}, read(w, ofConnection))
		w.update(func(tx store.Tx) error {
			return w.speak(tx, e.client.ID, tx.Accounts().Delete(w.ctx, e.owner(), buried.ID))
		})
		require.Empty(w, read(w, ofConnection))
	}},
	{"filters_of_accounts", func(w *world) {
		e := w.newEstate(w.newClient())
		a := w.newAccount(e.connection)
		a.Type, a.Status = bank.Loan, ledger.Closed
		w.put(a)
		for _, filter := range []store.AccountFilter{{Type: bank.Loan}, {Status: ledger.Closed}, {Type: bank.Loan, Status: ledger.Closed}} {
			found := read(w, func(tx store.Tx) (store.Slice[ledger.Account], error) {
				return tx.Accounts().List(w.ctx, e.owner(), filter, whole)
			})
			require.Equal(w, []ledger.Account{a}, found.Items, "%+v", filter)
		}
	}},
	{"popular_providers_are_those_of_a_client's_newest_connections", func(w *world) {
		e, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		want := map[string]int{e.connection.ProviderID: 1, "oak": 2}
		for i, provider := range []string{"elm", "oak", "oak"} {
			c := w.newConnection(e.user)
			c.ProviderID, c.CreatedAt = provider, e.connection.CreatedAt.Add(time.Duration(i-1)*time.Hour+time.Duration(i))
			w.put(c)
		}
		counts := func(client ident.Client, newest int) map[string]int {
			return read(w, func(tx store.Tx) (map[string]int, error) { return tx.Connections().Popular(w.ctx, client, newest) })
		}
		require.Equal(w, want, counts(e.client.ID, 3), "the oldest does not count")
		require.Equal(w, 1, counts(e.client.ID, 100)["elm"])
		require.Equal(w, map[string]int{other.connection.ProviderID: 1}, counts(other.client.ID, 100))
		require.Empty(w, counts("cli_none", 100))
		_, err := ask(w, func(tx store.Tx) (map[string]int, error) { return tx.Connections().Popular(w.ctx, e.client.ID, 0) })
		require.Error(w, err)
	}},
	{"filters_of_connections", func(w *world) {
		e := w.newEstate(w.newClient())
		c := w.newConnection(e.user)
		c.Status = connection.Failed
		w.put(c)
		for _, filter := range []store.ConnectionFilter{{Provider: c.ProviderID}, {Status: connection.Failed}} {
			found := read(w, func(tx store.Tx) (store.Slice[*connection.Connection], error) {
				return tx.Connections().List(w.ctx, e.owner(), filter, whole)
			})
			require.Equal(w, []*connection.Connection{c}, found.Items, "%+v", filter)
		}
	}},
}

// manyTransactions stores n on one new account, with one thing changed in each.
func (w *world) manyTransactions(n int, change func(int, *ledger.Transaction)) (estate, []ledger.Transaction) {
	w.Helper()
	e := w.newEstate(w.newClient())
	account := w.newAccount(e.connection)
	var all []ledger.Transaction
	for i := range n {
		t := w.newTransaction(account)
		change(i, &t)
		all = append(all, t)
	}
	w.update(func(tx store.Tx) error {
		require.NoError(w, tx.Accounts().Put(w.ctx, account))
		return w.speak(tx, e.client.ID, tx.Transactions().Put(w.ctx, all...))
	})
	e.account = account
	return e, all
}

// finds compares what a filter finds on the account, whatever the order.
func (w *world) finds(e estate, filter store.TransactionFilter, want ...ledger.Transaction) {
	w.Helper()
	filter.Account = e.account.ID
	found := read(w, func(tx store.Tx) (store.Slice[ledger.Transaction], error) {
		return tx.Transactions().List(w.ctx, e.owner(), filter, store.Page{Limit: 500})
	})
	ids := func(ts []ledger.Transaction) (ids []ident.Transaction) {
		for _, t := range ts {
			ids = append(ids, t.ID)
		}
		return ids
	}
	require.ElementsMatch(w, ids(want), ids(found.Items), "%+v", filter)
}

func textSearch(w *world) {
	texts := []string{"Café de la Gare", "100% COTON_BIO", "100 pour cent", `A\B 'quoted'!`, "Œuvre", "STRASSE straße"}
	e, ts := w.manyTransactions(len(texts)*4, func(i int, t *ledger.Transaction) {
		t.GivenLabel, t.Label, t.RawLabel, t.Merchant = "", "", "", ""
		*[]*string{&t.Label, &t.RawLabel, &t.Merchant, &t.GivenLabel}[i%4] = texts[i/4]
	})
	for text, found := range map[string][]int{
		"cafe": {0}, "CAFÉ": {0}, "cafe\u0301": {0}, "de la": {0}, "100": {1, 2}, "100%": {1}, "%": {1}, "_": {1}, "n_b": {1},
		"coton_bio": {1}, "c%o": {}, "0_p": {}, `\`: {3}, "'": {3}, "!": {3}, `a\b`: {3}, "oeuvre": {4}, "ŒUVRE": {4},
		"strasse": {5}, "Straße": {5}, "no such text": {}, "gare 100": {},
	} {
		var want []ledger.Transaction
		for _, n := range found {
			want = append(want, ts[n*4:n*4+4]...)
		}
		w.finds(e, store.TransactionFilter{Text: text}, want...)
	}
}

func amountBounds(w *world) {
	amounts := []string{
		"-1000.00", "-10.5", "-10.05", "-9.99999999", "-0.01", "0.00", "0.00000001", "0.1", "9.99", "10", "10.01", "99.999",
		"100.00", "999999999999999999.99999999",
	}
	e, ts := w.manyTransactions(len(amounts), func(i int, t *ledger.Transaction) { t.Amount = money.Must(amounts[i], "EUR") })
	for i := range amounts {
		low := money.Must(amounts[i], "EUR")
		w.finds(e, store.TransactionFilter{Min: &low}, ts[i:]...)
		w.finds(e, store.TransactionFilter{Max: &low}, ts[:i+1]...)
		w.finds(e, store.TransactionFilter{Min: &low, Max: &low}, ts[i])
	}
	same := money.Must("10.000", "EUR")
	w.finds(e, store.TransactionFilter{Min: &same, Max: &same}, ts[slices.Index(amounts, "10")])
	w.finds(e, store.TransactionFilter{Min: &money.Amount{}, Max: &money.Amount{}}, ts...)
}

func dayBounds(w *world) {
	e, ts := w.manyTransactions(5, func(i int, t *ledger.Transaction) { t.EffectiveDate = bank.Day(fmt.Sprintf("2026-03-%02d", 26+i)) })
	for _, row := range []struct {
		from, to bank.Day
		want     []ledger.Transaction
	}{
		{"", "", ts}, {"2026-03-27", "", ts[1:]}, {"", "2026-03-27", ts[:2]}, {"2026-03-27", "2026-03-28", ts[1:3]},
		{"2026-03-28", "2026-03-27", nil}, {"2026-03-28", "2026-03-28", ts[2:3]}, {"2027-01-01", "", nil},
	} {
		w.finds(e, store.TransactionFilter{From: row.from, To: row.to}, row.want...)
		require.Equal(w, row.want, read(w, func(tx store.Tx) ([]ledger.Transaction, error) {
			return tx.Transactions().Between(w.ctx, e.account.ID, row.from, row.to)
		})[:len(row.want):len(row.want)])
	}
}
