package consenting_test

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
	"github.com/tributary-dev/tributary/core/app/consenting"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/sealer/sealertest"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const (
	day     = 24 * time.Hour
	channel = "acme-redirect"
)

// world is a user at a bank that gives a new consent to who comes without
// tokens, and a clock that the test moves.
type world struct {
	t       testing.TB
	ctx     context.Context
	store   *storetest.Fake
	ids     ident.Source
	bank    *bankFake
	box     *sealertest.Fake
	elapsed time.Duration
	asker   usecase.Principal
	owner   *user.User
	runs    synchronizing.Service
	links   connecting.Service
	service consenting.Service
	sweeper consenting.Sweeper
	worker  *synchronizing.Worker
}

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func (w *world) now() time.Time { return epoch.Add(w.elapsed) }

func newWorld(t testing.TB) *world {
	w := &world{t: t, ctx: t.Context(), box: sealertest.NewFake()}
	w.bank = &bankFake{now: w.now}
	w.ids = ident.Source{Now: w.now, Rand: rand.Reader}
	w.store = storetest.NewFake(storetest.Options{Now: w.now, IDs: w.ids})
	w.restart()
	application, err := client.New(ident.New[ident.Client](w.ids), "Acme", "hash", w.now())
	require.NoError(t, err)
	id := ident.New[ident.User](w.ids)
	key, err := w.box.NewKey(application.ID, id)
	require.NoError(t, err)
	w.owner = user.New(id, application.ID, user.Identity{ExternalID: "42"}, "", key, w.now())
	require.NoError(t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
		return errors.Join(tx.Clients().Put(w.ctx, application), tx.Users().Put(w.ctx, w.owner))
	}))
	w.asker = usecase.Principal{Client: application.ID, User: id, Rights: []client.Right{client.DirectCredentials}, PSU: &synchronization.PSU{IP: "192.0.2.1"}, Locale: "fr"}
	return w
}

// restart makes everything anew but the store and the bank.
func (w *world) restart() {
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.runs = synchronizing.Service{Store: w.store, Now: w.now, IDs: w.ids}
	w.links = connecting.Service{Store: w.store, Catalogue: w.bank, Box: w.box, Now: w.now, IDs: w.ids, Runs: w.runs}
	w.service = consenting.Service{Store: w.store, Now: w.now, Runs: w.runs}
	w.sweeper = consenting.Sweeper{Store: w.store, Now: w.now, Real: w.now, Log: quiet}
	w.worker = &synchronizing.Worker{
		Store: w.store, Catalogue: w.bank, Gateway: w.bank, Box: w.box, IDs: w.ids, Rand: rand.Reader, Now: w.now, Real: w.now,
		Log: quiet, Owner: "here", ReturnURL: "https://here.example/connect/return", Limits: synchronizing.Limits{}.Defaults(),
	}
}

// connect makes a connection that has been read.
func (w *world) connect() *connection.Connection {
	made, err := w.links.Create(w.ctx, w.asker, usecase.NewConnection{ProviderID: "acme", TermsVersion: "2026-03", Channels: []usecase.NewChannel{{DefinitionID: channel}}})
	require.NoError(w.t, err)
	w.work(made.LastSynchronizationID)
	return w.connection(made.ID)
}

func (w *world) work(id ident.Synchronization) {
	require.NoError(w.t, w.worker.Handle(w.ctx, string(id)))
}

func (w *world) connection(id ident.Connection) *connection.Connection {
	c, err := w.links.Get(w.ctx, w.asker, string(id))
	require.NoError(w.t, err)
	return c
}

// read synchronizes, with the user or without.
func (w *world) read(c *connection.Connection, attended bool) *synchronization.Synchronization {
	p := w.asker
	if !attended {
		p.PSU = nil
	}
	run, err := w.runs.Start(w.ctx, p, string(c.ID), synchronization.All)
	require.NoError(w.t, err)
	return w.played(run)
}

func (w *world) played(run *synchronization.Synchronization) *synchronization.Synchronization {
	w.work(run.ID)
	over, err := w.runs.Get(w.ctx, w.asker, string(run.ID))
	require.NoError(w.t, err)
	return over
}

func (w *world) consent(c *connection.Connection) usecase.Consent {
	found, err := w.service.Get(w.ctx, w.asker, string(w.connection(c.ID).Channels[0].ConsentID))
	require.NoError(w.t, err)
	return found
}

func (w *world) consents() []*consent.Consent {
	slice, err := w.service.List(w.ctx, w.asker, store.ConsentFilter{}, store.Page{Limit: 100})
	require.NoError(w.t, err)
	return slice.Items
}

