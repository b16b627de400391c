package repeating_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/repeating"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func service(w *usecasetest.World) repeating.Service {
	return repeating.Service{Store: w.Store, Now: w.Now}
}

var sent = usecase.Sending{Key: "k", Route: "POST /v1/things", Body: []byte(`{"password":"s3cret"}`)}

func begin(t *testing.T, w *usecasetest.World) usecase.Attempt {
	t.Helper()
	a, err := service(w).Begin(t.Context(), w.As(w.Acme), sent)
	require.NoError(t, err)
	require.Nil(t, a.Earlier)
	return a
}

// effect is an update as a use case makes one.
func effect(t *testing.T, w *usecasetest.World, a usecase.Attempt) error {
	t.Helper()
	ctx := usecase.WithAttempt(t.Context(), a)
	return repeating.Guarded{Store: w.Store}.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		return tx.Events().Append(ctx, w.Acme.ID, event.Draft{Name: event.UserCreated})
	})
}

func TestOneOfTwentyWorks(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	errs := make([]error, 20)
	var done sync.WaitGroup
	for i := range errs {
		done.Go(func() { _, errs[i] = service(w).Begin(t.Context(), w.As(w.Acme), sent) })
	}
	done.Wait()
	working := 0
	for _, err := range errs {
		if err == nil {
			working++
			continue
		}
		require.ErrorIs(t, err, repeating.ErrInFlight)
	}
	require.Equal(t, 1, working)
}

func TestAnAnswerIsGivenAgainForADay(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	a := begin(t, w)
	require.NoError(t, effect(t, w, a))
	answer := usecase.Answer{Status: 201, Location: "/v1/things/1", Body: []byte("{}")}
	require.NoError(t, service(w).Finish(t.Context(), a, answer))
	w.Pass(repeating.Life)
	again, err := service(w).Begin(t.Context(), w.As(w.Acme), sent)
	require.NoError(t, err)
	require.Equal(t, &answer, again.Earlier)
	w.Pass(time.Microsecond)
	begin(t, w)
}

func TestAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	begin(t, w)
	route, body := sent, sent
	route.Route, body.Body = "POST /v1/other", []byte("{}")
	for name, c := range map[string]struct {
		p usecase.Principal
		s usecase.Sending
	}{"route": {w.As(w.Acme), route}, "body": {w.As(w.Acme), body}, "user": {w.For(w.Ana), sent}} {
		_, err := service(w).Begin(t.Context(), c.p, c.s)
		require.ErrorIs(t, err, repeating.ErrMismatch, name)
	}
	_, err := service(w).Begin(t.Context(), w.As(w.Other), sent)
	require.NoError(t, err, "another client's keys are its own")
	require.NotContains(t, usecasetest.Everything(w.Store), "s3cret")
}

func TestWhoIsLateCommitsNothing(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	late := begin(t, w)
	w.Pass(repeating.Lease)
	next := begin(t, w)
	require.Greater(t, next.Epoch, late.Epoch)
	w.Unchanged(func() {
		require.ErrorIs(t, effect(t, w, late), repeating.ErrInFlight)
		require.ErrorIs(t, service(w).Finish(t.Context(), late, usecase.Answer{Status: 201}), repeating.ErrInFlight)
		require.ErrorIs(t, service(w).Abandon(t.Context(), late), repeating.ErrInFlight)
	})
	require.NoError(t, effect(t, w, next))
}

func TestAnEffectWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	a := begin(t, w)
	require.NoError(t, effect(t, w, a))
	require.NoError(t, service(w).Abandon(t.Context(), a))
	w.Pass(repeating.Lease)
	_, err := service(w).Begin(t.Context(), w.As(w.Acme), sent)
	require.ErrorIs(t, err, repeating.ErrLost)
}

func TestWhatFailedMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	a := begin(t, w)
	onPurpose := errors.New("on purpose")
	ctx := usecase.WithAttempt(t.Context(), a)
	require.ErrorIs(t, repeating.Guarded{Store: w.Store}.Update(ctx, store.Fence{}, func(store.Tx) error { return onPurpose }), onPurpose)
	require.NoError(t, service(w).Abandon(t.Context(), a))
	changed := sent
	changed.Body = []byte(`{"mended":true}`)
	_, err := service(w).Begin(t.Context(), w.As(w.Acme), changed)
	require.NoError(t, err)
}

func TestWithoutAnAttemptNothingIsGuarded(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	require.NoError(t, repeating.Guarded{Store: w.Store}.Update(context.Background(), store.Fence{}, func(tx store.Tx) error {
		return tx.Events().Append(t.Context(), w.Acme.ID, event.Draft{Name: event.UserCreated})
	}))
}
