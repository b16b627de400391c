package synchronizing

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// mostInLine is how many runs may stand in line for one process; those beyond
// are found again when they are swept for.
const mostInLine = 10_000

// shares keep the runs of one bank from holding every worker of a process: a bank
// that hangs would have those of all others wait. What is above its share stands
// in line, the first one first.
type shares struct {
	mu     sync.Mutex
	banks  map[string]*semaphore.Weighted
	inLine map[ident.Synchronization]bool
}

// of is a bank's share.
func (s *shares) of(bank string, most int) *semaphore.Weighted {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.banks == nil {
		s.banks, s.inLine = map[string]*semaphore.Weighted{}, map[ident.Synchronization]bool{}
	}
	if s.banks[bank] == nil {
		s.banks[bank] = semaphore.NewWeighted(int64(most))
	}
	return s.banks[bank]
}

// stand puts a run in line; a second job of one that stands there is nothing to
// wait for, nor one for which the line is too long.
func (s *shares) stand(run ident.Synchronization) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inLine[run] || len(s.inLine) >= mostInLine {
		return false
	}
	s.inLine[run] = true
	return true
}

func (s *shares) step(run ident.Synchronization) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.inLine, run)
}

// share waits until a run may have its worker. Who stands in line has none. It
// gives nothing to call where the run is not to be worked on, else what gives the
// share back: once the run is over, or goes on apart.
func (d *Drain) share(ctx context.Context, bank string, run ident.Synchronization) (leave func()) {
	share := d.shares.of(bank, d.Share)
	if !share.TryAcquire(1) {
		if !d.shares.stand(run) {
			return nil
		}
		defer d.shares.step(run)
		goApart(ctx)
		if share.Acquire(ctx, 1) != nil {
			return nil
		}
		if d.Begun() {
			share.Release(1)
			return nil
		}
	}
	return sync.OnceFunc(func() { share.Release(1) })
}

// bankOf is the channel that a run calls next; none where nothing is left to call.
func (w *Worker) bankOf(ctx context.Context, id ident.Synchronization) (bank string, err error) {
	err = w.Store.View(ctx, func(tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, id)
		if err != nil {
			return err
		}
		if leg := run.NextLeg(); leg != nil {
			bank = leg.ChannelDefinition
		}
		return nil
	})
	return bank, err
}
