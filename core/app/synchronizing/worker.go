// Package synchronizing runs synchronizations: it claims a run, leads each of
// its channels from log-in to the last row, and commits what was read. Every
// step it takes is a row first, so that a killed process loses nothing and any
// node can go on.
//
// Invariants: no bank is called inside a transaction; every write is fenced by
// the run's lease epoch; what a run read becomes visible as a whole or not.
package synchronizing

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
)

// Job is the kind of the job that runs a synchronization; its key is the id.
const Job = "synchronize"

// Worker runs synchronizations.
type Worker struct {
	Store     store.Store
	Catalogue provider.Catalogue
	Gateway   provider.Gateway
	Box       sealer.Box
	IDs       ident.Source
	Rand      io.Reader
	// Now is the one clock of the sandbox: what users see of time, and what a bank
	// counts in days. Somebody waits for what is on Real: leases, what is due, the
	// time to answer a challenge.
	Now  func() time.Time
	Real func() time.Time
	Log  *slog.Logger
	// Owner names this process in leases.
	Owner string
	// ReturnURL is the only address given to banks.
	ReturnURL string
	Limits    Limits
	// Planner says when a connection is read next without its user.
	Planner planning.Planner
	// Watch, if any, is told how banks answer.
	Watch Watch
	// Drain knows the live sessions of this process; nil where it never drains.
	Drain *Drain
}

// Limits are the times a worker keeps, all on real time.
type Limits struct {
	// Lease is how long a silent holder keeps a run; it is renewed at a third.
	Lease time.Duration
	// Step bounds one call of a session, Fetch a whole fetch.
	Step  time.Duration
	Fetch time.Duration
	// Enter bounds the transaction that enters what a fetch read.
	Enter time.Duration
	// Answer is how long a user has at most; a bank may set less.
	Answer time.Duration
	// Poll is the pause between polls where the bank sets none.
	Poll time.Duration
	// Look is how often a live session looks for its answer.
	Look time.Duration
}

// Defaults fills what is not set.
func (l Limits) Defaults() Limits {
	for _, d := range []struct {
		limit *time.Duration
		value time.Duration
	}{
		{&l.Lease, 15 * time.Second}, {&l.Step, time.Minute}, {&l.Fetch, 10 * time.Minute}, {&l.Enter, 5 * time.Minute},
		{&l.Answer, 10 * time.Minute}, {&l.Poll, 2 * time.Second}, {&l.Look, time.Second},
	} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	return l
}

// Handle works on one run until it is over or waits for the user. A run that
// somebody else holds, or that is over or gone, is no error; nor is one that comes
// while this process shuts down: it stays due. One with a live session goes on
// apart: whoever called is free again.
func (w *Worker) Handle(ctx context.Context, key string) error {
	id, err := ident.Parse[ident.Synchronization](key)
	if err != nil || w.Drain.Begun() {
		return nil //nolint:nilerr // a key of ours is an id; no other job is one
	}
	bank, err := w.bankOf(ctx, id)
	if err != nil {
		return ignoreLoss(err)
	}
	return w.Drain.work(ctx, id, bank, w.Log, w.handle)
}

func (w *Worker) handle(ctx context.Context, id ident.Synchronization) (err error) {
	defer w.Drain.leave(id)
	fence, until, err := w.claim(ctx, id)
	if err != nil {
		w.part(ctx, id, err)
		return ignoreLoss(err)
	}
	held, lease := w.hold(ctx, fence, until)
	defer func() {
		lease.release()
		if err != nil && ctx.Err() != nil {
			w.letGo(context.WithoutCancel(ctx), fence)
		}
	}()
	err = w.play(held, lease)
	w.part(ctx, id, err)
	return ignoreLoss(err)
}

// letGo gives the run back when this process shuts down, so that the next one
// need not wait for the lease to end.
func (w *Worker) letGo(ctx context.Context, fence store.Fence) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	err := w.Store.Update(ctx, fence, func(tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, fence.Run)
		if err != nil {
			return err
		}
		run.LetGo(w.Real())
		return tx.Runs().Put(ctx, run)
	})
	if err != nil {
		w.Log.InfoContext(ctx, "run not given back, its lease will end", "synchronization_id", fence.Run, "error", err)
	}
}

