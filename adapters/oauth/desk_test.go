package oauth_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

// slowStore is a store whose first update waits until it is let go, so that
// others come meanwhile; then it does what meddle says to each.
type slowStore struct {
	store.Store
	begun, release chan struct{}
	updates        atomic.Int64
	meddle         func(ctx context.Context, number int64, tx store.Tx) error
}

func newSlowStore(inner store.Store) *slowStore {
	return &slowStore{
		Store: inner, begun: make(chan struct{}), release: make(chan struct{}),
		meddle: func(context.Context, int64, store.Tx) error { return nil },
	}
}

func (s *slowStore) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	number := s.updates.Add(1)
	if number == 1 {
		close(s.begun)
		<-s.release
	}
	return s.Store.Update(ctx, fence, func(tx store.Tx) error {
		if err := s.meddle(ctx, number, tx); err != nil {
			return err
		}
		return fn(tx)
	})
}

// crowd has one request wait in the store and n others behind it, the i-th with
// the client of the bench unless it is the odd one's turn; then it lets go.
func crowd(t *testing.T, b *bench, slow *slowStore, n int, ask func(i int) answer) []answer {
	t.Helper()
	answers := make([]answer, n+1)
	var all sync.WaitGroup
	all.Go(func() { answers[n] = b.post(t, "grant_type", "client_credentials") })
	<-slow.begun
	for i := range n {
		all.Go(func() { answers[i] = ask(i) })
	}
	require.Eventually(t, func() bool { return b.Waiting() == n }, 10*time.Second, time.Millisecond)
	close(slow.release)
	all.Wait()
	return answers
}

func slowBench(t *testing.T) (*bench, *slowStore) {
	t.Helper()
	b := newBench(t)
	slow := newSlowStore(b.store)
	b.store = slow
	b.serve(t)
	return b, slow
}

func TestDesk(t *testing.T) {
	t.Parallel()

	t.Run("who_waits_shares_a_transaction", func(t *testing.T) {
		t.Parallel()
		b, slow := slowBench(t)
		answers := crowd(t, b, slow, 50, func(i int) answer {
			if i%2 == 0 {
				return b.post(t, "grant_type", "password", "username", email, "password", password)
			}
			return b.post(t, "grant_type", "client_credentials")
		})
		require.EqualValues(t, 2, slow.updates.Load())
		seen := map[string]bool{}
		for _, a := range answers {
			require.Equal(t, 200, a.status, a.text)
			require.True(t, b.opens(t, a))
			seen[a.token().Reveal()] = true
		}
		require.Len(t, seen, 51)
	})

	t.Run("one_that_is_refused_takes_nobody_along", func(t *testing.T) {
		t.Parallel()
		b, slow := slowBench(t)
		slow.meddle = func(ctx context.Context, number int64, tx store.Tx) error {
			if number != 2 {
				return nil
			}
			return tx.Users().Delete(ctx, b.user)
		}
		answers := crowd(t, b, slow, 10, func(i int) answer {
			if i < 3 {
				return b.post(t, "grant_type", "password", "username", email, "password", password)
			}
			return b.post(t, "grant_type", "client_credentials")
		})
		for i, a := range answers {
			if i < 3 {
				requireRefused(t, a, 400, "invalid_grant")
			} else {
				require.Equal(t, 200, a.status, a.text)
			}
		}
	})

	t.Run("what_vanishes_under_the_writing_is_tried_alone", func(t *testing.T) {
		t.Parallel()
		b, slow := slowBench(t)
		slow.meddle = func(_ context.Context, number int64, _ store.Tx) error {
			if number == 2 || number == 5 {
				return fault.New(fault.NotFound, "owner_not_found", "What this belongs to does not exist.")
			}
			return nil
		}
		failed := 0
		for _, a := range crowd(t, b, slow, 6, func(int) answer { return b.post(t, "grant_type", "client_credentials") }) {
			if a.status != 200 {
				failed++
			}
		}
		require.Equal(t, 1, failed)
		require.EqualValues(t, 1+1+6, slow.updates.Load())
	})

	t.Run("a_failure_of_the_store_is_everybodys_and_not_tried_again", func(t *testing.T) {
		t.Parallel()
		b, slow := slowBench(t)
		slow.meddle = func(_ context.Context, number int64, _ store.Tx) error {
			switch number {
			case 1:
				panic("canary")
			case 2:
				return fault.New(fault.Unavailable, "busy", "Busy.")
			}
			return nil
		}
		answers := crowd(t, b, slow, 6, func(int) answer { return b.post(t, "grant_type", "client_credentials") })
		for _, a := range answers[:6] {
			requireRefused(t, a, 503, "temporarily_unavailable")
		}
		requireRefused(t, answers[6], 500, "server_error")
		require.NotContains(t, b.logs.String(), "canary")
		require.EqualValues(t, 2, slow.updates.Load())
		require.Equal(t, 200, b.post(t, "grant_type", "client_credentials").status, "and it goes on")
	})

	t.Run("waiting_ends_with_the_request", func(t *testing.T) {
		t.Parallel()
		b, slow := slowBench(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan int)
		go func() {
			recorder := httptest.NewRecorder()
			request := b.request(t, "grant_type=client_credentials").WithContext(ctx)
			request.SetBasicAuth(string(b.client.ID), b.secret)
			b.Handler().ServeHTTP(recorder, request)
			done <- recorder.Code
		}()
		<-slow.begun
		cancel()
		require.Equal(t, 503, <-done)
		close(slow.release)
		require.Equal(t, 200, b.post(t, "grant_type", "client_credentials").status)
	})
}
