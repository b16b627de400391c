package providertest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

func read(t *testing.T, b Backend, login string) *Recorder {
	t.Helper()
	seen := &Recorder{}
	require.NoError(t, b.Fetch(soon(t), provider.Fetch{
		Session: session(login), PSU: present, Mode: synchronization.All, State: ready(t, b, login).State,
		Window: provider.Window{Default: "2026-01-01", To: "2026-01-31"},
	}, seen))
	return seen
}

func fetchOrder(t *testing.T, b Backend) {
	seen := read(t, b, "plain")
	require.Empty(t, seen.Disorder)
	require.Len(t, seen.Accounts, 2)
	first, second := seen.Accounts[0], seen.Accounts[1]
	require.Equal(t, "a1", first.Ref)
	require.Equal(t, bank.Checkings, first.Report.Type)
	require.Equal(t, ledger.Active, first.Report.Status)
	require.Equal(t, ledger.Closed, second.Report.Status)
	require.Equal(t, "500.00 EUR", first.Report.CreditLimit.String())
	require.Equal(t, "-12.30 EUR", first.Balances[0].Amount.String())
	require.Len(t, first.Rows, 3)
	row := first.Rows[0]
	require.Equal(t, "-7.70 EUR", row.Amount.String())
	require.Equal(t, ledger.Booked, row.Status)
	require.Equal(t, bank.Day("2026-01-09"), row.BookingDate)
	require.Equal(t, "Café", row.Label)
	require.Equal(t, bank.Day("2026-01-01"), first.From)
	require.Equal(t, bank.Day("2026-01-31"), first.To)
	require.True(t, first.Finished)
	require.Equal(t, []provider.Usage{{Account: "a1", Scope: provider.ScopeTransactions, Count: 1}}, seen.Usages)
	require.Equal(t, []synchronization.Stage{synchronization.StageAccounts, synchronization.StageFull}, seen.Stages)
}

func partial(t *testing.T, b Backend) {
	seen := read(t, b, "partial")
	require.True(t, seen.Accounts[0].Finished)
	require.False(t, seen.Accounts[1].Finished)
	require.NotNil(t, seen.Accounts[1].Failure)
	require.Equal(t, provider.ProviderUnavailable, seen.Accounts[1].Failure.Code)
	require.Equal(t, provider.Bank, seen.Accounts[1].Failure.Whose)
}

var errFull = errors.New("full")

func sinkError(t *testing.T, b Backend) {
	seen := &Recorder{Refuse: errFull}
	err := b.Fetch(soon(t), provider.Fetch{Session: session("plain"), State: ready(t, b, "plain").State, Mode: synchronization.All}, seen)
	require.ErrorIs(t, err, errFull)
	require.Equal(t, 1, seen.Calls, "nothing comes after an error")
}

func slowFetch(t *testing.T, b Backend) {
	state := ready(t, b, "slow").State
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	began := time.Now()
	seen := &Recorder{}
	err := b.Fetch(ctx, provider.Fetch{Session: session("slow"), State: state, Mode: synchronization.All}, seen)
	require.Error(t, err)
	if !errors.Is(err, context.DeadlineExceeded) {
		requireFailure(t, err, provider.Technical)
	}
	require.Less(t, time.Since(began), 10*time.Second)
	require.Len(t, seen.Accounts, 1, "what came before the deadline was told")
}
