package scheduling_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const day = 24 * time.Hour

func TestDaily_runs_over_ten_days(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.connect(oak, web, api)
	first := w.connection(id).NextSynchronizationAt
	require.True(t, first.After(w.now()))
	w.live(10*day, 10*time.Minute)
	require.InDelta(t, 10, w.banks.left[oak+web], 1)
	require.Equal(t, w.banks.left[oak+web], w.banks.left[oak+api], "one run reads both")
	for _, begun := range w.banks.begun[2:] {
		require.Nil(t, begun.PSU, "nobody is there")
	}
	c := w.connection(id)
	require.Equal(t, connection.Success, c.Status)
	off := c.NextSynchronizationAt.Sub(first) % day
	require.LessOrEqual(t, min(off, day-off), 10*time.Minute, "at its own time of the day")
}

func TestAutoSync_off_and_on(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.connect(oak, web)
	turn := func(on bool) *connection.Connection {
		changed, err := w.links.Change(w.ctx, w.ana, string(id), usecase.ConnectionChange{AutoSync: &on})
		require.NoError(t, err)
		return changed
	}
	require.Zero(t, turn(false).NextSynchronizationAt)
	w.live(3*day, time.Hour)
	require.Zero(t, w.banks.left[oak+web])
	require.NotZero(t, turn(true).NextSynchronizationAt)
	w.live(2*day, time.Hour)
	require.NotZero(t, w.banks.left[oak+web])
}

// TestWrong_password_is_never_retried (R17): whatever time passes, nobody logs
// in until the user acts.
func TestWrong_password_is_never_retried(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.banks.does[oak+web] = string(port.AuthFailed)
	id := w.connect(oak, web)
	require.Zero(t, w.connection(id).NextSynchronizationAt)
	w.live(3*day, 10*time.Minute)
	require.Len(t, w.banks.begun, 1)
	w.banks.does[oak+web] = reads
	_, err := w.runs.Start(w.ctx, w.ana, string(id), synchronization.All)
	require.NoError(t, err)
	w.work()
	require.NotZero(t, w.connection(id).NextSynchronizationAt, "the user acted")
}

// TestOne_channel_that_needs_the_user does not keep the other from being read,
// nor is it read itself.
func TestOne_channel_that_needs_the_user(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.banks.does[oak+web] = string(port.AuthFailed)
	id := w.connect(oak, web, api)
	w.live(3*day, 10*time.Minute)
	require.Zero(t, w.banks.left[oak+web])
	require.InDelta(t, 3, w.banks.left[oak+api], 1)
	c := w.connection(id)
	require.Equal(t, connection.Failed, c.Status)
	at, err := c.Channel(oak + web)
	require.NoError(t, err)
	require.Equal(t, connection.AuthFailed, at.Status)
}

// TestUnattended_asks_nothing: a plugin that asks anyway fails, and the user is
// told by the status.
func TestUnattended_asks_nothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.connect(oak, web)
	w.banks.does[oak+web] = asks
	w.live(2*day, 10*time.Minute)
	require.Equal(t, 1, w.banks.left[oak+web])
	c := w.connection(id)
	require.Equal(t, connection.ChallengeRequired, c.Channels[0].Status)
	require.Zero(t, c.NextSynchronizationAt)
	w.View(func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Challenges().Open(ctx, w.ana.Owner(), id)
		require.ErrorIs(t, err, connection.ErrNoChallenge)
		return nil
	})
}

func TestThrottled_waits_for_its_turn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.banks.does[oak+web], w.banks.retryAt = string(port.RateLimited), w.now().Add(3*time.Hour)
	id := w.connect(oak, web)
	require.WithinDuration(t, w.banks.retryAt, w.connection(id).NextSynchronizationAt, 10*time.Minute)
	require.Equal(t, w.banks.retryAt, w.connection(id).Channels[0].RetryAt)
	w.live(3*time.Hour-10*time.Minute, 10*time.Minute)
	require.Zero(t, w.banks.left[oak+web])
	w.banks.retryAt = time.Time{}
	w.live(12*time.Hour, 10*time.Minute)
	require.Equal(t, 1, w.banks.left[oak+web], "nor is one that does not say when tried again and again")
}

