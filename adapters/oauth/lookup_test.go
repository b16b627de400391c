package oauth

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLookups(t *testing.T) {
	t.Parallel()

	t.Run("Who_comes_while_it_is_read_waits_for_the_next_read_and_shares_it", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var l lookups[int64]
			var state, reads atomic.Int64
			read := func(gate <-chan struct{}) func(context.Context) (int64, error) {
				return func(context.Context) (int64, error) {
					seen := state.Load()
					reads.Add(1)
					if gate != nil {
						<-gate
					}
					return seen, nil
				}
			}
			gate, first, later := make(chan struct{}), make(chan int64, 1), make(chan int64, 10)
			ask := func(into chan int64, gate <-chan struct{}) {
				value, err := l.get(t.Context(), "k", read(gate))
				require.NoError(t, err)
				into <- value
			}
			go ask(first, gate)
			synctest.Wait()
			state.Store(1) // committed after the first read began, before the others ask
			for range cap(later) {
				go ask(later, nil)
			}
			synctest.Wait()
			require.Empty(t, later)
			close(gate)
			require.EqualValues(t, 0, <-first)
			for range cap(later) {
				require.EqualValues(t, 1, <-later)
			}
			require.EqualValues(t, 2, reads.Load())
			require.Empty(t, l.running)
		})
	})

	t.Run("Others_do_not_wait_for_it", func(t *testing.T) {
		t.Parallel()
		var l lookups[string]
		_, err := l.get(t.Context(), "a", func(ctx context.Context) (string, error) {
			return l.get(ctx, "b", func(context.Context) (string, error) { return "b", nil })
		})
		require.NoError(t, err)
	})

	t.Run("Who_leaves_takes_nobody_along", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var l lookups[string]
			gate, answer := make(chan struct{}), make(chan error, 2)
			ctx, leave := context.WithCancel(t.Context())
			slow := func(ctx context.Context) (string, error) { <-gate; return "", ctx.Err() }
			go func() { _, err := l.get(ctx, "k", slow); answer <- err }()
			synctest.Wait()
			go func() { _, err := l.get(t.Context(), "k", slow); answer <- err }()
			synctest.Wait()
			leave()
			close(gate)
			<-answer // of the one who left, whatever it was told
			require.NoError(t, <-answer)
		})
	})

	t.Run("Each_is_answered_in_its_own_time_where_nothing_answers", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var l lookups[string]
			hangs := func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() }
			var group sync.WaitGroup
			for n := range 8 {
				group.Go(func() {
					time.Sleep(time.Duration(n) * time.Second)
					began := time.Now()
					ctx, end := context.WithTimeout(t.Context(), 4*time.Second)
					defer end()
					_, err := l.get(ctx, "k", hangs)
					require.Error(t, err)
					require.LessOrEqual(t, time.Since(began), 4*time.Second)
				})
			}
			group.Wait()
			require.Empty(t, l.running)
		})
	})

	t.Run("Panic_and_error_are_everybodys_and_end_with_that_read", func(t *testing.T) {
		t.Parallel()
		var l lookups[string]
		_, err := l.get(t.Context(), "k", func(context.Context) (string, error) { panic("x") })
		require.ErrorIs(t, err, errPanic)
		failed := errors.New("failed")
		_, err = l.get(t.Context(), "k", func(context.Context) (string, error) { return "", failed })
		require.ErrorIs(t, err, failed)
		value, err := l.get(t.Context(), "k", func(context.Context) (string, error) { return "there", nil })
		require.NoError(t, err)
		require.Equal(t, "there", value)
	})
}

func TestLookups_never_give_what_was_changed_before_they_were_asked(t *testing.T) {
	t.Parallel()
	var l lookups[int64]
	var state, reads atomic.Int64
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for range 500 {
				before := state.Add(1)
				seen, err := l.get(t.Context(), "k", func(context.Context) (int64, error) { reads.Add(1); return state.Load(), nil })
				if err != nil || seen < before {
					t.Errorf("%d was seen after %d was written: %v", seen, before, err)
					return
				}
			}
		})
	}
	group.Wait()
	require.LessOrEqual(t, reads.Load(), int64(20*500))
}
