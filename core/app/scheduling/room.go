package scheduling

import (
	"context"

	"github.com/tributary-dev/tributary/ports/store"
)

// room is how much more may be queued in one look, by what the store says is
// queued and at work, whichever process does it. Two processes that look at once
// may each fill it: a bank bears that, and what it bears at once is kept by the
// next look.
type room struct {
	scheduler *Scheduler
	busy      map[string]store.Load
	limits    map[string]int
	waiting   int
	// full are the providers that have none left.
	full []string
}

func (s *Scheduler) room(ctx context.Context) (*room, error) {
	r := &room{scheduler: s, waiting: s.Limits.Waiting, limits: map[string]int{}}
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		r.busy, err = tx.Schedules().Busy(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for provider, load := range r.busy {
		r.waiting -= load.Queued
		r.has(ctx, provider)
	}
	return r, nil
}

// has reports whether a provider bears one more; one that does not is left out
// from here on, so that the others have their turn.
func (r *room) has(ctx context.Context, provider string) bool {
	limit, known := r.limits[provider]
	if !known {
		limit = r.scheduler.Limits.Provider
		if said, err := r.scheduler.Planner.Concurrency(ctx, provider); err == nil && said > 0 {
			limit = said
		}
		r.limits[provider] = limit
	}
	load := r.busy[provider]
	if load.Queued+load.Running < limit {
		return true
	}
	r.leaveOut(provider)
	return false
}

func (r *room) leaveOut(provider string) {
	for _, full := range r.full {
		if full == provider {
			return
		}
	}
	r.full = append(r.full, provider)
}

func (r *room) fill(provider string) {
	load := r.busy[provider]
	load.Queued++
	r.busy[provider] = load
	r.waiting--
}
