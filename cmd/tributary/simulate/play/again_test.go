package play

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// TestSameStatement_again is claim R11 on the real databases, through the worker
// and the store: one statement told twenty times in other orders, with a pending
// row that is booked meanwhile and two purchases that are alike, changes nothing
// after the first time, but for that row.
func TestSameStatement_again(t *testing.T) {
	t.Parallel()
	cluster, err := pgcluster.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Stop()) })
	database, err := cluster.Create(t.Context(), "")
	require.NoError(t, err)
	for name, config := range map[string]bunstore.Config{
		"SQLite":     {Path: filepath.Join(t.TempDir(), "again.db")},
		"PostgreSQL": {DSN: secret.New(cluster.DSN(database))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := &desk{}
			house, err := Open(t.Context(), Options{Store: config, Banks: desk, Real: time.Now, IDs: ident.Real(), Log: slog.New(slog.DiscardHandler)})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, house.Close()) })
			again(t, house, desk)
		})
	}
}

func again(t *testing.T, h *House, desk *desk) {
	t.Helper()
	h.now = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)
	application, err := client.New(ident.New[ident.Client](h.ids), "Again", "hash", h.now)
	require.NoError(t, err)
	require.NoError(t, h.Store.Update(t.Context(), store.Fence{}, func(tx store.Tx) error { return tx.Clients().Put(t.Context(), application) }))
	asker := usecase.Principal{Client: application.ID, Rights: []client.Right{client.DirectCredentials}, PSU: someone}
	owner, err := h.users.Create(t.Context(), asker, user.Identity{ExternalID: "again"})
	require.NoError(t, err)
	asker.User = owner.ID
	h.worker.Catalogue, h.worker.Gateway, h.links.Catalogue = desk, desk, desk
	made, err := h.links.Create(t.Context(), asker, usecase.NewConnection{ProviderID: "desk", Channels: []usecase.NewChannel{{DefinitionID: "desk"}}})
	require.NoError(t, err)
	require.NoError(t, h.worker.Handle(t.Context(), string(made.LastSynchronizationID)))
	first, told := look(t, h, asker)
	require.Len(t, first, 7)

	for time := range 20 {
		desk.times = time + 1
		run, err := h.runs.Start(t.Context(), asker, string(made.ID), synchronization.All)
		require.NoError(t, err)
		require.NoError(t, h.worker.Handle(t.Context(), string(run.ID)))
		run, err = h.runs.Get(t.Context(), asker, string(run.ID))
		require.NoError(t, err)
		require.Equal(t, synchronization.Success, run.Status)
		rows, now := look(t, h, asker)
		require.ElementsMatch(t, ids(first), ids(rows))
		if desk.times == booked { // the one row that changes, once
			require.Equal(t, told[event.TransactionsModified]+1, now[event.TransactionsModified])
			told[event.TransactionsModified]++
			first = rows
		}
		require.Equal(t, told, now, "nothing else is told")
		require.Equal(t, first, rows)
	}
}

func ids(rows []ledger.Transaction) (all []ident.Transaction) {
	for _, row := range rows {
		all = append(all, row.ID)
	}
	return all
}

// look gives all rows, and how often each change of the ledger was told.
func look(t *testing.T, h *House, p usecase.Principal) (rows []ledger.Transaction, told map[event.Name]int) {
	t.Helper()
	told = map[event.Name]int{}
	require.NoError(t, h.Store.View(t.Context(), func(tx store.Tx) error {
		slice, err := tx.Transactions().List(t.Context(), p.Owner(), store.TransactionFilter{}, store.Page{Limit: 500})
		if err != nil {
			return err
		}
		rows = slice.Items
		events, err := tx.Events().After(t.Context(), p.Client, 0, store.EventFilter{}, 500)
		for _, e := range events {
			switch e.Name {
			case event.TransactionsAdded, event.TransactionsModified, event.TransactionsRemoved, event.AccountsAdded, event.AccountsUpdated, event.AccountsClosed:
				told[e.Name]++
			}
		}
		return err
	}))
	return rows, told
}

// booked is the telling from which on the pending row is booked.
const booked = 10

// desk is a bank that tells one statement, each time in another order.
type desk struct{ times int }

func (d *desk) Providers(context.Context) ([]provider.Provider, error) {
	return []provider.Provider{{ID: "desk", Name: "Desk", Channels: []provider.Channel{{ID: "desk", Type: bank.Embedded, Plugin: "desk"}}}}, nil
}

func (d *desk) Provider(ctx context.Context, _ string) (provider.Provider, error) {
	all, err := d.Providers(ctx)
	return all[0], err
}

func (d *desk) Begin(context.Context, port.Begin) (port.Step, error) {
	return port.Step{Ready: &port.Ready{State: port.State{Version: 1, Data: secret.FromBytes([]byte("open"))}}}, nil
}

func (d *desk) Continue(context.Context, port.Continue) (port.Step, error) {
	return port.Step{}, &port.Failure{Code: port.NotSupported}
}

func (d *desk) Refresh(context.Context, port.Refresh) (port.Ready, error) {
	return port.Ready{}, &port.Failure{Code: port.NotSupported}
}

func (d *desk) End(context.Context, port.End) error { return nil }

func (d *desk) Fetch(_ context.Context, req port.Fetch, sink port.Sink) error {
	var rows []ledger.Row
	for i, label := range []string{"CB BOULANGERIE", "CB BOULANGERIE", "VIR LOYER", "CB GARE", "VIR SALAIRE", "CB OLD"} {
		day := bank.Day("2026-03-02")
		if label == "CB OLD" {
			day = "2025-06-02"
		}
		row := ledger.Row{BankID: fmt.Sprint("id ", i/2), Amount: money.Must("-12.30", "EUR"), Status: ledger.Booked, BookingDate: day, Label: label}
		if day >= req.Window.Default && day <= req.Window.To {
			rows = append(rows, row)
		}
	}
	pending := ledger.Row{Amount: money.Must("-40", "EUR"), Status: ledger.Pending, TransactionDate: "2026-03-10", Label: "CB STATION"}
	if d.times >= booked {
		pending.Status, pending.BookingDate = ledger.Booked, "2026-03-11"
	}
	if req.Window.To > "2026-03-10" {
		rows = append(rows, pending)
	}
	rand.New(rand.NewPCG(uint64(d.times), 7)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] }) //nolint:gosec,forbidigo // an order
	return errors.Join(
		sink.Account("a", ledger.Report{BankID: "a", StableID: true, Type: bank.Checkings, Status: ledger.Active, IBAN: "FR7630006000011234567890189", Currency: "EUR"}),
		sink.Balances("a", []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("100", "EUR")}}),
		sink.Rows("a", rows), sink.Done("a", req.Window.Default, req.Window.To),
	)
}
