// Package testbanktest owns the contract of ports/testbank. Its Fake passes it
// without a process.
//
// Invariant: no case knows how the test bank is spoken to.
package testbanktest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/testbank"
)

// Text is a configuration that every test bank takes, Wrong one with a mistake
// in line 2. Both hold Canary, which no error repeats.
const (
	Canary = "canary-2b9e"
	Text   = "bank: {name: Guest Bank}\npersonas:\n  - {login: guest, password: " + Canary + ", holder: Gus}\n"
	Wrong  = "personas:\n  - {login: guest, password: " + Canary + ", holder: Gus, mistake: " + Canary + "}\n"
)

// World is a test bank, seen from both sides.
type World struct {
	Bank testbank.Bank
	// Today is the bank's day, by its own clock.
	Now func() time.Time
	// Restart replaces it by a process that was told nothing.
	Restart func()
	// Stop ends it.
	Stop func()
}

// Run checks a test bank whose shared bank has the persona "ann". Every call of
// open gives a fresh one.
func Run(t *testing.T, open func(t *testing.T) World) {
	for name, check := range map[string]func(*testing.T, World){
		"serves_what_it_is_given":      serves,
		"names_each_mistake":           namesMistakes,
		"moves_its_clock":              movesClock,
		"forgets_all_when_it_restarts": forgets,
		"forgives":                     forgives,
		"goes_down_and_up":             goesDown,
		"says_when_it_is_not_there":    isAbsent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, open(t))
		})
	}
}

func newID() ident.Configuration { return ident.New[ident.Configuration](ident.Real()) }

func (w World) served(t *testing.T) []ident.Configuration {
	t.Helper()
	found, err := w.Bank.Configurations(t.Context())
	require.NoError(t, err)
	return found
}

func serves(t *testing.T, w World) {
	require.Empty(t, w.served(t))
	first, second := newID(), newID()
	for _, id := range []ident.Configuration{first, second, first} {
		name, err := w.Bank.Put(t.Context(), id, []byte(Text))
		require.NoError(t, err)
		require.Equal(t, "Guest Bank", name)
	}
	require.ElementsMatch(t, []ident.Configuration{first, second}, w.served(t))
	for range 2 {
		require.NoError(t, w.Bank.Delete(t.Context(), first))
	}
	require.Equal(t, []ident.Configuration{second}, w.served(t))
}

func namesMistakes(t *testing.T, w World) {
	_, err := w.Bank.Put(t.Context(), newID(), []byte(Wrong))
	require.ErrorIs(t, err, testbank.ErrMistakes)
	e, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok)
	require.Len(t, e.Details, 1)
	require.Regexp(t, `^line 2, column [1-9][0-9]*: .`, e.Details[0].Message)
	require.NotContains(t, err.Error()+e.Details[0].Message, Canary)
	require.Empty(t, w.served(t))
}

func movesClock(t *testing.T, w World) {
	for _, offset := range []time.Duration{24 * time.Hour, -90 * 24 * time.Hour, time.Hour, 0} {
		require.NoError(t, w.Bank.SetOffset(t.Context(), offset))
		require.WithinDuration(t, time.Now().Add(offset), w.Now(), 10*time.Second)
	}
}

func forgets(t *testing.T, w World) {
	instance := func() string {
		name, err := w.Bank.Instance(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, name)
		return name
	}
	before := instance()
	_, err := w.Bank.Put(t.Context(), newID(), []byte(Text))
	require.NoError(t, err)
	require.NoError(t, w.Bank.SetOffset(t.Context(), 24*time.Hour))
	require.Equal(t, before, instance())
	w.Restart()
	require.NotEqual(t, before, instance())
	require.Empty(t, w.served(t))
	require.WithinDuration(t, time.Now(), w.Now(), 10*time.Second)
}

func forgives(t *testing.T, w World) {
	id := newID()
	_, err := w.Bank.Put(t.Context(), id, []byte(Text))
	require.NoError(t, err)
	require.NoError(t, w.Bank.Forgive(t.Context(), "", "ann"))
	require.NoError(t, w.Bank.Forgive(t.Context(), id, "guest"))
	for _, wrong := range []struct {
		id    ident.Configuration
		login string
	}{{"", "guest"}, {id, "ann"}, {newID(), "guest"}, {"", ""}, {"", "../personas/ann"}, {"", "."}, {"", ".."}, {"", "ann/forgive"}, {"", Canary}} {
		err := w.Bank.Forgive(t.Context(), wrong.id, wrong.login)
		require.ErrorIs(t, err, testbank.ErrPersona, wrong.login)
		require.NotContains(t, err.Error(), Canary)
	}
}

func goesDown(t *testing.T, w World) {
	id := newID()
	_, err := w.Bank.Put(t.Context(), id, []byte(Text))
	require.NoError(t, err)
	for _, bank := range []ident.Configuration{"", id} {
		for _, down := range []bool{true, true, false} {
			require.NoError(t, w.Bank.SetDown(t.Context(), bank, down))
		}
	}
	require.NoError(t, w.Bank.SetDown(t.Context(), "", true))
	_, err = w.Bank.Instance(t.Context())
	require.NoError(t, err, "its operator reaches it as before")
}

func isAbsent(t *testing.T, w World) {
	w.Stop()
	id, calls := newID(), map[string]func(context.Context) error{}
	calls["Instance"] = func(ctx context.Context) error { _, err := w.Bank.Instance(ctx); return err }
	calls["Configurations"] = func(ctx context.Context) error { _, err := w.Bank.Configurations(ctx); return err }
	calls["Put"] = func(ctx context.Context) error { _, err := w.Bank.Put(ctx, id, []byte(Text)); return err }
	calls["Delete"] = func(ctx context.Context) error { return w.Bank.Delete(ctx, id) }
	calls["SetOffset"] = func(ctx context.Context) error { return w.Bank.SetOffset(ctx, time.Hour) }
	calls["Forgive"] = func(ctx context.Context) error { return w.Bank.Forgive(ctx, "", "ann") }
	calls["SetDown"] = func(ctx context.Context) error { return w.Bank.SetDown(ctx, "", true) }
	for name, call := range calls {
		require.ErrorIs(t, call(t.Context()), testbank.ErrUnavailable, name)
	}
}
