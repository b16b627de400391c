package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// call is one call of the gateway, on the channel of a visit. Nobody else but
// make calls the gateway: what has to be true before a bank is asked anything is
// said here, once.
type call struct {
	operation consent.Operation
	// within bounds the call itself.
	within time.Duration
	// before, if any, is committed with the admission: what the call is told of in
	// the store, and what has to be reserved for it.
	before func(ctx context.Context, tx store.Tx, at place) error
	ask    func(ctx context.Context) error
}

// make admits a call in a fenced transaction, and then makes it. It fails where
// the call was not made; failed is what came of one that was.
func (v *visit) make(ctx context.Context, c call) (failed, err error) {
	err = v.commit(ctx, func(tx store.Tx, at place) error {
		if err := v.admit(at); err != nil {
			return err
		}
		if c.before == nil {
			return nil
		}
		return c.before(ctx, tx, at)
	})
	if err != nil {
		return nil, err
	}
	bounded, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	return c.ask(bounded), nil
}

// errNoConsent refuses a call under no consent: the user gives one by signing in.
var errNoConsent = &provider.Failure{Code: provider.TokenExpired, Whose: provider.User}

// admit lets a call pass that a consent covers, on the clock that users see and
// banks count by. A user who is there may give another one.
func (v *visit) admit(at place) error {
	until := at.channel.ExpiresAt
	if at.run.PSU == nil && !until.IsZero() && !v.Now().Before(until) {
		return errNoConsent
	}
	return nil
}
