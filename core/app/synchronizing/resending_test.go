package synchronizing_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// sends is what asks gives, with a way to have it sent again.
func sends(live bool, left int, from time.Time) port.Step {
	step := asks(connection.Form, live)
	step.Challenge.Asked.Resend = &connection.Resend{Left: left, AvailableAt: from}
	return step
}

func (w *world) current(c *connection.Connection) *connection.Challenge {
	asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
	require.NoError(w.t, err)
	return asked
}

func (w *world) resend(c *connection.Connection) {
	_, err := w.links.Resend(w.ctx, w.asker, string(c.ID))
	require.NoError(w.t, err)
}

// paused gives a world whose run waits for a code that can be sent twice more.
func paused(t *testing.T, carryOn func(w *world, req port.Continue) (port.Step, error)) (*world, *connection.Connection) {
	w := newWorld(t)
	w.bank.begin = func(port.Begin) (port.Step, error) { return sends(false, 2, time.Time{}), nil }
	w.bank.carryOn = func(req port.Continue) (port.Step, error) {
		if !req.Resend {
			return ready("session"), nil
		}
		require.Empty(t, req.Answers)
		require.False(t, req.Poll)
		require.Equal(t, "1", req.Challenge)
		return carryOn(w, req)
	}
	c := w.connect()
	w.work(c.LastSynchronizationID)
	return w, c
}

func TestResend_of_a_durable_session(t *testing.T) {
	t.Parallel()

	t.Run("Keeps_the_challenge_with_a_new_time_and_state", func(t *testing.T) {
		t.Parallel()
		w, c := paused(t, func(w *world, _ port.Continue) (port.Step, error) {
			again := sends(false, 1, w.now().Add(30*time.Second))
			again.Challenge.Asked.Message = bank.Text{"en": "Sent again."}
			again.Challenge.State = state("again")
			return again, nil
		})
		first := w.current(c)
		w.pass(9 * time.Minute)
		w.resend(c)
		w.work(c.LastSynchronizationID)
		second := w.current(c)
		require.Equal(t, first.ID, second.ID)
		require.Equal(t, first.CreatedAt, second.CreatedAt)
		require.Equal(t, w.now().Add(w.worker.Limits.Answer), second.ExpiresAt)
		require.Equal(t, "Sent again.", second.Message["en"])
		require.Equal(t, connection.Resend{Left: 1, AvailableAt: w.now().Add(30 * time.Second), AskedAt: w.now()}, *second.Resend)
		require.Equal(t, synchronization.Paused, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, 1, w.count(event.SynchronizationChallengeRequired), "it is the same challenge")

		w.resend(c) // a double click that comes late
		w.work(c.LastSynchronizationID)
		require.Len(t, w.bank.continued, 1)
		w.pass(9 * time.Minute) // beyond the first one's time
		w.answerWith(c, "1234")
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, "again", string(w.bank.continued[1].State.Data.Reveal()))
	})

	t.Run("That_the_bank_refuses_for_now_leaves_all_as_it_was", func(t *testing.T) {
		t.Parallel()
		for code, left := range map[port.Code]int{port.RateLimited: 2, port.ProviderUnavailable: 2, port.NotSupported: 0} {
			w, c := paused(t, func(w *world, _ port.Continue) (port.Step, error) {
				return port.Step{}, &port.Failure{Code: code, RetryAt: w.now().Add(time.Minute)}
			})
			first := w.current(c)
			w.resend(c)
			w.work(c.LastSynchronizationID)
			second := w.current(c)
			require.Equal(t, connection.Resend{Left: left, AvailableAt: w.now().Add(time.Minute), AskedAt: w.now()}, *second.Resend)
			first.Resend, second.Resend = nil, nil
			require.Equal(t, first, second, code)
			w.answerWith(c, "1234")
			w.work(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status, code)
		}
	})

	t.Run("That_ends_the_session_ends_the_channel", func(t *testing.T) {
		t.Parallel()
		w, c := paused(t, func(*world, port.Continue) (port.Step, error) {
			return port.Step{}, &port.Failure{Code: port.ChallengeExpired}
		})
		w.resend(c)
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, connection.ChallengeRequired, w.connection(c.ID).Channels[0].Status)
	})

	t.Run("That_goes_elsewhere_is_another_challenge", func(t *testing.T) {
		t.Parallel()
		w, c := paused(t, func(w *world, _ port.Continue) (port.Step, error) {
			w.pass(time.Second)
			mailed := sends(false, 1, time.Time{})
			mailed.Challenge.Asked.Ref = "mail"
			return mailed, nil
		})
		first := w.current(c)
		w.resend(c)
		w.work(c.LastSynchronizationID)
		require.NotEqual(t, first.ID, w.current(c).ID)
		require.Equal(t, 2, w.count(event.SynchronizationChallengeRequired))
		require.ErrorIs(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(first.ID), nil), connection.ErrChallengeOver)
	})

	t.Run("An_answer_that_comes_meanwhile_meets_the_new_state", func(t *testing.T) {
		t.Parallel()
		w, c := paused(t, nil)
		w.bank.carryOn = func(req port.Continue) (port.Step, error) {
			if !req.Resend {
				return ready("session"), nil
			}
			w.answerWith(c, "1234")
			again := sends(false, 1, time.Time{})
			again.Challenge.State = state("again")
			return again, nil
		}
		w.resend(c)
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, "1234", w.bank.continued[1].Answers["code"].Reveal())
		require.Equal(t, "again", string(w.bank.continued[1].State.Data.Reveal()))
	})

	t.Run("A_wish_that_comes_while_the_run_is_held_is_not_lost", func(t *testing.T) {
		t.Parallel()
		w, c := paused(t, func(*world, port.Continue) (port.Step, error) { return sends(false, 1, time.Time{}), nil })
		require.NoError(t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { // due by mistake
			run, err := tx.Runs().Load(w.ctx, c.LastSynchronizationID)
			if err != nil {
				return err
			}
			run.Wake(w.now())
			return tx.Runs().Put(w.ctx, run)
		}))
		w.worker.Store = &meddling{Store: w.store, before: func(update int) {
			if update == 2 { // claimed and looked at; about to be let go
				w.resend(c)
			}
		}}
		w.work(c.LastSynchronizationID)
		require.Len(t, w.bank.continued, 1)
		require.False(t, w.current(c).Wanted())
	})

	t.Run("Is_taken_up_by_a_worker_whose_clock_is_behind", func(t *testing.T) {
		t.Parallel()
		w, c := paused(t, func(*world, port.Continue) (port.Step, error) { return sends(false, 1, time.Time{}), nil })
		w.pass(time.Minute)
		w.resend(c)
		w.worker.Real = func() time.Time { return w.now().Add(-time.Minute) }
		w.work(c.LastSynchronizationID)
		require.Len(t, w.bank.continued, 1)
	})

	t.Run("Keeps_the_banks_real_times_where_the_sandbox_is_ahead", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		ahead := func() time.Time { return w.now().AddDate(0, 1, 0) }
		w.runs.Real, w.runs.Now = w.now, ahead
		w.links.Runs, w.links.Now, w.worker.Now = w.runs, ahead, ahead
		w.bank.begin = func(port.Begin) (port.Step, error) {
			asked := sends(false, 1, w.now().Add(30*time.Second))
			asked.Challenge.Asked.ExpiresAt = w.now().Add(5 * time.Minute)
			return asked, nil
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, w.now().Add(5*time.Minute), w.current(c).ExpiresAt)
		_, err := w.links.Resend(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrResendEarly)
		w.pass(30 * time.Second)
		w.resend(c)
	})

	t.Run("Is_never_asked_of_a_bank_that_said_nothing_of_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
		c := w.connect()
		w.work(c.LastSynchronizationID)
		_, err := w.links.Resend(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrResend)
		w.work(c.LastSynchronizationID)
		require.Empty(t, w.bank.continued)
	})
}

