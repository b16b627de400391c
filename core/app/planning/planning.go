// Package planning says when connections are read next without their users. It
// brings together what a channel's status needs, what its bank allows, and the
// rules of core/schedule.
//
// Invariant: after Plan, a connection has a next time exactly when a channel of
// it moves on by itself and its user wants that.
package planning

import (
	"context"
	"encoding/binary"
	"io"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	domain "github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/ports/provider"
)

// Planner plans connections. The zero Planner knows no bank's wishes and draws
// nothing at random.
type Planner struct {
	Catalogue provider.Catalogue
	// Rand spreads what would else happen at once; nil does not.
	Rand io.Reader
}

// Plan sets when a connection is read next. What has a plan keeps it.
func (p Planner) Plan(ctx context.Context, c *connection.Connection, now time.Time) error {
	there, err := p.provider(ctx, c.ProviderID)
	if err != nil {
		return err
	}
	plans := make([]time.Time, len(c.Channels))
	for i, channel := range c.Channels {
		if !c.AutoSync {
			continue
		}
		plans[i] = schedule.Calendar{
			Now: now, Key: string(c.ID), MinInterval: limits(there, channel.DefinitionID).MinInterval,
			Closed: there.Maintenance, Jitter: p.Jitter,
		}.Plan(schedule.Channel{
			Need: NeedOf(channel), RetryAt: channel.RetryAt, Failures: channel.Failures, Planned: channel.NextAt,
		})
	}
	c.Plan(schedule.Next(now, plans...), plans)
	return nil
}

// Open gives the first time from now on at which a bank is there: now itself,
// outside its maintenance.
func (p Planner) Open(ctx context.Context, providerID string, now time.Time) (time.Time, error) {
	there, err := p.provider(ctx, providerID)
	return there.Maintenance.After(now), err
}

// Day is the banking day of an instant at a bank.
func (p Planner) Day(ctx context.Context, providerID string, at time.Time) (bank.Day, error) {
	there, err := p.provider(ctx, providerID)
	return there.Day(at), err
}

// Concurrency is how many sessions a bank bears at once; zero where it does not say.
func (p Planner) Concurrency(ctx context.Context, providerID string) (int, error) {
	there, err := p.provider(ctx, providerID)
	least := 0
	for _, channel := range there.Channels {
		if n := channel.Limits.Concurrency; n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return least, err
}

// provider is one without wishes where the catalogue has it no more, or not yet
// again.
func (p Planner) provider(ctx context.Context, id string) (domain.Provider, error) {
	if p.Catalogue == nil {
		return domain.Provider{}, nil
	}
	found, err := p.Catalogue.Provider(ctx, id)
	if fault.IsNotFound(err) {
		return domain.Provider{}, nil
	}
	return found, err
}

func limits(there domain.Provider, definition string) domain.Limits {
	channel, err := there.Channel(definition)
	if err != nil {
		return domain.Limits{}
	}
	return channel.Limits
}

// Jitter draws a time from zero up to below; without a source it is zero.
func (p Planner) Jitter(below time.Duration) time.Duration {
	var raw [8]byte
	if p.Rand == nil || below <= 0 {
		return 0
	}
	if _, err := io.ReadFull(p.Rand, raw[:]); err != nil {
		return 0 // less spread, and nothing else
	}
	return time.Duration(binary.LittleEndian.Uint64(raw[:])>>1) % below //nolint:gosec // 63 bits fit
}

// needs says what a channel's status waits for.
var needs = map[connection.ChannelStatus]schedule.Need{
	// A run that ends plans anew: this is for one that ended without.
	connection.ChannelRunning:         schedule.Daily,
	connection.ChannelSuccess:         schedule.Daily,
	connection.ChannelPartial:         schedule.Daily,
	connection.ChannelEmpty:           schedule.Daily,
	connection.RateLimited:            schedule.Turn,
	connection.ProviderUnavailable:    schedule.Patience,
	connection.TechnicalError:         schedule.Patience,
	connection.AuthFailed:             schedule.User,
	connection.AccountLocked:          schedule.User,
	connection.TokenExpired:           schedule.User,
	connection.PasswordChangeRequired: schedule.User,
	connection.ChallengeRequired:      schedule.User,
	connection.UserActionRequired:     schedule.User,
	connection.Blocked:                schedule.User,
	connection.ChannelClosed:          schedule.Nothing,
}

// NeedOf is what a channel waits for. One whose accounts the user deleted has
// nothing to read with; a status that nobody put here is taken to need the user,
// so that no bank is asked by mistake.
func NeedOf(c connection.Channel) schedule.Need {
	if c.Dropped() {
		return schedule.Nothing
	}
	if need, ok := needs[c.Status]; ok {
		return need
	}
	return schedule.User
}
