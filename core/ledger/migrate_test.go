package ledger_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

func (b *book) readElsewhere(rows ...ledger.Row) ledger.Changes {
	b.day++
	changes := ledger.Reconcile(b.all(), ledger.Reading{
		Account: ledger.Account{ID: "acc_1"}, Rows: rows, Covered: all, Now: noon, Today: "2026-03-12", Elsewhere: true,
		NewID:    func() ident.Transaction { b.made++; return ident.Transaction(fmt.Sprintf("txn_%04d", b.made)) },
		Describe: func(row ledger.Row) ledger.Description { return ledger.Description{Label: row.Label} },
	})
	b.keep(changes.Store()...)
	return changes
}

func TestReconcile_of_another_channel_doubles_nothing(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("1", "-5", "2026-03-10", "CB CAFE"), booked("2", "-5", "2026-03-10", "CB CAFE 2"), booked("3", "-9", "2026-03-01", "SHOP"),
		pending("4", "-7", "2026-03-11", "KIOSK"))
	rows := []ledger.Row{
		booked("a", "-5.00", "2026-03-10", "Paiement café"), booked("b", "-5.00", "2026-03-10", "Paiement café"),
		booked("c", "-9.00", "2026-03-03", "Magasin"), booked("d", "-7", "2026-03-12", "Kiosque"), booked("1", "-80", "2026-03-10", "Loyer"),
	}
	changes := b.readElsewhere(rows...)
	require.Equal(t, "-80", only(t, changes.Added).Amount.Decimal(), "an id of another channel says nothing")
	require.Empty(t, changes.Removed)
	require.Len(t, b.live(), 5)
	requireNothing(t, b.read(all, rows...), 5)
}

func TestReconcile_of_another_channel_books_the_purchase_of_the_day(t *testing.T) {
	t.Parallel()
	b := newBook()
	first := only(t, b.read(all, pending("1", "-5", "2026-03-10", "CAFE")).Added)
	same, later := booked("1", "-5", "2026-03-12", "CAFE"), booked("2", "-5", "2026-03-12", "CAFE")
	same.TransactionDate, later.TransactionDate = "2026-03-10", "2026-03-12"
	changes := b.readElsewhere(same, later)
	require.Equal(t, first.ID, only(t, changes.Modified).ID)
	require.Equal(t, "2", only(t, changes.Added).BankID)
	require.Len(t, b.live(), 2)
}

func TestReconcile_of_another_channel_is_in_doubt_where_two_fit(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("1", "-5", "2026-03-09", "A"), booked("2", "-5", "2026-03-11", "B"))
	added := only(t, b.readElsewhere(booked("x", "-5", "2026-03-10", "C")).Added)
	require.True(t, added.InDoubt())
	require.Len(t, b.live(), 3)
}

func TestReconcile_of_another_channel_is_in_doubt_where_a_day_has_more_here_than_there(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("1", "-5", "2026-03-10", "A"), booked("2", "-5", "2026-03-10", "B"))
	added := only(t, b.readElsewhere(booked("x", "-5", "2026-03-10", "C")).Added)
	require.True(t, added.InDoubt())
	require.Len(t, b.live(), 3)
}

func TestMigrate_joins_two_accounts(t *testing.T) {
	t.Parallel()
	old, arrived := newBook(), newBook()
	arrived.made = 100
	old.read(all, booked("1", "-5", "2026-01-10", "EARLY"), booked("2", "-9", "2026-03-01", "SHOP"), booked("3", "-3", "2026-03-02", "BAR"))
	arrived.read(all, booked("x", "-9.00", "2026-03-02", "Magasin"), booked("y", "-4", "2026-03-05", "NEW"), pending("z", "-1", "2026-03-11", "GONE"))
	arrived.read(all, booked("x", "-9.00", "2026-03-02", "Magasin"), booked("y", "-4", "2026-03-05", "NEW"))
	shop := arrived.rows["txn_0101"]
	if shop.RawLabel != "Magasin" {
		shop = arrived.rows["txn_0102"]
	}
	shop.Category = ledger.Category{ID: "leisure", Source: ledger.SourceUser}
	arrived.keep(shop)
	account := ledger.Account{ID: "acc_1", ConnectionID: "con_2"}
	changes := ledger.Migrate(old.all(), arrived.all(), ledger.Reading{
		Account: account, Now: noon, Describe: func(ledger.Row) ledger.Description { return ledger.Description{} },
	})
	require.Len(t, changes.Store(), 6, "every row moves")
	live := map[string]ledger.Transaction{}
	for _, row := range changes.Store() {
		require.Equal(t, account.ID, row.AccountID)
		require.Equal(t, account.ConnectionID, row.ConnectionID)
		if !row.Removed {
			live[row.Amount.Canonical()] = row
		}
	}
	require.Len(t, live, 4)
	require.Equal(t, ledger.SourceUser, live["-9"].Category.Source, "what a person set goes over")
	require.Contains(t, old.rows, live["-9"].ID, "the id that was known first stays")
	require.Equal(t, shop.ID, only(t, changes.Removed).ID)
	require.True(t, live["-9"].Linked(ledger.DuplicateOf, shop.ID))
}

