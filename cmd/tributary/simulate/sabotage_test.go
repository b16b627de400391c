package main

import (
	"context"
	"crypto/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/judge"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/play"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

// sabotaged is a life whose ledger is spoilt from a visit on: a judge that did
// not see it would judge nothing.
type sabotaged struct {
	living
	visit int
	seen  func(*play.Seen)
	rows  func([]ledger.Transaction) []ledger.Transaction
}

const spoilt = 30

func (s *sabotaged) Visit(ctx context.Context, number int) (play.Seen, error) {
	seen, err := s.living.Visit(ctx, number)
	if s.visit = number; number >= spoilt && s.seen != nil {
		s.seen(&seen)
	}
	return seen, err
}

func (s *sabotaged) Rows(ctx context.Context, account ident.Account, from bank.Day) ([]ledger.Transaction, error) {
	rows, err := s.living.Rows(ctx, account, from)
	if s.visit >= spoilt && s.rows != nil {
		rows = s.rows(rows)
	}
	return rows, err
}

// unlike finds a booked row of the last days that no other is like.
func unlike(rows []ledger.Transaction) int {
	return lastIndex(rows, func(r ledger.Transaction) bool {
		like := 0
		for _, other := range rows {
			if other.Amount.Equal(r.Amount) {
				like++
			}
		}
		return like == 1 && !r.Removed && r.Status == ledger.Booked
	})
}

func lastIndex(rows []ledger.Transaction, fits func(ledger.Transaction) bool) int {
	for i := len(rows) - 1; i >= 0; i-- {
		if fits(rows[i]) {
			return i
		}
	}
	return -1
}

func TestJudge_sees_what_is_wrong(t *testing.T) {
	t.Parallel()
	var stolen ident.Transaction
	for name, c := range map[string]struct {
		kind judge.Kind
		by   sabotaged
	}{
		"a_row_is_lost": {judge.Missing, sabotaged{rows: func(rows []ledger.Transaction) []ledger.Transaction {
			i := unlike(rows)
			return slices.Delete(rows, i, i+1)
		}}},
		"a_row_is_there_twice": {judge.Doubled, sabotaged{rows: func(rows []ledger.Transaction) []ledger.Transaction {
			again := rows[unlike(rows)]
			again.ID += "x"
			return append(rows, again)
		}}},
		"an_amount_is_wrong": {judge.Missing, sabotaged{rows: func(rows []ledger.Transaction) []ledger.Transaction {
			rows[unlike(rows)].Amount = money.Must("-1234567.00", "EUR")
			return rows
		}}},
		"a_day_is_wrong": {judge.Missing, sabotaged{rows: func(rows []ledger.Transaction) []ledger.Transaction {
			row := &rows[unlike(rows)]
			row.BookingDate, row.ValueDate = row.BookingDate.AddDays(1), row.ValueDate.AddDays(1)
			return rows
		}}},
		"an_id_changes": {judge.Torn, sabotaged{rows: func(rows []ledger.Transaction) []ledger.Transaction {
			rows[slices.IndexFunc(rows, func(r ledger.Transaction) bool { return r.ID == rows[unlike(rows)].ID })].ID += "x"
			return rows
		}}},
		"an_id_goes_to_another": {judge.Merged, sabotaged{rows: func(rows []ledger.Transaction) []ledger.Transaction {
			i := unlike(rows)
			rows[i].ID, rows[0].ID = rows[0].ID, rows[i].ID
			return rows
		}}},
		"what_was_removed_returns": {judge.Doubled, sabotaged{rows: func(rows []ledger.Transaction) []ledger.Transaction {
			if i := lastIndex(rows, func(r ledger.Transaction) bool { return r.Removed && (stolen == "" || r.ID == stolen) }); i >= 0 {
				stolen, rows[i].Removed = rows[i].ID, false
			}
			return rows
		}}},
		"a_balance_is_wrong": {judge.Unbalanced, sabotaged{seen: func(seen *play.Seen) {
			for i := range seen.Accounts {
				seen.Accounts[i].Balance = money.Must("1.00", "EUR")
			}
		}}},
		"a_gap_is_told": {judge.Unbalanced, sabotaged{seen: func(seen *play.Seen) {
			for i := range seen.Run.Accounts {
				seen.Run.Accounts[i].Integrity = string(ledger.Gap)
			}
		}}},
		"an_account_is_another": {judge.Doubled, sabotaged{seen: func(seen *play.Seen) {
			seen.Accounts[0].ID += "x"
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := life.New(42, life.Size{Accounts: 1, Days: 60})
			c.by.living = play.NewBare(l, ident.Source{Rand: rand.Reader})
			verdict, err := live(t.Context(), &c.by, l, nil)
			require.NoError(t, err)
			require.NotEmpty(t, verdict.Findings)
			var kinds []judge.Kind
			for _, f := range verdict.Findings {
				kinds = append(kinds, f.Kind)
			}
			require.Contains(t, kinds, c.kind, "%v", verdict.Findings)
		})
	}
	l := life.New(42, life.Size{Accounts: 1, Days: 60})
	verdict, err := live(t.Context(), play.NewBare(l, ident.Source{Rand: rand.Reader}), l, nil)
	require.NoError(t, err)
	require.Empty(t, verdict.Findings, "and the same life unspoilt is right")
}
