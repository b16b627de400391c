package synchronizing_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// meddling is a store that does something before an Update of the worker.
type meddling struct {
	store.Store
	before func(update int)
	count  int
}

func (m *meddling) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	m.count++
	m.before(m.count)
	return m.Store.Update(ctx, fence, fn)
}

func TestAnswer_that_comes_while_the_run_is_held_is_not_lost(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]connection.ChallengeType{"Form": connection.Form, "Decoupled": connection.Decoupled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bank.begin = func(port.Begin) (port.Step, error) { return asks(kind, false), nil }
			w.bank.carryOn = func(req port.Continue) (port.Step, error) {
				if req.Poll {
					return asks(kind, false), nil
				}
				return ready("session"), nil
			}
			c := w.connect()
			w.work(c.LastSynchronizationID)
			answers := secret.Values{}
			if kind == connection.Form {
				answers["code"] = secret.New("1234")
			}
			asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
			require.NoError(t, err)
			require.NoError(t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { // a form is due too, by mistake
				run, err := tx.Runs().Load(w.ctx, c.LastSynchronizationID)
				if err != nil {
					return err
				}
				run.Wake(w.now())
				return tx.Runs().Put(w.ctx, run)
			}))
			// The worker has claimed the run and looked at the challenge; now the
			// user answers, and the job that this wakes finds the run held.
			w.worker.Store = &meddling{Store: w.store, before: func(update int) {
				if update == 2 {
					require.NoError(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), answers))
					other := *w.worker
					other.Store = w.store
					require.NoError(t, other.Handle(w.ctx, string(c.LastSynchronizationID)))
				}
			}}
			w.work(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		})
	}
}

func TestAnswer_is_taken_up_by_a_worker_whose_clock_is_behind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
	c := w.connect()
	w.work(c.LastSynchronizationID)
	w.pass(time.Minute)
	w.answerWith(c, "1")
	w.worker.Real = func() time.Time { return w.now().Add(-time.Minute) }
	w.work(c.LastSynchronizationID)
	require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
}

func TestChallenge_that_the_session_left_behind(t *testing.T) {
	t.Parallel()

	t.Run("Is_not_asked_after_the_next_one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		second := asks(connection.Form, false)
		second.Challenge.Asked.Ref = "2"
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Decoupled, false), nil }
		w.bank.carryOn = func(req port.Continue) (port.Step, error) {
			if req.Challenge == "1" {
				return second, nil
			}
			return port.Step{}, &port.Failure{Code: port.ProviderUnavailable}
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		w.pass(3 * time.Second)
		w.work(c.LastSynchronizationID)
		asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.NoError(t, err)
		require.Equal(t, connection.Form, asked.Type)
		require.Equal(t, 2, w.count(event.SynchronizationChallengeRequired))
		require.NoError(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), secret.Values{"code": secret.New("1")}))
		_, err = w.links.Current(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrNoChallenge)
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
	})

	t.Run("Is_withdrawn_with_its_channel", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Decoupled, false), nil }
		w.bank.carryOn = func(port.Continue) (port.Step, error) { return port.Step{}, &port.Failure{Code: port.Refused} }
		c := w.connect()
		w.work(c.LastSynchronizationID)
		w.pass(2 * time.Second)
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
		_, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrNoChallenge)
	})

	t.Run("Is_withdrawn_with_the_run", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
		c := w.connect()
		w.work(c.LastSynchronizationID)
		asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.NoError(t, err)
		_, err = w.runs.Cancel(w.ctx, w.asker, string(c.LastSynchronizationID))
		require.NoError(t, err)
		_, err = w.links.Current(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrNoChallenge)
		answer := w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), secret.Values{"code": secret.New("1")})
		require.ErrorIs(t, answer, connection.ErrChallengeOver)
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Cancelled, w.run(c.LastSynchronizationID).Status)
	})

	t.Run("Is_asked_again_after_a_wrong_answer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
		w.bank.carryOn = func(req port.Continue) (port.Step, error) {
			if req.Answers["code"].Reveal() != "right" {
				return asks(connection.Form, false), nil
			}
			return ready("session"), nil
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		first, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.NoError(t, err)
		for _, code := range []string{"wrong", "right"} {
			w.pass(time.Second)
			w.answerWith(c, code)
			w.work(c.LastSynchronizationID)
		}
		require.ErrorIs(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(first.ID), secret.Values{"code": secret.New("right")}), connection.ErrChallengeOver)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	})
}

func (w *world) answerWith(c *connection.Connection, code string) {
	asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
	require.NoError(w.t, err)
	require.NoError(w.t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), secret.Values{"code": secret.New(code)}))
}

// queue is a jobs.Enqueuer that keeps what it is given.
type queue chan jobs.Job

func (q queue) Enqueue(_ context.Context, job jobs.Job) error { q <- job; return nil }

func TestSweep(t *testing.T) {
	t.Parallel()

	t.Run("Wakes_a_run_whose_job_was_lost_until_somebody_holds_it", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			c := w.connect()
			ctx, stop := context.WithCancel(t.Context())
			woken, over := make(queue, 1), make(chan error, 1)
			go func() { over <- w.worker.Sweep(ctx, time.Second, woken) }()
			require.Equal(t, jobs.Job{Kind: synchronizing.Job, Key: string(c.LastSynchronizationID)}, <-woken)
			w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
				for len(woken) > 0 {
					<-woken
				}
				time.Sleep(time.Minute)
				require.Empty(t, woken)
				return statement(sink)
			}
			w.work(c.LastSynchronizationID)
			time.Sleep(time.Minute)
			require.Empty(t, woken)
			stop()
			require.NoError(t, <-over)
		})
	})

	t.Run("Finds_what_is_due_on_the_real_clock_when_the_sandbox_is_ahead", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.runs.Real = w.now
		w.runs.Now = func() time.Time { return w.now().AddDate(0, 1, 0) }
		w.links.Runs, w.links.Now, w.worker.Now = w.runs, w.runs.Now, w.runs.Now
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
		c := w.connect()
		require.Equal(t, []ident.Synchronization{c.LastSynchronizationID}, w.due())
		w.work(c.LastSynchronizationID)
		require.Empty(t, w.due())
		w.answerWith(c, "1")
		require.Equal(t, []ident.Synchronization{c.LastSynchronizationID}, w.due())
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, run.Status)
		require.False(t, run.StartedAt.Before(run.CreatedAt))
	})
}