// TestBank_down_for_six_hours (R16): it is left alone, others are not, and it
// recovers by itself.
func TestBank_down_for_six_hours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const users = 20
	var ids []ident.Connection
	for range users {
		ids = append(ids, w.connect(oak, web))
	}
	w.connect(elm, web)
	w.everyoneDue()
	w.banks.does[oak+web] = string(port.ProviderUnavailable)
	w.live(6*time.Hour, time.Minute)
	attempts := w.banks.left[oak+web]
	t.Logf("%d attempts for %d connections", attempts, users)
	// What it takes to open, what is at work then, and a probe after 5, 10, 20, 40 and each 60 minutes.
	require.LessOrEqual(t, attempts, schedule.Threshold+10+8)
	require.Equal(t, 1, w.banks.left[elm+web])
	require.Equal(t, provider.Down, w.health(oak+web))
	require.Equal(t, provider.Up, w.health(elm+web))

	w.banks.does[oak+web] = reads
	w.live(4*time.Hour, time.Minute)
	require.Equal(t, provider.Up, w.health(oak+web))
	w.live(day+12*time.Hour, 10*time.Minute)
	for _, id := range ids {
		require.Equal(t, connection.Success, w.connection(id).Status)
	}
}

// TestBank_half_there: one that lets in and then is not there is down as well.
func TestBank_half_there(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 12 {
		w.connect(oak, web)
	}
	w.everyoneDue()
	w.banks.does[oak+web] = halfThere
	w.live(time.Hour, time.Minute)
	require.Equal(t, provider.Down, w.health(oak+web))
	require.LessOrEqual(t, w.banks.left[oak+web], schedule.Threshold+10+4)
}

// TestBank_whose_web_site_is_down is read by its interface as ever: each channel
// has its own breaker, and its own turn.
func TestBank_whose_web_site_is_down(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []ident.Connection
	for range 12 {
		ids = append(ids, w.connect(oak, web, api))
	}
	w.everyoneDue()
	w.banks.does[oak+web] = string(port.ProviderUnavailable)
	w.live(2*day, 10*time.Minute)
	require.Equal(t, provider.Down, w.health(oak+web))
	require.Equal(t, provider.Up, w.health(oak+api))
	require.GreaterOrEqual(t, w.banks.left[oak+api], 2*len(ids), "as often as ever")
	require.LessOrEqual(t, w.banks.left[oak+web], schedule.Threshold+10+2*48)
	met := 0
	for _, id := range ids {
		for _, channel := range w.connection(id).Channels {
			if channel.DefinitionID == oak+web && channel.Status == connection.ProviderUnavailable {
				met++
				continue
			}
			require.Equal(t, connection.ChannelSuccess, channel.Status) // also of who was never the one to look whether it is there
		}
	}
	require.Greater(t, met, len(ids)*2/3, "who looks is left to chance, and most do in two days")
	w.banks.does[oak+web] = reads
	w.live(2*day, 10*time.Minute)
	for _, id := range ids {
		require.Equal(t, connection.Success, w.connection(id).Status)
	}
}

