package scheduling_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/keeping"
	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/app/scheduling"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// world is users at banks, a scheduler and a worker. Its users see a clock that
// the test sets as it likes; leases are on another one, which only goes on.
type world struct {
	*usecasetest.World
	t         require.TestingT
	ctx       context.Context
	offset    time.Duration
	banks     banks
	planner   planning.Planner
	scheduler *scheduling.Scheduler
	worker    *synchronizing.Worker
	links     connecting.Service
	runs      synchronizing.Service
	accounts  keeping.Service
	ana       usecase.Principal
}

const (
	oak, elm = "oak", "elm"
	web, api = "-embedded", "-redirect"
)

func newWorld(t *testing.T) *world {
	w := &world{World: usecasetest.New(t), t: t, ctx: t.Context(), banks: banks{does: map[string]string{}, left: map[string]int{}}}
	w.banks.Catalogue = w.Banks
	w.serve(oak, elm)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.planner = planning.Planner{Catalogue: w.Banks, Rand: rand.Reader}
	w.runs = synchronizing.Service{Store: w.Store, Now: w.now, Real: w.Now, IDs: w.IDs, Planner: w.planner}
	w.links = connecting.Service{Store: w.Store, Catalogue: w.Banks, Box: w.Box, Now: w.now, IDs: w.IDs, Runs: w.runs}
	w.accounts = keeping.Service{Store: w.Store, Now: w.now, IDs: w.IDs, Planner: w.planner}
	w.worker = &synchronizing.Worker{
		Store: w.Store, Catalogue: w.Banks, Gateway: &w.banks, Box: w.Box, IDs: w.IDs, Rand: rand.Reader, Now: w.now, Real: w.Now,
		Log: log, Owner: "here", ReturnURL: "https://here.example/connect/return", Limits: synchronizing.Limits{}.Defaults(),
		Planner: w.planner, Watch: scheduling.Watch{Store: w.Store, Now: w.now, Jitter: w.planner.Jitter, Log: log},
	}
	w.scheduler = w.another()
	w.ana = w.For(w.Ana)
	w.ana.PSU = &synchronization.PSU{IP: "192.0.2.1"}
	return w
}

// another is a scheduler as another process has it.
func (w *world) another() *scheduling.Scheduler {
	return &scheduling.Scheduler{
		Store: w.Store, Runs: w.runs, Planner: w.planner, Now: w.now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Limits: scheduling.Limits{}.Defaults(),
	}
}

func (w *world) now() time.Time { return w.Now().Add(w.offset) }

// serve makes the catalogue, of banks with two channels each.
func (w *world) serve(ids ...string) {
	var all []provider.Provider
	for _, id := range ids {
		all = append(all, provider.Provider{ID: id, Name: id, Country: "FR", Channels: []provider.Channel{
			{ID: id + web, Type: bank.Embedded, Plugin: id, Health: provider.Up, CredentialFields: []form.Field{{Name: "login", Type: form.Text, Required: true}}},
			{ID: id + api, Type: bank.Redirect, Plugin: id, Health: provider.Up},
		}})
	}
	w.Banks.Set(all...)
}

func (w *world) connect(bank string, channels ...string) ident.Connection {
	order := usecase.NewConnection{ProviderID: bank, AutoSync: true}
	for _, channel := range channels {
		credentials := secret.Values{}
		if channel == web {
			credentials["login"] = secret.New("ana")
		}
		order.Channels = append(order.Channels, usecase.NewChannel{DefinitionID: bank + channel, Credentials: credentials})
	}
	made, err := w.links.Create(w.ctx, w.ana, order)
	require.NoError(w.t, err)
	w.work()
	return made.ID
}

// work works on all runs that are due, until none is.
func (w *world) work() {
	for {
		var due []ident.Synchronization
		w.View(func(ctx context.Context, tx store.Tx) (err error) {
			if due, err = tx.Runs().Due(ctx, w.Now(), 1000); err != nil {
				return err
			}
			rested, err := tx.Runs().Rested(ctx, w.now(), 1000)
			due = append(due, rested...)
			return err
		})
		if len(due) == 0 {
			return
		}
		for _, id := range due {
			require.NoError(w.t, w.worker.Handle(w.ctx, string(id)))
		}
	}
}