// claim takes the run until a time; the bank must not be called after it.
func (w *Worker) claim(ctx context.Context, id ident.Synchronization) (fence store.Fence, until time.Time, err error) {
	err = w.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, id)
		if err != nil {
			return err
		}
		if err := w.early(ctx, tx, run); err != nil {
			return err
		}
		now, first := w.Real(), run.Status == synchronization.Queued
		until = now.Add(w.Limits.Lease)
		rested := run.Rests()
		if err := run.Claim(w.Owner, now, until); err != nil {
			return err
		}
		if rested {
			if err := w.rise(ctx, tx, run); err != nil {
				return err
			}
		}
		if first {
			run.StartedAt = w.Now() // like its end, on the clock that users see
		}
		fence = store.Fence{Run: id, Epoch: run.Lease.Epoch}
		return tx.Runs().Put(ctx, run)
	})
	return fence, until, err
}

var errEarly = errors.New("synchronizing: nobody has answered and nothing is due")

// slack is how much too early a job may come: what a queue rounds off.
const slack = 200 * time.Millisecond

// early fails with errEarly where a run rests, or where the user was asked, said nothing, and no poll
// is due. A bank is not polled more often because a job came twice.
func (w *Worker) early(ctx context.Context, tx store.Tx, run *synchronization.Synchronization) error {
	if run.Rests() && run.RetryAt.After(w.Now()) {
		return errEarly
	}
	leg := run.NextLeg()
	if run.Status != synchronization.Paused || leg == nil || !run.DueAt.After(w.Real().Add(slack)) {
		return nil
	}
	asked, err := tx.Challenges().Current(ctx, run.ID, leg.ChannelDefinition)
	if err != nil {
		return err
	}
	if asked.State == connection.Open && !asked.Wanted() && w.Real().Before(asked.ExpiresAt) {
		return errEarly
	}
	return nil
}

// ignoreLoss turns "it is not ours any more" into nothing to do.
func ignoreLoss(err error) error {
	for _, lost := range []error{errEarly, synchronization.ErrFenced, synchronization.ErrOver, synchronization.ErrNotFound} {
		if errors.Is(err, lost) {
			return nil
		}
	}
	return err
}

// play leads each leg as far as it goes.
func (w *Worker) play(ctx context.Context, held *lease) error {
	for first := true; ; first = false {
		if over, err := w.turn(ctx, held, first); err != nil || over {
			return err
		}
	}
}

// turn leads the next leg; over means that the run is, or waits for the user.
func (w *Worker) turn(ctx context.Context, held *lease, first bool) (over bool, err error) {
	visit, err := w.visit(ctx, held)
	if err != nil || visit == nil {
		return true, err
	}
	defer visit.note(ctx)
	inherited := first && visit.leg.Phase == synchronization.Ready
	paused, err := visit.lead(ctx)
	if inherited && err != nil && failedWith(err, provider.SessionLost) {
		// The session of a process that died; the bank forgot it meanwhile.
		err = visit.restart(ctx)
	}
	if err != nil && w.transient(err) {
		return true, err
	}
	visit.watch(ctx, err)
	if err != nil {
		err = visit.lose(ctx, failureOf(err))
	}
	return paused, err
}

// failureOf makes a ciphertext that does not open what it is: a secret to ask for again.
func failureOf(err error) *provider.Failure {
	if errors.Is(err, sealer.ErrUnreadable) {
		return &provider.Failure{Code: provider.SecretUnreadable, Whose: provider.Host, Err: err}
	}
	return provider.FailureOf(err)
}

// transient tells errors of our own store and context, after which the run is
// taken up again, from what a bank or plugin answered.
func (w *Worker) transient(err error) bool {
	if _, answered := errors.AsType[*provider.Failure](err); answered {
		return false
	}
	if _, ours := errors.AsType[*fault.Error](err); ours {
		return !errors.Is(err, sealer.ErrUnreadable)
	}
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errLeaseLost)
}
