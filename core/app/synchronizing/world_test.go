package synchronizing_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
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
	channelID  = "acme-embedded"
	redirectID = "acme-redirect"
)

// world is one user at one bank, with a clock that the test moves.
type world struct {
	t       *testing.T
	ctx     context.Context
	store   *storetest.Fake
	box     *sealertest.Fake
	bank    *script
	worker  *synchronizing.Worker
	links   connecting.Service
	runs    synchronizing.Service
	asker   usecase.Principal
	mu      sync.Mutex
	elapsed time.Duration
	// bubble says that time is that of a testing/synctest bubble.
	bubble bool
}

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bubble {
		return time.Now()
	}
	return epoch.Add(w.elapsed)
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.elapsed += d
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, ctx: t.Context(), box: sealertest.NewFake(), bank: &script{}}
	ids := ident.Source{Now: w.now, Rand: rand.Reader}
	w.store = storetest.NewFake(storetest.Options{Now: w.now, IDs: ids})
	w.runs = synchronizing.Service{Store: w.store, Now: w.now, IDs: ids}
	w.links = connecting.Service{Store: w.store, Catalogue: w.bank, Box: w.box, Now: w.now, IDs: ids, Runs: w.runs}
	w.worker = &synchronizing.Worker{
		Store: w.store, Catalogue: w.bank, Gateway: w.bank, Box: w.box, IDs: ids, Rand: rand.Reader, Now: w.now, Real: w.now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Owner: "here", ReturnURL: "https://here.example/connect/return",
		Limits: synchronizing.Limits{Look: time.Millisecond}.Defaults(),
	}
	application, err := client.New(ident.New[ident.Client](ids), "Acme", "hash", w.now())
	require.NoError(t, err)
	owner := w.enrol(ids, application)
	w.asker = usecase.Principal{Client: application.ID, User: owner.ID, Rights: []client.Right{client.DirectCredentials}, PSU: &synchronization.PSU{IP: "192.0.2.1"}}
	return w
}

func (w *world) enrol(ids ident.Source, application client.Client) *user.User {
	id := ident.New[ident.User](ids)
	key, err := w.box.NewKey(application.ID, id)
	require.NoError(w.t, err)
	owner := user.New(id, application.ID, user.Identity{ExternalID: "42"}, "", key, w.now())
	require.NoError(w.t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
		if err := tx.Clients().Put(w.ctx, application); err != nil {
			return err
		}
		return tx.Users().Put(w.ctx, owner)
	}))
	return owner
}

// connect makes a connection whose first run waits to be worked on.
func (w *world) connect() *connection.Connection { return w.connectBy(channelID) }

// connectBy is connect through certain channels.
func (w *world) connectBy(channels ...string) *connection.Connection {
	order := usecase.NewConnection{ProviderID: "acme"}
	for _, channel := range channels {
		credentials := secret.Values{}
		if channel == channelID {
			credentials["login"] = secret.New("ana")
		}
		order.Channels = append(order.Channels, usecase.NewChannel{DefinitionID: channel, Credentials: credentials})
	}
	made, err := w.links.Create(w.ctx, w.asker, order)
	require.NoError(w.t, err)
	return made
}

// again queues a run beside none, and works on it.
func (w *world) again(c *connection.Connection, kind synchronization.Type) *synchronization.Synchronization {
	run, err := w.runs.Start(w.ctx, w.asker, string(c.ID), kind)
	require.NoError(w.t, err)
	w.work(run.ID)
	return w.run(run.ID)
}

// work does what the woken jobs ask for, as one worker.
func (w *world) work(run ident.Synchronization) {
	require.NoError(w.t, w.worker.Handle(w.ctx, string(run)))
}

func (w *world) run(id ident.Synchronization) *synchronization.Synchronization {
	run, err := w.runs.Get(w.ctx, w.asker, string(id))
	require.NoError(w.t, err)
	return run
}

func (w *world) connection(id ident.Connection) *connection.Connection {
	c, err := w.links.Get(w.ctx, w.asker, string(id))
	require.NoError(w.t, err)
	return c
}

func (w *world) rows() []ledger.Transaction {
	var rows []ledger.Transaction
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) error {
		slice, err := tx.Transactions().List(w.ctx, w.asker.Owner(), store.TransactionFilter{}, store.Page{Limit: 500})
		rows = slice.Items
		return err
	}))
	return rows
}