func TestResend_of_a_live_session(t *testing.T) {
	t.Parallel()
	live := func(t *testing.T, again func(w *world) (port.Step, error), play func(w *world, c *connection.Connection)) {
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Limits.Look = time.Second
			w.bank.begin = func(port.Begin) (port.Step, error) { return sends(true, 2, time.Time{}), nil }
			w.bank.carryOn = func(req port.Continue) (port.Step, error) {
				if req.Resend {
					return again(w)
				}
				return ready("session"), nil
			}
			c, done := w.connect(), make(chan error, 1)
			go func() { done <- w.worker.Handle(t.Context(), string(c.LastSynchronizationID)) }()
			synctest.Wait()
			play(w, c)
			require.NoError(t, <-done)
			require.Equal(t, int64(1), w.run(c.LastSynchronizationID).Lease.Epoch, "in the process that holds it")
		})
	}

	t.Run("Lives_on_with_a_new_time", func(t *testing.T) {
		t.Parallel()
		live(t, func(w *world) (port.Step, error) { return sends(true, 1, w.now().Add(30*time.Second)), nil },
			func(w *world, c *connection.Connection) {
				first := w.current(c)
				time.Sleep(9 * time.Minute)
				w.resend(c)
				w.resend(c)
				time.Sleep(9 * time.Minute)
				second := w.current(c)
				require.Equal(w.t, first.ID, second.ID)
				require.Equal(w.t, 1, second.Resend.Left)
				require.Len(w.t, w.bank.continued, 1)
				w.answerWith(c, "1234")
				time.Sleep(time.Minute)
				require.Equal(w.t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
			})
	})

	t.Run("That_the_bank_refuses_for_now_lives_on", func(t *testing.T) {
		t.Parallel()
		live(t, func(*world) (port.Step, error) { return port.Step{}, &port.Failure{Code: port.RateLimited} },
			func(w *world, c *connection.Connection) {
				w.resend(c)
				time.Sleep(time.Minute)
				require.Equal(w.t, 2, w.current(c).Resend.Left)
				w.answerWith(c, "1234")
				time.Sleep(time.Minute)
				require.Equal(w.t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
			})
	})

	t.Run("That_ends_it_ends_the_channel", func(t *testing.T) {
		t.Parallel()
		live(t, func(*world) (port.Step, error) { return port.Step{}, &port.Failure{Code: port.Technical} },
			func(w *world, c *connection.Connection) {
				w.resend(c)
				time.Sleep(time.Minute)
				require.Equal(w.t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
			})
	})
}
