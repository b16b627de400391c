package usecasetest

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/bus/bustest"
	"github.com/tributary-dev/tributary/ports/sealer/sealertest"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// World is two clients: Acme with the users Ana and Ben, Other with Cleo.
type World struct {
	t     *testing.T
	Store *storetest.Fake
	Box   *sealertest.Fake
	Bus   *bustest.Fake
	Banks *Catalogue
	IDs   ident.Source

	Acme, Other    client.Client
	Ana, Ben, Cleo *user.User

	mu      sync.Mutex
	elapsed time.Duration
}

// Epoch is when a world begins.
var Epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// New makes a world.
func New(t *testing.T) *World {
	w := &World{t: t, Box: sealertest.NewFake(), Bus: bustest.NewFake(), Banks: NewCatalogue()}
	w.IDs = ident.Source{Now: w.Now, Rand: rand.Reader}
	w.Store = storetest.NewFake(storetest.Options{Now: w.Now, IDs: w.IDs, Hint: func(c ident.Client, seq int64) {
		w.Bus.Publish(context.Background(), bus.Hint{Client: c, Seq: seq})
	}})
	w.Acme, w.Other = w.client("Acme"), w.client("Other")
	w.Ana, w.Ben, w.Cleo = w.user(w.Acme, "ana"), w.user(w.Acme, "ben"), w.user(w.Other, "cleo")
	return w
}

// Now is the world's clock.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Epoch.Add(w.elapsed)
}

// Pass moves the clock.
func (w *World) Pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.elapsed += d
}

func (w *World) client(name string) client.Client {
	made, err := client.New(ident.New[ident.Client](w.IDs), name, "hash", w.Now())
	require.NoError(w.t, err)
	w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Clients().Put(ctx, made) })
	return made
}

func (w *World) user(of client.Client, name string) *user.User {
	id := ident.New[ident.User](w.IDs)
	key, err := w.Box.NewKey(of.ID, id)
	require.NoError(w.t, err)
	made := user.New(id, of.ID, user.Identity{Email: name + "@example.com"}, "hash", key, w.Now())
	w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Users().Put(ctx, made) })
	return made
}

// Update writes what a test needs to be there.
func (w *World) Update(write func(context.Context, store.Tx) error) {
	ctx := w.t.Context()
	require.NoError(w.t, w.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error { return write(ctx, tx) }))
}

// View reads what a test asks for.
func (w *World) View(read func(context.Context, store.Tx) error) {
	ctx := w.t.Context()
	require.NoError(w.t, w.Store.View(ctx, func(tx store.Tx) error { return read(ctx, tx) }))
}

// As is a client's own token, with every right.
func (w *World) As(c client.Client) usecase.Principal {
	return usecase.Principal{Client: c.ID, Scopes: client.Scopes(), Rights: []client.Right{client.DirectCredentials, client.PasswordGrant, client.SandboxControl}}
}

// For is a user's token, with every right of its client.
func (w *World) For(u *user.User) usecase.Principal {
	p := w.As(client.Client{ID: u.ClientID})
	p.User = u.ID
	return p
}

// Principals are all tokens of the world, by name.
func (w *World) Principals() map[string]usecase.Principal {
	return map[string]usecase.Principal{
		"Acme": w.As(w.Acme), "Other": w.As(w.Other), "Ana": w.For(w.Ana), "Ben": w.For(w.Ben), "Cleo": w.For(w.Cleo),
	}
}

// Head is the newest number in a client's log: it stays where nothing is written.
func (w *World) Head(c client.Client) (head int64) {
	w.View(func(ctx context.Context, tx store.Tx) (err error) {
		head, err = tx.Events().Head(ctx, c.ID)
		return err
	})
	return head
}

// Told are the names of a client's events after a number.
func (w *World) Told(c client.Client, after int64) (names []event.Name) {
	w.View(func(ctx context.Context, tx store.Tx) error {
		events, err := tx.Events().After(ctx, c.ID, after, store.EventFilter{}, 500)
		for _, e := range events {
			names = append(names, e.Name)
		}
		return err
	})
	return names
}

// Unchanged runs what must not write, and looks that it did not.
func (w *World) Unchanged(do func()) {
	before := Everything(w.Store)
	do()
	require.Equal(w.t, before, Everything(w.Store), "something was written")
}

// Everything is all that a store holds, as one text.
func Everything(s *storetest.Fake) string { return dump(s) }