func (w *world) accesses(id ident.Consent) []consent.Access {
	slice, err := w.service.Accesses(w.ctx, w.asker, string(id), store.Page{Limit: 500})
	require.NoError(w.t, err)
	return slice.Items
}

// told are the events about consents: their names, notices with their days.
func (w *world) told() (told []any) {
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) error {
		events, err := tx.Events().After(w.ctx, w.asker.Client, 0, store.EventFilter{Names: []event.Name{
			event.ConsentGiven, event.ConsentExpiring, event.ConsentExpired, event.ConsentRevoked,
		}}, 500)
		for _, e := range events {
			if days, is := e.Data["days"].(float64); is {
				told = append(told, int(days))
			} else {
				told = append(told, e.Name)
			}
		}
		return err
	}))
	return told
}

// books are what the user sees, by id.
func (w *world) books() (ids []string) {
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) error {
		accounts, err := tx.Accounts().List(w.ctx, w.asker.Owner(), store.AccountFilter{}, store.Page{Limit: 100})
		if err != nil {
			return err
		}
		for _, a := range accounts.Items {
			ids = append(ids, string(a.ID))
		}
		rows, err := tx.Transactions().List(w.ctx, w.asker.Owner(), store.TransactionFilter{}, store.Page{Limit: 100})
		for _, r := range rows.Items {
			ids = append(ids, string(r.ID))
		}
		return err
	}))
	return ids
}

// bankFake counts the calls it gets. Tokens name the consent that they belong to.
type bankFake struct {
	// stale has End want other secrets, which Refresh gives once.
	stale   bool
	now     func() time.Time
	given   int
	calls   int
	revoked []string
	begin   error
	// outlives has the bank's consent live on after ours.
	outlives bool
	// fetch and end are what it answers with; nil lets it be.
	fetch, end error
}

func (b *bankFake) Providers(context.Context) ([]provider.Provider, error) {
	return []provider.Provider{{ID: "acme", Name: "Acme", Channels: []provider.Channel{{ID: channel, Type: bank.Redirect, Plugin: "acme", Limits: provider.Limits{ConsentDays: 180, ConsentOutlives: b.outlives}}}}}, nil
}

func (b *bankFake) Provider(ctx context.Context, _ string) (provider.Provider, error) {
	all, err := b.Providers(ctx)
	return all[0], err
}

func (b *bankFake) Begin(_ context.Context, req port.Begin) (port.Step, error) {
	b.calls++
	if b.begin != nil {
		return port.Step{}, b.begin
	}
	if !req.Secrets.Empty() {
		return port.Step{Ready: &port.Ready{State: bundle("session")}}, nil
	}
	b.given++
	id := "bank-" + string(rune('0'+b.given))
	return port.Step{Ready: &port.Ready{State: bundle("session"), Secrets: bundle(id), Consent: &port.Consent{
		ID: id, ValidUntil: b.now().AddDate(0, 0, 200), Accounts: []string{"FR76"}, Scopes: []port.Scope{port.ScopeAccounts, port.ScopeTransactions},
	}}}, nil
}

func bundle(text string) port.State {
	return port.State{Version: 1, Data: secret.FromBytes([]byte(text))}
}

func (b *bankFake) Continue(context.Context, port.Continue) (port.Step, error) {
	b.calls++
	return port.Step{}, &port.Failure{Code: port.SessionLost, Whose: port.Bank}
}

func (b *bankFake) Refresh(_ context.Context, req port.Refresh) (port.Ready, error) {
	b.calls++
	if b.stale {
		b.stale = false
		return port.Ready{Secrets: bundle(string(req.Secrets.Data.Reveal()) + "+")}, nil
	}
	return port.Ready{}, &port.Failure{Code: port.NotSupported, Whose: port.Plugin}
}

func (b *bankFake) Fetch(_ context.Context, _ port.Fetch, sink port.Sink) error {
	b.calls++
	if b.fetch != nil {
		return b.fetch
	}
	return errors.Join(
		sink.Account("a", ledger.Report{BankID: "1", Type: bank.Checkings, Name: "Current", IBAN: "FR7630006000011234567890189", Currency: "EUR"}),
		sink.Rows("a", []ledger.Row{{BankID: "r1", Status: ledger.Booked, Amount: money.Must("-5", "EUR"), BookingDate: "2026-03-01", Label: "SHOP"}}),
		sink.Done("a", "", ""),
	)
}

func (b *bankFake) End(_ context.Context, req port.End) error {
	b.calls++
	if req.Revoke {
		if b.stale {
			return &port.Failure{Code: port.SecretStale, Whose: port.Plugin}
		}
		if b.end != nil {
			return b.end
		}
		b.revoked = append(b.revoked, string(req.Secrets.Data.Reveal()))
	}
	return nil
}
