package node

import (
	"cmp"
	"time"

	"github.com/tributary-dev/tributary/core/app/repeating"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// Seams are the places where a program that composes a node may put something of
// its own between two parts: the one that is killed at named points
// (cmd/tributary/crash/server) stops there. No setting reaches them, and a
// server has none.
type Seams struct {
	Store   func(store.Store) store.Store
	Gateway func(provider.Gateway) provider.Gateway
	Jobs    func(kind string, work jobs.Handler) jobs.Handler
	Queue   func(jobs.Enqueuer) jobs.Enqueuer
	// Pace shortens what somebody waits for.
	Pace Pace
}

// Pace is how long things take on real time; what is zero is as usual.
type Pace struct {
	Limits synchronizing.Limits
	// Sweep is the pause between two looks for runs that nobody holds.
	Sweep time.Duration
	// Attempt is how long one may work on a call that may be sent again.
	Attempt time.Duration
	// Grace is how long a call of a bank may go on that no run is held for.
	Grace time.Duration
}

func (p Pace) sweep() time.Duration   { return cmp.Or(p.Sweep, 2*time.Second) }
func (p Pace) attempt() time.Duration { return cmp.Or(p.Attempt, repeating.Lease) }

// through puts a part behind a seam, where there is one.
func through[T any](seam func(T) T, part T) T {
	if seam == nil {
		return part
	}
	return seam(part)
}

// job puts a handler behind the seam of jobs.
func (s Seams) job(kind string, work jobs.Handler) jobs.Handler {
	if s.Jobs == nil {
		return work
	}
	return s.Jobs(kind, work)
}