// told are the names of all events but those of stages.
func (w *world) told() []event.Name {
	var names []event.Name
	for _, e := range w.events() {
		if e.Name != event.SynchronizationStage {
			names = append(names, e.Name)
		}
	}
	return names
}

func (w *world) events() (all []event.Event) {
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) (err error) {
		all, err = tx.Events().After(w.ctx, w.asker.Client, 0, store.EventFilter{}, 500)
		return err
	}))
	return all
}

// queue has a run wait to be worked on.
func (w *world) queue(c *connection.Connection, trigger synchronization.Trigger, kind synchronization.Type) (run *synchronization.Synchronization) {
	require.NoError(w.t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
		now, err := tx.Connections().Get(w.ctx, w.asker.Owner(), c.ID)
		if err != nil {
			return err
		}
		run, err = w.runs.Queue(w.ctx, tx, now, w.asker, trigger, kind)
		return err
	}))
	return run
}

func (w *world) accounts() []ledger.Account {
	var accounts []ledger.Account
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) error {
		slice, err := tx.Accounts().List(w.ctx, w.asker.Owner(), store.AccountFilter{}, store.Page{Limit: 500})
		accounts = slice.Items
		return err
	}))
	return accounts
}

// count says how often an event was told.
func (w *world) count(name event.Name) (times int) {
	for _, told := range w.told() {
		if told == name {
			times++
		}
	}
	return times
}

// script is a bank whose answers the test writes.
type script struct {
	mu        sync.Mutex
	gone      bool
	plugins   map[string]string // of the channels that are not acme's; "-" is of none
	zone      *time.Location
	ended     int
	end       func(port.End) error
	begin     func(port.Begin) (port.Step, error)
	carryOn   func(port.Continue) (port.Step, error)
	refresh   func(port.Refresh) (port.Ready, error)
	fetch     func(context.Context, port.Fetch, port.Sink) error
	begun     []port.Begin
	continued []port.Continue
	fetched   []port.Fetch
}

func (s *script) Providers(context.Context) ([]provider.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	acme := provider.Provider{ID: "acme", Name: "Acme", Zone: s.zone}
	for _, c := range []provider.Channel{
		{ID: channelID, Type: bank.Embedded, CredentialFields: []form.Field{{Name: "login", Type: form.Text, Required: true}}},
		{ID: redirectID, Type: bank.Redirect},
	} {
		if c.Plugin = cmp.Or(s.plugins[c.ID], "acme"); c.Plugin != "-" {
			acme.Channels = append(acme.Channels, c)
		}
	}
	return []provider.Provider{acme}, nil
}

// serves puts a channel into another plugin's hands.
func (s *script) serves(plugin string, channels ...string) {
	s.note(func() {
		s.plugins = map[string]string{}
		for _, c := range channels {
			s.plugins[c] = plugin
		}
	})
}

func (s *script) Provider(ctx context.Context, id string) (provider.Provider, error) {
	all, err := s.Providers(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != "acme" || s.gone {
		return provider.Provider{}, provider.ErrNotFound
	}
	return all[0], err
}

func (s *script) Begin(_ context.Context, req port.Begin) (port.Step, error) {
	s.note(func() { s.begun = append(s.begun, req) })
	if s.begin == nil {
		return ready("session"), nil
	}
	return s.begin(req)
}

func (s *script) Continue(_ context.Context, req port.Continue) (port.Step, error) {
	s.note(func() { s.continued = append(s.continued, req) })
	if s.carryOn == nil {
		return ready("session"), nil
	}
	return s.carryOn(req)
}

func (s *script) Refresh(_ context.Context, req port.Refresh) (port.Ready, error) {
	return s.refresh(req)
}

func (s *script) Fetch(ctx context.Context, req port.Fetch, sink port.Sink) error {
	s.note(func() { s.fetched = append(s.fetched, req) })
	if s.fetch == nil {
		return statement(sink)
	}
	return s.fetch(ctx, req, sink)
}

func (s *script) End(_ context.Context, req port.End) error {
	s.note(func() { s.ended++ })
	if s.end == nil {
		return nil
	}
	return s.end(req)
}

func (s *script) note(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}
