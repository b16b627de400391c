package ledger_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

func account(id ident.Account, change func(*ledger.Account)) ledger.Account {
	a := ledger.Account{ID: id, Type: bank.Checkings, Currency: "EUR", Status: ledger.Active, FedBy: "web"}
	change(&a)
	return a
}

func report(change func(*ledger.Report)) ledger.Report {
	r := ledger.Report{Type: bank.Checkings, Currency: "EUR"}
	change(&r)
	return r
}

// A bank that numbers accounts by their place in its list gives every id away once
// one account is gone and another is opened: found by playing whole lives.
func TestMatchAccounts_believes_a_number_before_an_id_that_may_change(t *testing.T) {
	t.Parallel()
	known := []ledger.Account{
		account("main", func(a *ledger.Account) { a.BankID, a.IBAN = "1", "FR761" }),
		account("gone", func(a *ledger.Account) { a.BankID, a.IBAN = "2", "FR762" }),
		account("savings", func(a *ledger.Account) { a.BankID, a.Type, a.Number = "3", bank.Savings, "XXXX 3922" }),
	}
	reports := []ledger.Report{
		report(func(r *ledger.Report) { r.BankID, r.IBAN = "1", "FR761" }),
		report(func(r *ledger.Report) { r.BankID, r.Type, r.Number = "2", bank.Savings, "XXXX 3922" }),
		report(func(r *ledger.Report) { r.BankID, r.IBAN = "3", "FR763" }),
	}
	require.Equal(t, []ledger.Match{{Account: "main", By: ledger.ByIBAN}, {Account: "savings", By: ledger.ByNumber}, {}}, ledger.MatchAccounts(known, "web", reports))
}

func TestMatchAccounts_climbs_down_the_ladder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		known  func(*ledger.Account)
		report func(*ledger.Report)
		by     ledger.Rung
	}{
		"a_stable_id_outlives_an_iban": {
			func(a *ledger.Account) { a.BankID, a.StableID, a.IBAN = "s", true, "FR76 1" },
			func(r *ledger.Report) { r.BankID, r.StableID, r.IBAN = "s", true, "FR76 2" }, ledger.ByStableID,
		},
		"an_iban_outlives_an_id": {
			func(a *ledger.Account) { a.BankID, a.IBAN = "1", "FR76 3000 1234" },
			func(r *ledger.Report) { r.BankID, r.IBAN = "9", "fr7630001234" }, ledger.ByIBAN,
		},
		"an_iban_is_told_apart_by_currency": {
			func(a *ledger.Account) { a.IBAN, a.Currency = "FR761", "USD" }, func(r *ledger.Report) { r.IBAN = "FR761" }, ledger.Unmatched,
		},
		"a_card_has_the_iban_of_its_account": {
			func(a *ledger.Account) { a.IBAN = "FR761" }, func(r *ledger.Report) { r.IBAN, r.Type = "FR761", bank.CreditCard }, ledger.Unmatched,
		},
		"savings_may_be_called_checkings": {
			func(a *ledger.Account) { a.IBAN = "FR761" }, func(r *ledger.Report) { r.IBAN, r.Type = "FR761", bank.Savings }, ledger.ByIBAN,
		},
		"a_bank_id": {
			func(a *ledger.Account) { a.BankID = "1" }, func(r *ledger.Report) { r.BankID = "1" }, ledger.ByBankID,
		},
		"a_bank_id_is_contradicted_by_an_iban": {
			func(a *ledger.Account) { a.BankID, a.IBAN = "1", "FR761" }, func(r *ledger.Report) { r.BankID, r.IBAN = "1", "FR762" }, ledger.Unmatched,
		},
		"a_bank_id_of_another_channel_means_nothing": {
			func(a *ledger.Account) { a.BankID, a.FedBy = "1", "psd2" }, func(r *ledger.Report) { r.BankID = "1" }, ledger.Unmatched,
		},
		"a_masked_number": {
			func(a *ledger.Account) { a.Number, a.FedBy = "FR00 1234 5678", "psd2" }, func(r *ledger.Report) { r.Number = "XXXX5678" }, ledger.ByNumber,
		},
		"a_number_too_short_to_tell": {
			func(a *ledger.Account) { a.Number, a.FedBy = "12345678", "psd2" }, func(r *ledger.Report) { r.Number = "**678" }, ledger.Unmatched,
		},
		"the_last_one_left": {
			func(*ledger.Account) {}, func(r *ledger.Report) { r.Name = "Renamed" }, ledger.ByElimination,
		},
		"the_last_one_left_has_another_number": {
			func(a *ledger.Account) { a.Number = "****1111" }, func(r *ledger.Report) { r.Number = "****2222" }, ledger.Unmatched,
		},
		"the_last_one_left_is_closed": {
			func(a *ledger.Account) { a.Status = ledger.Closed }, func(*ledger.Report) {}, ledger.Unmatched,
		},
		"the_last_one_left_is_another_kind": {
			func(*ledger.Account) {}, func(r *ledger.Report) { r.Type = bank.Savings }, ledger.Unmatched,
		},
		"the_last_one_left_has_another_stable_id": {
			func(a *ledger.Account) { a.BankID, a.StableID = "s", true }, func(r *ledger.Report) { r.BankID, r.StableID = "z", true }, ledger.Unmatched,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			matches := ledger.MatchAccounts([]ledger.Account{account("acc_1", c.known)}, "web", []ledger.Report{report(c.report)})
			want := ledger.Match{Account: "acc_1", By: c.by}
			if c.by == ledger.Unmatched {
				want.Account = ""
			}
			require.Equal(t, []ledger.Match{want}, matches)
		})
	}
}