// TestMigrate_loses_and_doubles_nothing: whatever two accounts hold, each
// movement that only one of them knows is there once afterwards, and what both
// know word for word is there once.
func TestMigrate_loses_and_doubles_nothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		old, arrived := newBook(), newBook()
		arrived.made = 1000
		var first, second []ledger.Row
		for i := range rapid.IntRange(0, 8).Draw(t, "rows") {
			row := booked(fmt.Sprint(i), fmt.Sprintf("-%d", i+1), dayOf(i), "SHOP")
			where := rapid.IntRange(1, 3).Draw(t, "where")
			if where&1 != 0 {
				first = append(first, row)
			}
			if where&2 != 0 {
				row.Label, row.BankID = "Magasin", fmt.Sprint("o", i)
				row.BookingDate = row.BookingDate.AddDays(rapid.IntRange(0, 3).Draw(t, "late"))
				second = append(second, row)
			}
		}
		old.read(all, first...)
		arrived.read(all, second...)
		changes := ledger.Migrate(old.all(), arrived.all(), ledger.Reading{
			Account: ledger.Account{ID: "acc_1"}, Now: noon, Describe: func(ledger.Row) ledger.Description { return ledger.Description{} },
		})
		amounts := map[string]int{}
		for _, row := range changes.Store() {
			if !row.Removed {
				amounts[row.Amount.Canonical()]++
			}
		}
		for _, row := range append(first, second...) {
			require.Equal(t, 1, amounts[row.Amount.Canonical()], "%s", row.Amount)
		}
	})
}

func TestMovable(t *testing.T) {
	t.Parallel()
	one := ledger.Account{ID: "acc_1", UserID: "usr_1", Currency: "EUR", Type: bank.Checkings, IBAN: "FR76 1"}
	for name, change := range map[string]func(*ledger.Account){
		"itself": func(a *ledger.Account) { a.ID = "acc_1" }, "another user": func(a *ledger.Account) { a.UserID = "usr_2" },
		"another currency": func(a *ledger.Account) { a.Currency = "USD" }, "another type": func(a *ledger.Account) { a.Type = bank.Loan },
		"another IBAN": func(a *ledger.Account) { a.IBAN = "FR77 1" },
	} {
		to := one
		to.ID = "acc_2"
		require.NoError(t, one.Movable(to))
		change(&to)
		require.Equal(t, fault.Invalid, fault.KindOf(one.Movable(to)), name)
	}
}

func TestMoved_keeps_who_it_is(t *testing.T) {
	t.Parallel()
	old := ledger.Account{ID: "acc_1", GivenName: "Household", FirstSeenAt: morning, ConnectionID: "con_1", BankID: "a", FedBy: "x"}
	moved := old.Moved(ledger.Account{ID: "acc_2", Name: "Current", ConnectionID: "con_2", BankID: "b", FedBy: "y", FirstSeenAt: noon, Balance: money.Must("5", "EUR")})
	require.Equal(t, ledger.Account{
		ID: "acc_1", GivenName: "Household", Name: "Current", FirstSeenAt: morning, ConnectionID: "con_2", BankID: "b", FedBy: "y",
		Balance: money.Must("5", "EUR"),
	}, moved)
}

func TestJoint_names_the_same_account_of_other_connections(t *testing.T) {
	t.Parallel()
	account := func(id, connection, iban string) ledger.Account {
		return ledger.Account{ID: ident.Account(id), UserID: "usr_1", ConnectionID: ident.Connection(connection), IBAN: iban, Currency: "EUR", Type: bank.Checkings}
	}
	accounts := []ledger.Account{account("a", "1", "FR76 1"), account("b", "2", "FR761"), account("c", "2", "FR762"), account("d", "1", "FR76 1"), account("e", "3", "")}
	usd := account("f", "3", "FR761")
	usd.Currency = "USD"
	changed := ledger.Joint(append(accounts, usd))
	require.Len(t, changed, 3)
	require.Equal(t, []ident.Account{"b"}, changed[0].SameAs)
	require.Equal(t, []ident.Account{"a", "d"}, changed[1].SameAs)
	require.Empty(t, ledger.Joint([]ledger.Account{account("e", "3", "")}))
}

func TestMatchAccounts_by_what_each_channel_calls_it(t *testing.T) {
	t.Parallel()
	known := []ledger.Account{{ID: "acc_1", Type: bank.Savings, Currency: "EUR", FedBy: "psd2", BankID: "7", KnownAs: map[string]string{"psd2": "7", "web": "L-42"}},
		{ID: "acc_2", Type: bank.Savings, Currency: "EUR", FedBy: "psd2", BankID: "L-42"}}
	report := ledger.Report{BankID: "L-42", Type: bank.Savings, Currency: "EUR"}
	require.Equal(t, []ledger.Match{{Account: "acc_1", By: ledger.ByBankID}}, ledger.MatchAccounts(known, "web", []ledger.Report{report}))
	require.Equal(t, []ledger.Match{{Account: "acc_2", By: ledger.ByBankID}}, ledger.MatchAccounts(known, "psd2", []ledger.Report{report}))
}

func TestMatchAccounts_eliminates_no_deleted_account(t *testing.T) {
	t.Parallel()
	known := []ledger.Account{{ID: "acc_1", Type: bank.Loan, Currency: "EUR", Deleted: true, FedBy: "web"}}
	require.Equal(t, []ledger.Match{{}}, ledger.MatchAccounts(known, "web", []ledger.Report{{BankID: "new", Type: bank.Loan, Currency: "EUR"}}))
}
