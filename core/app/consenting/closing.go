package consenting

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// defaultGrace is longer than any call that is made without a run: farewells and
// orders to tell a bank.
const defaultGrace = 2 * time.Minute

// Close puts an end to accesses of which nobody will: whoever called was killed.
// Where it turns out to live, what it writes takes the place of that.
func (s Sweeper) Close(ctx context.Context) error {
	before := s.Now().Add(-cmp.Or(s.Grace, defaultGrace))
	lost, err := s.lost(ctx, before)
	if err != nil || len(lost) == 0 {
		return err
	}
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		open, err := tx.Accesses().Open(ctx, before, batch)
		if err != nil {
			return err
		}
		for _, a := range open {
			if slices.Contains(lost, a.ID) {
				if err := tx.Accesses().Put(ctx, a.Ended(consent.Lost, s.Now())); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// lost are open accesses whose run nobody holds.
func (s Sweeper) lost(ctx context.Context, before time.Time) (lost []ident.Access, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		lost = nil
		open, err := tx.Accesses().Open(ctx, before, batch)
		for _, a := range open {
			held, err := s.held(ctx, tx, a)
			if err != nil {
				return err
			}
			if !held {
				lost = append(lost, a.ID)
			}
		}
		return err
	})
	return lost, err
}

func (s Sweeper) held(ctx context.Context, tx store.Tx, a consent.Access) (bool, error) {
	if a.SynchronizationID == "" {
		return false, nil
	}
	run, err := tx.Runs().Load(ctx, a.SynchronizationID)
	if fault.IsNotFound(err) {
		return false, nil
	}
	return err == nil && run.Lease.Held(s.Real()), err
}