// everyoneDue makes every connection due now.
func (w *world) everyoneDue() {
	w.Update(func(ctx context.Context, tx store.Tx) error {
		for _, c := range w.everything() {
			for i := range c.Channels {
				c.Channels[i].NextAt = w.now()
			}
			c.NextSynchronizationAt = w.now()
			if err := tx.Connections().Put(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) health(id string) provider.Health {
	var b schedule.Breaker
	w.View(func(ctx context.Context, tx store.Tx) (err error) {
		b, err = tx.Breakers().Get(ctx, id)
		return err
	})
	if b.State(w.now()) == schedule.Closed {
		return provider.Up
	}
	return provider.Down
}

func TestConcurrency_is_kept_and_others_have_their_turn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 15 {
		w.connect(oak, web)
	}
	w.Pass(time.Second)
	w.connect(elm, web)
	w.everyoneDue()
	require.Equal(t, 11, w.look(), "ten of the bank that does not say, and the other one")
	require.Zero(t, w.look(), "they are still at work")
	w.work()
	require.Equal(t, 5, w.look())
	w.work()

	all, err := w.Banks.Providers(w.ctx)
	require.NoError(t, err)
	all[0].Channels[0].Limits.Concurrency, all[0].Channels[1].Limits.Concurrency = 2, 3
	w.Banks.Set(all...)
	w.everyoneDue()
	require.Equal(t, 3, w.look())
	w.scheduler.Limits.Waiting = 3
	require.Zero(t, w.look(), "a user's own run would have to wait behind them")
}

func TestTwo_processes_queue_once(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 10 {
		w.connect(oak, web)
	}
	w.everyoneDue()
	var all sync.WaitGroup
	queued := make([]int, 8)
	for i := range queued {
		all.Go(func() { queued[i], _ = w.another().Look(w.ctx) })
	}
	all.Wait()
	sum := 0
	for _, n := range queued {
		sum += n
	}
	require.Equal(t, 10, sum)
	w.work()
	require.Equal(t, 10, w.banks.left[oak+web])
}

// TestClock_jumps (R7): no run twice, and nothing asleep.
func TestClock_jumps(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{time.Hour, day, -time.Hour, -day, -30 * day} {
		w := newWorld(t)
		id := w.connect(oak, web)
		w.live(day+12*time.Hour, 10*time.Minute)
		before := w.banks.left[oak+web]
		w.offset += jump
		w.look()
		w.work()
		w.look()
		w.work()
		require.LessOrEqual(t, w.banks.left[oak+web], before+1, "%v", jump)
		next := w.connection(id).NextSynchronizationAt
		require.False(t, next.After(w.now().Add(schedule.Horizon+time.Hour)), "%v: asleep until %v", jump, next.Sub(w.now()))
		w.live(2*day, 10*time.Minute)
		require.Greater(t, w.banks.left[oak+web], before, "%v", jump)
		require.LessOrEqual(t, w.banks.left[oak+web], before+4, "%v", jump)
	}
}

func TestMaintenance_is_avoided(t *testing.T) {
	t.Parallel()
	for name, closed := range map[string]bank.Window{
		"in_the_afternoon": {From: 12 * time.Hour, To: 18 * time.Hour}, "all_but_an_hour": {From: time.Hour, To: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			all, err := w.Banks.Providers(w.ctx)
			require.NoError(t, err)
			all[0].Maintenance = bank.Windows{closed}
			w.Banks.Set(all...)
			there := func(at time.Time) {
				require.Equal(t, at, all[0].Maintenance.After(at), "%v is in the maintenance", at)
			}
			w.banks.look = func(req port.Begin) {
				if req.PSU == nil {
					there(w.now())
				}
			}
			for range 5 {
				w.connect(oak, web)
			}
			both := w.connect(oak, web, api)
			w.everyoneDue() // at noon, as after a long time without a server
			require.Zero(t, w.look())
			for _, c := range w.everything() {
				there(c.NextSynchronizationAt)
			}
			if channels := w.connection(both).Channels; name == "in_the_afternoon" { // the other one leaves no room to put off both
				require.Equal(t, channels[0].NextAt, channels[1].NextAt, "one run reads both")
			}
			w.live(3*day, 10*time.Minute)
			require.InDelta(t, 18, w.banks.left[oak+web], 7)
		})
	}
}

func TestOne_that_is_broken_does_not_keep_the_others(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.connect(oak, web)
	w.Pass(time.Second)
	w.connect(oak, web)
	w.everyoneDue()
	_, err := w.runs.Start(w.ctx, w.ana, string(first), synchronization.All)
	require.NoError(t, err)
	w.everyoneDue()
	require.Equal(t, 1, w.look(), "one is running already")
	require.True(t, w.connection(first).NextSynchronizationAt.After(w.now()))
}
