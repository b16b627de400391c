package synchronizing

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Synchronizations: it queues runs and shows them.
type Service struct {
	Store store.Store
	Now   func() time.Time
	IDs   ident.Source
	// Real is the clock of what somebody waits for; nil means Now, where the two are one.
	Real func() time.Time
	// Planner says when a connection is read next without its user.
	Planner planning.Planner
}

var _ usecase.Synchronizations = Service{}

// Start queues a run of one connection; a second one beside a running one
// fails with synchronization.ErrRunning about the running one's id.
func (s Service) Start(ctx context.Context, p usecase.Principal, connectionID string, kind synchronization.Type) (run *synchronization.Synchronization, err error) {
	id, err := ident.Parse[ident.Connection](connectionID)
	if err != nil {
		return nil, connection.ErrNotFound
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, err := tx.Connections().Get(ctx, p.Owner(), id)
		if err != nil {
			return err
		}
		run, err = s.Queue(ctx, tx, c, p, synchronization.Manual, kind)
		return err
	})
	if err != nil {
		return nil, err
	}
	return run, nil
}

// Find queues a run that looks for accounts which are not shared, and has its user
// choose among them: those that were removed come back only where that is wanted.
func (s Service) Find(ctx context.Context, p usecase.Principal, connectionID string) error {
	id, err := ident.Parse[ident.Connection](connectionID)
	if err != nil {
		return connection.ErrNotFound
	}
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, err := tx.Connections().Get(ctx, p.Owner(), id)
		if err != nil {
			return err
		}
		run, err := s.Queue(ctx, tx, c, p, synchronization.Manual, synchronization.ListAccounts)
		if err != nil {
			return err
		}
		run.Offers = true
		return tx.Runs().Put(ctx, run)
	})
}

// Queue stores a new run of a connection, with the job that will work on it: of
// the channels that are named, or of all where none is. The connection has its
// next turn from here on: a run that ends plans it anew.
func (s Service) Queue(ctx context.Context, tx store.Tx, c *connection.Connection, p usecase.Principal, trigger synchronization.Trigger, kind synchronization.Type, channels ...string) (*synchronization.Synchronization, error) {
	return s.QueueUnder(ctx, tx, c, p, "", trigger, kind, channels...)
}

// QueueUnder is Queue for a user who has just seen a version of the terms: what
// has to be agreed to anew is agreed to under that one. An empty version keeps the
// words of before.
func (s Service) QueueUnder(ctx context.Context, tx store.Tx, c *connection.Connection, p usecase.Principal, terms string, trigger synchronization.Trigger, kind synchronization.Type, channels ...string) (*synchronization.Synchronization, error) {
	run := synchronization.New(synchronization.Order{
		ID: ident.New[ident.Synchronization](s.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID,
		Type: kind, Trigger: trigger, PSU: p.PSU, Locale: p.Locale, Channels: legs(c.Channels, channels...),
	}, s.Now())
	if trigger != synchronization.Scheduled {
		if err := s.replace(ctx, tx, c); err != nil {
			return nil, err
		}
	}
	c.Start(run.ID, channels...)
	if err := s.agree(ctx, tx, p, c, run, terms); err != nil {
		return nil, err
	}
	if err := s.Planner.Plan(ctx, c, s.Now()); err != nil {
		return nil, err
	}
	if err := tx.Connections().Put(ctx, c); err != nil {
		return nil, err
	}
	return run, s.Wake(ctx, tx, run)
}

// Wake stores a run that has something to do now, with the job that does it.
func (s Service) Wake(ctx context.Context, tx store.Tx, run *synchronization.Synchronization) error {
	run.Wake(s.RealTime())
	if err := tx.Runs().Put(ctx, run); err != nil {
		return err
	}
	return tx.Wake(ctx, jobs.Job{Kind: Job, Key: string(run.ID)})
}

// RealTime is the time of what somebody waits for.
func (s Service) RealTime() time.Time {
	if s.Real == nil {
		return s.Now()
	}
	return s.Real()
}

// legs puts REDIRECT channels first: what they feed, the others need not read.
func legs(channels []connection.Channel, named ...string) []string {
	var first, then []string
	for _, channel := range channels {
		if channel.Dropped() || len(named) > 0 && !slices.Contains(named, channel.DefinitionID) {
			continue
		}
		if channel.Type == bank.Redirect {
			first = append(first, channel.DefinitionID)
		} else {
			then = append(then, channel.DefinitionID)
		}
	}
	return append(first, then...)
}

// StartAll queues a run for each connection of a user where none is at work.
func (s Service) StartAll(ctx context.Context, p usecase.Principal, userID string, kind synchronization.Type) (runs []*synchronization.Synchronization, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		runs = nil
		owner, err := access.User(ctx, tx, p, userID)
		if err != nil {
			return err
		}
		idle, err := s.idle(ctx, tx, store.Owner{Client: p.Client, User: owner.ID})
		if err != nil {
			return err
		}
		for _, c := range idle {
			run, err := s.Queue(ctx, tx, c, p, synchronization.Manual, kind)
			if err != nil {
				return err
			}
			runs = append(runs, run)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return runs, nil
}

// idle lists a user's connections where no run is at work.
func (s Service) idle(ctx context.Context, tx store.Tx, owner store.Owner) (idle []*connection.Connection, err error) {
	page := store.Page{Limit: 500}
	for {
		slice, err := tx.Connections().List(ctx, owner, store.ConnectionFilter{}, page)
		if err != nil {
			return nil, err
		}
		for _, c := range slice.Items {
			run, err := tx.Runs().Active(ctx, c.ID)
			if err != nil && !fault.IsNotFound(err) {
				return nil, err
			}
			if err == nil && !run.Rests() {
				continue
			}
			idle = append(idle, c)
		}
		if page.After = slice.Next; page.After == nil {
			return idle, nil
		}
	}
}

// Get finds one run.
func (s Service) Get(ctx context.Context, p usecase.Principal, id string) (run *synchronization.Synchronization, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		run, err = find(ctx, tx, p, id)
		return err
	})
	return run, err
}

