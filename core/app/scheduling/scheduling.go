// Package scheduling queues the runs that nobody asked for: every connection
// has its turn each day, a bank that is down is left alone, and no bank gets more
// sessions at once than it bears. Any number of processes may do so at a time.
//
// Invariants: a run that is queued here has no user, so that nothing is asked;
// the turn moves on in the transaction that queues the run; whatever the clock
// does, no connection is asleep for ever.
package scheduling

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// Scheduler queues runs.
type Scheduler struct {
	Store   store.Store
	Runs    synchronizing.Service
	Planner planning.Planner
	// Now is the clock that users see.
	Now    func() time.Time
	Log    *slog.Logger
	Limits Limits

	seen    time.Time
	checked time.Time
}

// Limits bound what one look queues.
type Limits struct {
	// Waiting is how many runs may be queued that nobody has taken up yet, whoever
	// queued them: a user's own run comes after them.
	Waiting int
	// Provider is how many runs a bank bears at once that does not say.
	Provider int
	// Look is how many connections are looked at in one go.
	Look int
}

// Defaults fills what is not set.
func (l Limits) Defaults() Limits {
	for _, d := range []struct {
		limit *int
		value int
	}{{&l.Waiting, 50}, {&l.Provider, 10}, {&l.Look, 500}} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	return l
}

// Run looks every so often until ctx ends.
func (s *Scheduler) Run(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := s.Look(ctx); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "due connections not queued", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Look queues what is due now, as far as there is room, and says how much that
// was. With nothing due it costs two reads of an index.
func (s *Scheduler) Look(ctx context.Context) (queued int, err error) {
	now := s.Now()
	if err := s.wakeSleepers(ctx, now); err != nil {
		return 0, err
	}
	room, err := s.room(ctx)
	if err != nil {
		return 0, err
	}
	for tried := map[ident.Connection]bool{}; len(tried) < s.Limits.Look && room.waiting > 0; {
		due, err := s.due(ctx, now, room.full)
		if err != nil {
			return queued, err
		}
		before, full := len(tried), len(room.full)
		for _, turn := range due {
			if tried[turn.Connection] || room.waiting <= 0 || !room.has(ctx, turn.Provider) {
				continue
			}
			tried[turn.Connection] = true
			if s.took(ctx, turn, now) {
				room.fill(turn.Provider)
				queued++
			}
		}
		if len(tried) == before && len(room.full) == full || ctx.Err() != nil {
			break // nothing is left that could have its turn now
		}
	}
	return queued, ctx.Err()
}

// took is take that does not let one connection keep all others from their turn.
func (s *Scheduler) took(ctx context.Context, turn store.Turn, now time.Time) bool {
	taken, err := s.take(ctx, turn, now)
	if err != nil && !errors.Is(err, synchronization.ErrRunning) && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "a due connection was not queued", "connection_id", turn.Connection, "error", err)
	}
	return taken && err == nil
}

func (s *Scheduler) due(ctx context.Context, now time.Time, except []string) (due []store.Turn, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		due, err = tx.Schedules().Due(ctx, now, except, 100)
		return err
	})
	return due, err
}

// far is when a next time is further ahead than any that was planned.
const far = schedule.Horizon + time.Hour

// wakeSleepers plans anew what the clock left too far ahead when it was set
// back: at once where this process saw that, else within a few minutes.
func (s *Scheduler) wakeSleepers(ctx context.Context, now time.Time) error {
	back := now.Before(s.seen.Add(-time.Second))
	s.seen = now
	if since := now.Sub(s.checked); !back && !s.checked.IsZero() && since >= 0 && since < 5*time.Minute {
		return nil
	}
	for {
		var sleepers []store.Turn
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			sleepers, err = tx.Schedules().Beyond(ctx, now.Add(far), 100)
			return err
		})
		if err != nil {
			return err
		}
		if len(sleepers) == 0 {
			s.checked = now
			return nil
		}
		for _, turn := range sleepers {
			if err := s.replan(ctx, turn, now); err != nil {
				return err
			}
		}
	}
}

func (s *Scheduler) replan(ctx context.Context, turn store.Turn, now time.Time) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, err := tx.Schedules().Load(ctx, turn.Connection)
		if err != nil {
			return ignoreGone(err)
		}
		if err := s.Planner.Plan(ctx, c, now); err != nil {
			return err
		}
		return tx.Connections().Put(ctx, c)
	})
}
