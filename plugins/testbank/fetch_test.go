package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestFetch_tells_everything_in_order(t *testing.T) {
	t.Parallel()
	w := open(t)
	s, err := w.fetch(t.Context(), embedded, *w.begin("plain").Ready, nil)
	require.NoError(t, err)

	accounts := itemsOf[sdk.AccountItem](s)
	require.Len(t, accounts, 4)
	accounts[0].Account.Raw, accounts[3].Account.Raw = nil, nil
	require.Equal(t, sdk.Account{
		Ref: "current", BankID: "current", StableID: true, Type: sdk.Checkings, Name: "Current", Holder: "Ann",
		IBAN: "FR7699991004200000010010180", Currency: "EUR", Status: sdk.AccountOpen,
	}, accounts[0].Account)
	require.Equal(t, "1000.00", accounts[3].Account.CreditLimit)

	balances := itemsOf[sdk.BalancesItem](s)
	require.Len(t, balances, 4)
	require.Equal(t, sdk.BalanceBooked, balances[0].Balances[0].Type)
	require.Equal(t, "100.00", balances[0].Balances[0].Amount)
	require.Equal(t, "97.00", balances[0].Balances[1].Amount)
	require.Equal(t, "-5000.00", balances[2].Balances[0].Amount)

	var labels []string
	types := map[string]sdk.TransactionType{}
	for _, item := range itemsOf[sdk.TransactionsItem](s) {
		for _, row := range item.Transactions {
			labels = append(labels, row.Label)
			types[row.Label] = row.Type
		}
	}
	require.Equal(t, []string{"three", "two", "one", "old", "oldest"}, labels)
	require.Equal(t, map[string]sdk.TransactionType{
		"three": sdk.TypePointOfSale, "two": sdk.TypeCredit, "one": sdk.TypePayment, "old": sdk.TypeATM, "oldest": "",
	}, types)
	require.Len(t, itemsOf[sdk.AccountDoneItem](s), 4)
	require.Len(t, itemsOf[sdk.UsageItem](s), 9)
	require.Equal(t, sdk.ProgressItem{Stage: sdk.StageFull, Done: 4, Total: 4}, s.items[len(s.items)-1])
}

func TestFetch_maps_rows(t *testing.T) {
	t.Parallel()
	w := open(t)
	s, err := w.fetch(t.Context(), embedded, *w.begin("plain").Ready, nil)
	require.NoError(t, err)
	items := itemsOf[sdk.TransactionsItem](s)
	pending, old := items[0].Transactions[0], items[1].Transactions[1]
	require.Contains(t, string(pending.Raw), `"three"`)
	pending.Raw, old.Raw = nil, nil
	require.Equal(t, sdk.Transaction{
		BankID: pending.BankID, Amount: "-3.00", Currency: "EUR", Status: sdk.Pending, Type: sdk.TypePointOfSale,
		TransactionDate: "2026-03-14", Label: "three", MerchantCode: "5411",
	}, pending)
	require.Equal(t, sdk.Transaction{
		BankID: old.BankID, Amount: "-0.50", Currency: "EUR", Status: sdk.Booked, Type: sdk.TypeATM,
		BookingDate: "2026-02-01", ValueDate: "2026-02-02", TransactionDate: "2026-01-31", Label: "old",
	}, old)
}

func TestFetch_reads_what_is_asked(t *testing.T) {
	t.Parallel()
	w := open(t)
	ready := *w.begin("plain").Ready
	rows := func(s *sink) (count int) {
		for _, item := range itemsOf[sdk.TransactionsItem](s) {
			count += len(item.Transactions)
		}
		return count
	}
	t.Run("window", func(t *testing.T) {
		t.Parallel()
		s, err := w.fetch(t.Context(), embedded, ready, func(r *sdk.FetchRequest) {
			r.Window = sdk.Window{Default: "2026-03-14", From: map[string]sdk.Day{"current": "2026-02-01"}, To: "2026-03-12"}
			r.Skip = []string{"savings", "loan", "card"}
		})
		require.NoError(t, err)
		require.Equal(t, 2, rows(s))
		require.Equal(t, []sdk.AccountDoneItem{{Account: "current", From: "2026-02-01", To: "2026-03-12"}}, itemsOf[sdk.AccountDoneItem](s))
		require.Len(t, itemsOf[sdk.AccountItem](s), 4, "skipped ones are listed")
	})
	t.Run("accounts_only", func(t *testing.T) {
		t.Parallel()
		s, err := w.fetch(t.Context(), embedded, ready, func(r *sdk.FetchRequest) { r.Mode = sdk.FetchAccounts })
		require.NoError(t, err)
		require.Len(t, itemsOf[sdk.AccountItem](s), 4)
		require.Empty(t, itemsOf[sdk.BalancesItem](s))
	})
	t.Run("allowance", func(t *testing.T) {
		t.Parallel()
		s, err := w.fetch(t.Context(), embedded, ready, func(r *sdk.FetchRequest) {
			r.Allowances = []sdk.Allowance{{Account: "current", Scope: sdk.ScopeTransactions}, {Account: "", Scope: sdk.ScopeAccounts, Left: 1}}
		})
		require.NoError(t, err)
		require.Zero(t, rows(s))
		failures := itemsOf[sdk.AccountFailureItem](s)
		require.Len(t, failures, 1)
		require.Equal(t, sdk.RateLimited, failures[0].Failure.Code)
		require.Len(t, itemsOf[sdk.AccountDoneItem](s), 3)
	})
}