// look has the scheduler look once, and says what it queued.
func (w *world) look() int {
	queued, err := w.scheduler.Look(w.ctx)
	require.NoError(w.t, err)
	return queued
}

// live lets time pass in steps, with everything that happens by itself.
func (w *world) live(during, step time.Duration) {
	for end := w.now().Add(during); w.now().Before(end); {
		w.Pass(step)
		w.look()
		w.work()
	}
}

func (w *world) connection(id ident.Connection) *connection.Connection {
	c, err := w.links.Get(w.ctx, w.ana, string(id))
	require.NoError(w.t, err)
	return c
}

// everything lists Ana's connections.
func (w *world) everything() []*connection.Connection {
	slice, err := w.links.List(w.ctx, w.ana, store.ConnectionFilter{}, store.Page{Limit: 500})
	require.NoError(w.t, err)
	return slice.Items
}

func (w *world) active(id ident.Connection) *synchronization.Synchronization {
	var run *synchronization.Synchronization
	w.View(func(ctx context.Context, tx store.Tx) (err error) {
		run, err = tx.Runs().Active(ctx, id)
		if fault.IsNotFound(err) {
			return nil
		}
		return err
	})
	return run
}

// What a bank does at a channel, besides failing with a code.
const (
	reads, shows, halves, asks = "", "SHOWS_NOTHING", "READS_A_PART", "ASKS"
	// halfThere lets in and then is not there.
	halfThere = "HALF_THERE"
)

// banks answer as the test says, by channel, and count who came.
type banks struct {
	port.Catalogue
	does    map[string]string
	retryAt time.Time
	// begun are all log-ins; left counts those without a user, by channel.
	begun []port.Begin
	left  map[string]int
	// look, if any, is asked about each log-in.
	look func(port.Begin)
}

func (b *banks) Begin(_ context.Context, req port.Begin) (port.Step, error) {
	b.begun = append(b.begun, req)
	if req.PSU == nil {
		b.left[req.Session.ChannelID]++
	}
	if b.look != nil {
		b.look(req)
	}
	switch does := b.does[req.Session.ChannelID]; does {
	case reads, shows, halves, halfThere:
		return entered(), nil
	case asks:
		return port.Step{Challenge: &port.Challenge{Asked: connection.Challenge{
			Ref: "1", Type: connection.Form, Fields: []form.Field{{Name: "code", Type: form.Text, Required: true}},
		}, State: port.State{Version: 1, Data: secret.FromBytes([]byte("asked"))}}}, nil
	default:
		return port.Step{}, b.failure(does)
	}
}

func (b *banks) failure(code string) *port.Failure {
	whose := port.Bank
	if code == string(port.AuthFailed) {
		whose = port.User
	}
	return &port.Failure{Code: port.Code(code), Whose: whose, RetryAt: b.retryAt}
}

func entered() port.Step {
	return port.Step{Ready: &port.Ready{State: port.State{Version: 1, Data: secret.FromBytes([]byte("in"))}}}
}

func (b *banks) Continue(context.Context, port.Continue) (port.Step, error) { return entered(), nil }

func (b *banks) Refresh(context.Context, port.Refresh) (port.Ready, error) {
	return port.Ready{}, &port.Failure{Code: port.NotSupported}
}

func (b *banks) End(context.Context, port.End) error { return nil }

func (b *banks) Fetch(_ context.Context, req port.Fetch, sink port.Sink) error {
	channel := req.Session.ChannelID
	switch b.does[channel] {
	case shows:
		return nil
	case halfThere:
		return b.failure(string(port.ProviderUnavailable))
	}
	err := errors.Join(
		sink.Account("a", ledger.Report{BankID: channel, StableID: true, Type: bank.Checkings, Status: ledger.Active, Name: channel, Currency: "EUR"}),
		sink.Balances("a", []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("100.00", "EUR")}}),
	)
	if b.does[channel] == halves {
		return errors.Join(err, sink.Failed("a", port.ScopeTransactions, b.failure(string(port.Technical))))
	}
	return errors.Join(err, sink.Done("a", req.Window.Default, req.Window.To))
}
