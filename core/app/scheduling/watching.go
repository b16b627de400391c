package scheduling

import (
	"context"
	"log/slog"
	"time"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/ports/store"
)

// Watch keeps the breakers, in a transaction of its own after that of the run:
// a count that is lost with a killed process does no harm, and runs of one bank
// need not wait for each other.
type Watch struct {
	Store  store.Store
	Now    func() time.Time
	Jitter func(time.Duration) time.Duration
	Log    *slog.Logger
}

var _ synchronizing.Watch = Watch{}

// Answered closes the channel's breaker.
func (w Watch) Answered(ctx context.Context, channel string) {
	w.change(ctx, channel, func(b *schedule.Breaker) { b.Answer() })
}

// Absent counts against the channel.
func (w Watch) Absent(ctx context.Context, channel string) {
	w.change(ctx, channel, func(b *schedule.Breaker) { b.Fail(w.Now(), w.Jitter) })
}

func (w Watch) change(ctx context.Context, channel string, change func(*schedule.Breaker)) {
	if still, err := w.still(ctx, channel, change); err != nil || still {
		w.complain(ctx, channel, err)
		return
	}
	var before, after schedule.Breaker
	err := w.Store.Update(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		if before, err = tx.Breakers().Get(ctx, channel); err != nil {
			return err
		}
		after = before
		change(&after)
		return tx.Breakers().Put(ctx, channel, after)
	})
	w.complain(ctx, channel, err)
	if now := w.Now(); err == nil && before.State(now) != after.State(now) {
		w.Log.InfoContext(ctx, "a channel's breaker moved", "channel_definition_id", channel,
			"from", before.State(now), "to", after.State(now), "open_until", after.Until)
	}
}

// still reports that nothing would change, which is so of nearly every answer:
// that costs a read and no write.
func (w Watch) still(ctx context.Context, channel string, change func(*schedule.Breaker)) (still bool, err error) {
	err = w.Store.View(ctx, func(tx store.Tx) error {
		before, err := tx.Breakers().Get(ctx, channel)
		after := before
		change(&after)
		still = after == before
		return err
	})
	return still, err
}

func (w Watch) complain(ctx context.Context, channel string, err error) {
	if err != nil && ctx.Err() == nil {
		w.Log.WarnContext(ctx, "how a channel answers was not noted", "channel_definition_id", channel, "error", err)
	}
}
