// Package rotation replaces the master key beside a running server. It owns the
// order of the steps and nothing else: sealbox changes the key file, rekeying
// wraps the users' keys.
//
// Invariant: the old key is destroyed only after a walk over everything found
// nothing wrapped under it, at a time when no server can still wrap under it.
// Killed anywhere, it goes on from the key file when it is called again.
package rotation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/core/app/rekeying"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
)

// Step is a part of a rotation that can be asked for alone.
type Step string

// Steps. Where several servers have copies of the key file, it is handed to all
// of them after each.
const (
	All     Step = "all"
	Prepare Step = "prepare"
	Wrap    Step = "wrap"
	Destroy Step = "destroy"
)

// Rotation of one key file.
type Rotation struct {
	KeyFile string
	Store   store.Store
	// Also wraps what is not a user's.
	Also func(sealer.Rewrapper) error
	// Settle is how long to wait before the last walk: longer than any server
	// takes from wrapping a key to committing it.
	Settle time.Duration
	Step   Step
	Now    func() time.Time
	// Told hears of the progress, in words.
	Told func(string)
}

// Result is what was done.
type Result struct {
	// Users have a key; Wrapped of them were wrapped anew by this call.
	Users   int `json:"users"`
	Wrapped int `json:"wrapped"`
	// Finished is true once the old key is destroyed.
	Finished bool `json:"finished"`
}

// Errors.
var (
	ErrNothingPrepared = errors.New("no rotation is under way: begin with the step prepare")
	ErrUnderWay        = errors.New("a rotation is under way already: go on with the step wrap")
	ErrNotWrapped      = errors.New("the new key seals nothing yet: the step wrap comes first")
)

// Run does the steps that are left.
func (r Rotation) Run(ctx context.Context) (result Result, err error) {
	keys, err := sealbox.Rotate(r.KeyFile)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	if err := r.try(ctx); err != nil {
		return result, err
	}
	ready, err := r.advance(keys)
	if err != nil || !ready {
		return result, err
	}
	return r.finish(ctx, keys)
}

// advance brings the file to where the new key seals, as far as was asked; it
// reports whether it is there.
func (r Rotation) advance(keys *sealbox.Rotation) (ready bool, err error) {
	for {
		stage, err := keys.Stage()
		if err != nil {
			return false, err
		}
		switch {
		case stage == sealbox.Single && (r.Step == Wrap || r.Step == Destroy):
			return false, ErrNothingPrepared
		case stage == sealbox.Single:
			err = keys.Prepare()
			r.Told("a new key is in the file; it seals nothing yet")
			if r.Step == Prepare {
				return false, err
			}
		case r.Step == Prepare:
			return false, ErrUnderWay
		case stage == sealbox.Prepared && r.Step == Destroy:
			return false, ErrNotWrapped
		case stage == sealbox.Prepared:
			err = keys.Promote()
			r.Told("the new key seals from now on")
		default:
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// finish wraps everything, and destroys the old key once nothing needs it.
func (r Rotation) finish(ctx context.Context, keys *sealbox.Rotation) (Result, error) {
	result, err := r.wrap(ctx)
	if err != nil || r.Step == Wrap {
		return result, err
	}
	for again := 1; again > 0; {
		r.Told(fmt.Sprintf("waiting %s for writes under the old key", r.Settle))
		if err := r.wait(ctx); err != nil {
			return result, err
		}
		last, err := r.wrap(ctx)
		if err != nil {
			return result, err
		}
		again, result.Users = last.Wrapped, last.Users
		result.Wrapped += last.Wrapped
	}
	if err := keys.Destroy(); err != nil {
		return result, err
	}
	result.Finished = true
	return result, nil
}

func (r Rotation) wrap(ctx context.Context) (Result, error) {
	box, err := sealbox.Watch(r.KeyFile, r.Now)
	if err != nil {
		return Result{}, err
	}
	count, err := rekeying.Service{Store: r.Store, Box: box}.Wrap(ctx, nil)
	if err == nil && r.Also != nil {
		err = r.Also(box)
	}
	r.Told(fmt.Sprintf("%d users' and %d webhooks' keys looked at, %d wrapped anew", count.Users, count.Webhooks, count.Wrapped))
	return Result{Users: count.Users, Wrapped: count.Wrapped}, err
}

func (r Rotation) wait(ctx context.Context) error {
	timer := time.NewTimer(r.Settle)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// try refuses the key of another database before anything is changed.
func (r Rotation) try(ctx context.Context) error {
	box, err := sealbox.Watch(r.KeyFile, r.Now)
	if err != nil {
		return err
	}
	if _, err := (rekeying.Service{Store: r.Store, Box: box}).Sample(ctx); err != nil {
		return fmt.Errorf("%s does not open what this database holds: %w", r.KeyFile, err)
	}
	return nil
}