func find(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (*synchronization.Synchronization, error) {
	parsed, err := ident.Parse[ident.Synchronization](id)
	if err != nil {
		return nil, synchronization.ErrNotFound
	}
	return tx.Runs().Get(ctx, p.Owner(), parsed)
}

// List pages through runs, newest first.
func (s Service) List(ctx context.Context, p usecase.Principal, filter store.RunFilter, page store.Page) (slice store.Slice[*synchronization.Synchronization], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Runs().List(ctx, p.Owner(), filter, page)
		return err
	})
	return slice, err
}

// Cancel ends a run, fences off whoever works on it, and gives its channels
// back the status they had.
func (s Service) Cancel(ctx context.Context, p usecase.Principal, id string) (run *synchronization.Synchronization, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if run, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		if err := run.Cancel(s.Now()); err != nil {
			return err
		}
		if err := s.calm(ctx, tx, run); err != nil {
			return err
		}
		return s.putOver(ctx, tx, run)
	})
	if err != nil {
		return nil, err
	}
	return run, nil
}

// Stop cancels the run that is at work on a connection, if there is one; the
// channels of c are again what they were.
func (s Service) Stop(ctx context.Context, tx store.Tx, c *connection.Connection) error {
	run, err := tx.Runs().Active(ctx, c.ID)
	if fault.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := run.Cancel(s.Now()); err != nil {
		return err
	}
	if err := s.withdraw(ctx, tx, c, run); err != nil {
		return err
	}
	return s.putOver(ctx, tx, run)
}

// putOver stores a run that was cancelled, and has its session at the bank closed.
func (s Service) putOver(ctx context.Context, tx store.Tx, run *synchronization.Synchronization) error {
	if err := tx.Runs().Put(ctx, run); err != nil {
		return err
	}
	return tx.Wake(ctx, jobs.Job{Kind: Job, Key: string(run.ID)})
}

// calm withdraws what the run still asked and ends its channels' running.
func (s Service) calm(ctx context.Context, tx store.Tx, run *synchronization.Synchronization) error {
	c, err := tx.Connections().Get(ctx, store.Owner{Client: run.ClientID, User: run.UserID}, run.ConnectionID)
	if err != nil {
		return err
	}
	if err := s.withdraw(ctx, tx, c, run); err != nil {
		return err
	}
	return tx.Connections().Put(ctx, c)
}

func (s Service) withdraw(ctx context.Context, tx store.Tx, c *connection.Connection, run *synchronization.Synchronization) error {
	open, err := tx.Challenges().Open(ctx, store.Owner{Client: run.ClientID, User: run.UserID}, c.ID)
	if err == nil {
		open.Close(connection.Withdrawn)
		err = tx.Challenges().Put(ctx, open)
	}
	if err != nil && !fault.IsNotFound(err) {
		return err
	}
	c.Calm()
	if err := s.Planner.Plan(ctx, c, s.Now()); err != nil {
		return err
	}
	return forgoRenewals(ctx, tx, c, run, s.Now())
}
