package play

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/correcting"
	"github.com/tributary-dev/tributary/core/app/enrolling"
	"github.com/tributary-dev/tributary/core/app/keeping"
	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/app/reading"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// House is the application around one store. It lives one life at a time, each
// as a client and user of its own.
type House struct {
	Store *bunstore.Store

	ear   *ear
	users enrolling.Service
	links connecting.Service
	runs  synchronizing.Service

	corrections correcting.Service
	keeper      keeping.Service

	worker *synchronizing.Worker
	ids    ident.Source
	now    time.Time
}

// Options say what a house is built on.
type Options struct {
	Store bunstore.Config
	// Banks serve the lives; nil plays them in this process.
	Banks Banks
	// Real is the clock of leases.
	Real func() time.Time
	IDs  ident.Source
	Log  *slog.Logger
}

// Banks are a gateway with its catalogue.
type Banks interface {
	provider.Gateway
	provider.Catalogue
}

// Open opens a house.
func Open(ctx context.Context, o Options) (*House, error) {
	h := &House{ear: &ear{banks: o.Banks}}
	if o.Banks == nil {
		h.ear.banks = &inProcess{ear: h.ear}
	}
	h.ids = ident.Source{Now: h.Now, Rand: o.IDs.Rand}
	o.Store.IDs, o.Store.Clock, o.Store.Wake = h.ids, h.Now, noJobs
	var err error
	if h.Store, err = bunstore.Open(ctx, o.Store); err != nil {
		return nil, err
	}
	master, err := sealbox.Generate()
	if err != nil {
		return nil, err
	}
	box := sealbox.New(master)
	h.users = enrolling.Service{Store: h.Store, Box: box, Now: h.Now, IDs: h.ids}
	h.runs = synchronizing.Service{Store: h.Store, Now: h.Now, IDs: h.ids, Real: o.Real}
	h.links = connecting.Service{Store: h.Store, Catalogue: h.ear, Box: box, Now: h.Now, IDs: h.ids, Runs: h.runs}
	h.corrections = correcting.Service{Store: h.Store, Now: h.Now, IDs: h.ids}
	h.keeper = keeping.Service{Store: h.Store, Now: h.Now, IDs: h.ids, Planner: planning.Planner{Catalogue: h.ear}, Real: o.Real}
	h.worker = &synchronizing.Worker{
		Store: h.Store, Catalogue: h.ear, Gateway: h.ear, Box: box, IDs: h.ids, Rand: o.IDs.Rand, Now: h.Now, Real: o.Real,
		Log: o.Log, Owner: "simulation", ReturnURL: "https://here.example/connect/return", Limits: synchronizing.Limits{Lease: time.Hour}.Defaults(),
	}
	return h, nil
}

// Now is the one clock: that of the visit.
func (h *House) Now() time.Time { return h.now }

// Close closes the store.
func (h *House) Close() error { return h.Store.Close() }

// Begin gives a life its client and user, and connects it in its first visit.
func (h *House) Begin(ctx context.Context, l *life.Life, size life.Size) (*Living, error) {
	h.now = l.Visits[0].At.Add(-time.Minute)
	h.ear.bank = life.Bank{Life: l}
	application, err := client.New(ident.New[ident.Client](h.ids), "Simulation", "hash", h.now)
	if err != nil {
		return nil, err
	}
	if err := h.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error { return tx.Clients().Put(ctx, application) }); err != nil {
		return nil, err
	}
	asker := usecase.Principal{Client: application.ID, Rights: []client.Right{client.DirectCredentials}}
	owner, err := h.users.Create(ctx, asker, user.Identity{ExternalID: fmt.Sprint(l.Seed)})
	if err != nil {
		return nil, err
	}
	asker.User = owner.ID
	return &Living{house: h, life: l, asker: asker, size: size, mine: map[*life.Account]ident.Account{}, copy: newCopy(), reader: reading.Service{Store: h.Store}}, nil
}

var someone = &synchronization.PSU{IP: "192.0.2.1"}