func TestMatchAccounts_never_goes_by_position(t *testing.T) {
	t.Parallel()
	plain := func(*ledger.Account) {}
	blank := report(func(*ledger.Report) {})
	known := []ledger.Account{account("acc_1", plain), account("acc_2", plain)}
	require.Equal(t, []ledger.Match{{}, {}}, ledger.MatchAccounts(known, "web", []ledger.Report{blank, blank}))
	require.Equal(t, []ledger.Match{{}}, ledger.MatchAccounts(known, "web", []ledger.Report{blank}))
	require.Equal(t, []ledger.Match{{}, {}}, ledger.MatchAccounts(known[:1], "web", []ledger.Report{blank, blank}))
}

func TestMatchAccounts_eliminates_after_better_evidence(t *testing.T) {
	t.Parallel()
	known := []ledger.Account{
		account("acc_1", func(a *ledger.Account) { a.IBAN = "FR761" }),
		account("acc_2", func(a *ledger.Account) { a.BankID = "old" }),
	}
	reports := []ledger.Report{
		report(func(r *ledger.Report) { r.BankID = "new" }),
		report(func(r *ledger.Report) { r.IBAN, r.BankID = "FR761", "other" }),
	}
	require.Equal(t, []ledger.Match{{Account: "acc_2", By: ledger.ByElimination}, {Account: "acc_1", By: ledger.ByIBAN}},
		ledger.MatchAccounts(known, "web", reports))
}

func TestMatchAccounts_of_a_second_channel_finds_the_same_account(t *testing.T) {
	t.Parallel()
	known := []ledger.Account{account("acc_1", func(a *ledger.Account) { a.IBAN, a.BankID, a.FedBy = "FR761", "uuid", "psd2" })}
	reports := []ledger.Report{
		report(func(r *ledger.Report) { r.IBAN, r.BankID = "FR76 1", "0" }),
		report(func(r *ledger.Report) { r.BankID = "1" }),
	}
	require.Equal(t, []ledger.Match{{Account: "acc_1", By: ledger.ByIBAN}, {}}, ledger.MatchAccounts(known, "web", reports))
}

