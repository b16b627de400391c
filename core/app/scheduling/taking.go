package scheduling

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// busyPause is when a connection is looked at again whose run is still at work.
const busyPause = 5 * time.Minute

// take queues the run of one connection, if it is its turn still, and moves the
// turn on in any case: by the run, past the bank's maintenance, or to when the
// bank is tried again. A channel at which nobody answers does not keep the other
// one from its turn.
func (s *Scheduler) take(ctx context.Context, turn store.Turn, now time.Time) (taken bool, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		taken = false
		c, err := tx.Schedules().Load(ctx, turn.Connection)
		if err != nil {
			return ignoreGone(err)
		}
		if c.NextSynchronizationAt.IsZero() || c.NextSynchronizationAt.After(now) {
			return nil // another process was faster
		}
		if moved, err := s.move(ctx, tx, c, now); err != nil || moved {
			return err
		}
		// Nobody is there: no PSU, so that nothing is asked and no code is sent.
		nobody := usecase.Principal{Client: c.ClientID, User: c.UserID}
		_, err = s.Runs.Queue(ctx, tx, c, nobody, synchronization.Scheduled, synchronization.All, c.Due(now)...)
		taken = err == nil
		return err
	})
	return taken, err
}

// move moves the turn of a connection on that cannot be read now.
func (s *Scheduler) move(ctx context.Context, tx store.Tx, c *connection.Connection, now time.Time) (moved bool, err error) {
	run, err := tx.Runs().Active(ctx, c.ID)
	if err == nil {
		c.NextSynchronizationAt = now.Add(busyPause) // whoever runs plans it anew
		if run.Rests() && run.RetryAt.After(now) {
			c.NextSynchronizationAt = run.RetryAt.Add(busyPause)
		}
		return true, tx.Connections().Put(ctx, c)
	}
	if !fault.IsNotFound(err) {
		return false, err
	}
	if len(c.Due(now)) == 0 || !c.AutoSync {
		if err := s.Planner.Plan(ctx, c, now); err != nil {
			return false, err
		}
		return true, tx.Connections().Put(ctx, c)
	}
	if err := s.putOff(ctx, tx, c, now); err != nil {
		return false, err
	}
	if len(c.Due(now)) > 0 {
		return false, nil // what can be read is: the other channel has its turn later
	}
	if err := s.Planner.Plan(ctx, c, now); err != nil {
		return false, err
	}
	return true, tx.Connections().Put(ctx, c)
}

// putOff moves what is due past the bank's maintenance, all of it together so that
// one run reads it, and a channel at which nobody answers to when that is tried again.
func (s *Scheduler) putOff(ctx context.Context, tx store.Tx, c *connection.Connection, now time.Time) error {
	open, err := s.Planner.Open(ctx, c.ProviderID, now)
	if err != nil {
		return err
	}
	closed := open.After(now)
	open = open.Add(s.Planner.Jitter(open.Sub(now) / 4))
	for _, channel := range c.Due(now) {
		until := open
		if !closed {
			if until, err = s.silent(ctx, tx, channel, now); err != nil {
				return err
			}
		}
		if until.IsZero() {
			continue
		}
		if until, err = s.Planner.Open(ctx, c.ProviderID, until); err != nil { // what was added may lead into the next maintenance
			return err
		}
		c.PutOff(channel, until)
	}
	return nil
}

// silent is until when a channel must not be asked at which nobody answers; zero
// where it may be.
func (s *Scheduler) silent(ctx context.Context, tx store.Tx, channel string, now time.Time) (until time.Time, err error) {
	breaker, err := tx.Breakers().Get(ctx, channel)
	if err != nil || breaker.Quiet() {
		return time.Time{}, err
	}
	before := breaker
	admitted, wait := breaker.Admit(now)
	if !admitted {
		return wait.Add(s.Planner.Jitter(wait.Sub(now))), nil
	}
	if breaker != before {
		return time.Time{}, tx.Breakers().Put(ctx, channel, breaker)
	}
	return time.Time{}, nil
}

func ignoreGone(err error) error {
	if fault.IsNotFound(err) {
		return nil
	}
	return err
}
