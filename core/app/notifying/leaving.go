package notifying

import (
	"context"
	"time"
)

// note has the cursor written when it moved for long or far enough, and the
// lease extended before it ends.
func (p *pump) note(ctx context.Context) {
	if p.keeping || ctx.Err() != nil {
		return
	}
	cursor, since := p.window.cursor(), p.Real().Sub(p.keptAt)
	moved := cursor > p.kept && (since >= p.Limits.Keep || cursor-p.kept >= int64(p.Limits.Ahead))
	if moved || since >= p.Limits.Lease/2 {
		p.keeping = true
		p.notes <- note{pump: p, keep: true, cursor: cursor}
	}
}

// patience is how long there is nothing to do by itself.
func (p *pump) patience() time.Duration {
	now := p.Real()
	at := p.keptAt.Add(p.Limits.Lease / 2)
	sooner := func(t time.Time) {
		if t.Before(at) {
			at = t
		}
	}
	if p.window.cursor() > p.kept {
		sooner(p.keptAt.Add(p.Limits.Keep))
	}
	if p.idle() {
		sooner(p.usedAt.Add(p.Limits.Linger))
	}
	if len(p.queue) == 0 && p.lookAt.After(now) && (!p.hook.RetryAt.IsZero() || p.behind()) {
		sooner(p.lookAt)
	}
	if !p.hook.RetryAt.IsZero() && p.hook.RetryAt.After(now) {
		sooner(p.hook.RetryAt)
	}
	if p.keeping && !at.After(now) {
		return p.Limits.Keep // the committer is slow; it rings when it is done
	}
	return max(at.Sub(now), 0)
}

// leave waits for what is under way, and lets go: what the committer has got by
// then it writes first. When the server stops there is a limit to that. Where the
// pump failed, the lease keeps everybody away for a while.
func (p *pump) leave(ctx context.Context, stop context.CancelFunc, failed error) {
	if ctx.Err() != nil {
		limit := time.AfterFunc(p.Limits.Grace, stop)
		defer limit.Stop()
	}
	for p.flying > 0 {
		p.land(<-p.results)
	}
	if !p.lost && failed == nil {
		p.notes <- note{pump: p, keep: true, cursor: p.window.cursor(), release: true}
	}
}