func TestMatchAccounts_holds_in_any_order(t *testing.T) {
	t.Parallel()
	word := func(words ...string) *rapid.Generator[string] { return rapid.SampledFrom(words) }
	kind := rapid.SampledFrom(bank.AccountTypes())
	anyAccount := rapid.Custom(func(t *rapid.T) ledger.Account {
		return ledger.Account{
			Type: kind.Draw(t, "type"), Currency: word("EUR", "USD").Draw(t, "currency"), IBAN: word("", "FR761", "FR762").Draw(t, "iban"),
			Number: word("", "****1111", "22221111", "3333").Draw(t, "number"), BankID: word("", "1", "2").Draw(t, "id"),
			StableID: rapid.Bool().Draw(t, "stable"), FedBy: word("", "web", "psd2").Draw(t, "fed"), Status: ledger.Active,
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		known := rapid.SliceOfN(anyAccount, 0, 4).Draw(t, "known")
		for i := range known {
			known[i].ID = ident.Account(rune('a' + i))
		}
		var reports []ledger.Report
		for i, a := range rapid.SliceOfN(anyAccount, 0, 4).Draw(t, "reports") {
			reports = append(reports, ledger.Report{
				Name: string(rune('a' + i)), Type: a.Type, Currency: a.Currency, IBAN: a.IBAN, Number: a.Number, BankID: a.BankID, StableID: a.StableID,
			})
		}
		matches := named(reports, ledger.MatchAccounts(known, "web", reports))
		seen := map[ident.Account]bool{}
		for _, m := range matches {
			require.False(t, m.Account != "" && seen[m.Account], "one account twice")
			seen[m.Account] = true
		}
		known = rapid.Permutation(known).Draw(t, "known again")
		reports = rapid.Permutation(slices.Clone(reports)).Draw(t, "reports again")
		require.Equal(t, matches, named(reports, ledger.MatchAccounts(known, "web", reports)))
	})
}

func named(reports []ledger.Report, matches []ledger.Match) map[string]ledger.Match {
	byName := map[string]ledger.Match{}
	for i, r := range reports {
		byName[r.Name] = matches[i]
	}
	return byName
}

func TestMatchSome_waits_with_what_another_may_be(t *testing.T) {
	t.Parallel()
	named := account("acc_1", func(a *ledger.Account) { a.BankID, a.Number = "1", "****1111" })
	blank := account("acc_2", func(a *ledger.Account) { a.BankID = "2" })
	again := func(change func(*ledger.Report)) ledger.Match {
		return ledger.MatchSome([]ledger.Account{named, blank}, "web", []ledger.Report{report(change)})[0]
	}
	require.Equal(t, ledger.Match{Account: "acc_2", By: ledger.ByBankID}, again(func(r *ledger.Report) { r.BankID = "2" }))
	require.Equal(t, ledger.Match{Account: "acc_1", By: ledger.ByNumber}, again(func(r *ledger.Report) { r.BankID, r.Number = "8", "****1111" }))
	require.Equal(t, ledger.Match{By: ledger.Awaited}, again(func(r *ledger.Report) { r.BankID = "9" }), "it may be either")
	require.Equal(t, ledger.Match{By: ledger.Awaited}, again(func(r *ledger.Report) { r.Number = "****3333" }), "it may be the second")
	require.Equal(t, ledger.Match{}, again(func(r *ledger.Report) { r.Type = bank.Savings }), "it can be none")
}

func TestMatchAccounts_counts_a_number_with_its_currency(t *testing.T) {
	t.Parallel()
	euros := account("acc_1", func(a *ledger.Account) { a.Number = "****5678" })
	dollars := account("acc_2", func(a *ledger.Account) { a.Number, a.Currency = "****5678", "USD" })
	again := report(func(r *ledger.Report) { r.Number, r.Currency = "****5678", "USD" })
	require.Equal(t, []ledger.Match{{Account: "acc_2", By: ledger.ByNumber}}, ledger.MatchAccounts([]ledger.Account{euros, dollars}, "web", []ledger.Report{again}))
}
