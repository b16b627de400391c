package notifying_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/webhook"
	"github.com/tributary-dev/tributary/ports/webhook/webhooktest"
)

// down answers 503 until a moment, and then 200; it counts how many are there at once.
type down struct {
	until     time.Time
	now, most atomic.Int64
}

func (d *down) answer(context.Context, webhook.Message) delivery.Answer {
	d.most.Store(max(d.most.Load(), d.now.Add(1)))
	defer d.now.Add(-1)
	time.Sleep(20 * time.Millisecond)
	if time.Now().Before(d.until) {
		return delivery.Answer{HTTPStatus: http.StatusBadGateway}
	}
	return delivery.Answer{HTTPStatus: http.StatusOK}
}

// TestClaim_W4_a_day_down: every event arrives after the return, each attempt
// within a tenth of the schedule, with no more requests at once than ever.
func TestClaim_W4_a_day_down(t *testing.T) {
	within(t, func(p *place) {
		away := &down{until: time.Now().Add(24 * time.Hour)}
		w := p.hooked("away", away.answer)
		head := p.Head(p.Acme)
		d := p.dispatcher("one")
		dice := 0.0
		d.Dice = func() float64 { dice = dice + 0.37 - float64(int(dice+0.37)); return dice }
		stop := p.start(d)
		for range 24 {
			p.happen(p.Ana, 3)
			time.Sleep(time.Hour)
		}
		time.Sleep(30 * time.Hour)
		stop()
		all := p.deliveries(w)
		require.Len(t, all, 72)
		for _, one := range all {
			require.Equal(t, delivery.Delivered, one.Status)
			for step := range len(one.Attempts) - 1 {
				wait, _ := delivery.Wait(step)
				ended := one.Attempts[step].At.Add(one.Attempts[step].Took)
				require.InDelta(t, wait, one.Attempts[step+1].At.Sub(ended), float64(wait)/10, "step %d", step)
			}
		}
		arrived := p.got(w)
		for _, id := range p.log(head) {
			require.Contains(t, arrived, id)
		}
		require.LessOrEqual(t, away.most.Load(), int64(8))
		require.Zero(t, p.now(w).RetryAt)
	})
}

// TestClaim_W5_a_dead_endpoint_is_disabled after five days of nothing but
// failure, and its client can read so; nothing is lost by it.
func TestClaim_W5_a_dead_endpoint_is_disabled(t *testing.T) {
	within(t, func(p *place) {
		healthy := atomic.Bool{}
		w := p.hooked("dead", func(context.Context, webhook.Message) delivery.Answer {
			if healthy.Load() {
				return delivery.Answer{HTTPStatus: http.StatusNoContent}
			}
			return delivery.Answer{Code: delivery.Unreachable}
		})
		head := p.Head(p.Acme)
		stop := p.start(p.dispatcher("one"))
		for range 4 {
			p.happen(p.Ana, 1)
			time.Sleep(24 * time.Hour)
		}
		require.Equal(t, delivery.Enabled, p.now(w).Status)
		healthy.Store(true)
		p.happen(p.Ana, 1)
		time.Sleep(time.Minute)
		require.Zero(t, p.now(w).FailingSince, "one success begins anew")
		healthy.Store(false)
		for range 7 {
			p.happen(p.Ana, 1)
			time.Sleep(24 * time.Hour)
		}
		found := p.now(w)
		require.Equal(t, delivery.Disabled, found.Status)
		require.Equal(t, delivery.Failing, found.Reason)
		told := p.Told(p.Acme, head)
		require.Equal(t, 1, count(told, event.WebhookDisabled))
		require.Equal(t, 12, count(told, event.AccountsAdded), "all of it can be polled")

		healthy.Store(true)
		before := len(p.got(w))
		p.happen(p.Ana, 2)
		time.Sleep(time.Hour)
		require.Len(t, p.got(w), before, "nothing is sent meanwhile")
		on := true
		_, err := p.service().Change(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.WebhookChange{Enabled: &on})
		require.NoError(t, err)
		time.Sleep(48 * time.Hour)
		stop()
		arrived := p.got(w)
		for _, d := range p.deliveries(w) {
			if d.Status == delivery.Delivered {
				require.Contains(t, arrived, d.EventID)
			}
		}
		require.Contains(t, arrived, p.log(head)[len(p.log(head))-1], "it goes on where it stopped")
	})
}

func count(names []event.Name, name event.Name) (n int) {
	for _, one := range names {
		if one == name {
			n++
		}
	}
	return n
}

func TestAnEndpointThatIsGoneGetsNothingMore(t *testing.T) {
	within(t, func(p *place) {
		p.limits.InFlight = 1
		w := p.webhook("gone", webhooktest.Endpoint{Status: http.StatusGone})
		stop := p.start(p.dispatcher("one"))
		p.happen(p.Ana, 20)
		time.Sleep(time.Hour)
		stop()
		require.Equal(t, delivery.Gone, p.now(w).Reason)
		require.Less(t, len(p.got(w)), 20)
		require.Equal(t, 1, count(p.Told(p.Acme, 0), event.WebhookDisabled))
	})
}

func TestRetryAfterIsObeyed(t *testing.T) {
	within(t, func(p *place) {
		w := p.webhook("busy", webhooktest.Endpoint{Status: http.StatusTooManyRequests, RetryAfter: "120"})
		stop := p.start(p.dispatcher("one"))
		p.happen(p.Ana, 1)
		time.Sleep(time.Minute + 59*time.Second)
		require.Len(t, p.got(w), 1)
		time.Sleep(15 * time.Second)
		require.Len(t, p.got(w), 2)
		stop()
	})
}

// TestClaim_W6_hostile_endpoints do not delay others: their first attempts come
// as soon as they do without.
func TestClaim_W6_hostile_endpoints(t *testing.T) {
	within(t, func(p *place) {
		var late atomic.Int64
		var fine []*delivery.Webhook
		for i := range 20 {
			name := "e" + string(rune('a'+i))
			if i < 10 {
				p.webhook(name, webhooktest.Endpoint{Silent: true})
				continue
			}
			fine = append(fine, p.hooked(name, func(context.Context, webhook.Message) delivery.Answer {
				time.Sleep(time.Millisecond)
				return delivery.Answer{HTTPStatus: 200}
			}))
		}
		stop := p.start(p.dispatcher("one"))
		p.happen(p.Ana, 1)
		time.Sleep(5 * time.Second)
		for range 100 {
			before := len(p.got(fine[0]))
			p.happen(p.Ana, 1)
			time.Sleep(10 * time.Millisecond)
			for _, w := range fine {
				if len(p.got(w)) != before+1 {
					late.Add(1)
				}
			}
			time.Sleep(time.Second)
		}
		stop()
		require.Zero(t, late.Load(), "deliveries that took more than ten milliseconds")
	})
}

// verifier is what a receiver knows: one secret.
type verifier struct {
	mu     sync.Mutex
	secret string
	failed int
}

func (v *verifier) knows(secret string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.secret = secret
}

func (v *verifier) check(t *testing.T, m webhook.Message) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	known, err := standardwebhooks.NewWebhook(v.secret)
	require.NoError(t, err)
	h := http.Header{}
	h.Set("webhook-id", string(m.ID))
	h.Set("webhook-timestamp", strconv.FormatInt(m.At.Unix(), 10))
	h.Set("webhook-signature", m.Signature)
	if known.VerifyIgnoringTimestamp(m.Body, h) != nil {
		v.failed++
		return false
	}
	return true
}

// TestClaim_W3_rotation_leaves_no_gap: under load, who knows the old secret alone
// verifies everything until the overlap ends, who knows the new one alone
// everything from two seconds after it was made.
func TestClaim_W3_rotation_leaves_no_gap(t *testing.T) {
	within(t, func(p *place) {
		old, young := &verifier{}, &verifier{}
		var checking atomic.Bool
		w := p.hooked("rotating", func(_ context.Context, m webhook.Message) delivery.Answer {
			time.Sleep(5 * time.Millisecond)
			old.check(t, m)
			if checking.Load() {
				young.check(t, m)
			}
			return delivery.Answer{HTTPStatus: 200}
		})
		rotate := func() usecase.MadeWebhook {
			made, err := p.service().Rotate(p.t.Context(), p.As(p.Acme), string(w.ID), 24*time.Hour)
			require.NoError(t, err)
			return made
		}
		stop := p.start(p.dispatcher("one"))
		old.knows(rotate().Secret.Reveal())
		load := func(seconds int) {
			for range seconds * 20 {
				p.happen(p.Ana, 1)
				time.Sleep(50 * time.Millisecond)
			}
		}
		load(3)
		young.knows(rotate().Secret.Reveal())
		load(2)
		checking.Store(true)
		load(5)
		require.Zero(t, young.failed)
		time.Sleep(24*time.Hour - 11*time.Second)
		load(2)
		require.Zero(t, old.failed, "it signs for the whole overlap")
		require.Zero(t, young.failed)
		time.Sleep(time.Minute)
		load(1)
		stop()
		require.NotZero(t, old.failed, "and no longer")
		require.Zero(t, young.failed)
	})
}

// TestReplay sends again what is asked for, with the ids that it had.
func TestReplay(t *testing.T) {
	within(t, func(p *place) {
		w := p.webhook("fine", fine())
		head := p.Head(p.Acme)
		stop := p.start(p.dispatcher("one"))
		p.happen(p.Ana, 50)
		time.Sleep(5 * time.Second)
		ids := p.log(head)
		before := len(p.got(w))
		require.Equal(t, 50, before)
		done, err := p.service().Replay(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.Replay{After: head + 10, Until: head + 20})
		require.NoError(t, err)
		require.Equal(t, usecase.Replayed{Queued: 10}, done)
		time.Sleep(time.Second)
		require.ElementsMatch(t, ids[10:20], p.got(w)[before:])
		_, err = p.service().Replay(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.Replay{Events: []ident.Event{ids[3], ids[40]}})
		require.NoError(t, err)
		time.Sleep(time.Second)
		require.ElementsMatch(t, []ident.Event{ids[3], ids[40]}, p.got(w)[before+10:])
		_, err = p.service().Replay(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.Replay{Events: []ident.Event{ids[3], "evt_none"}})
		require.ErrorIs(t, err, delivery.ErrEventNotFound)
		off := false
		_, err = p.service().Change(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.WebhookChange{Enabled: &off})
		require.NoError(t, err)
		_, err = p.service().Replay(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.Replay{After: 0, Until: 99})
		require.ErrorIs(t, err, delivery.ErrWebhookDisabled)
		stop()
	})
}

// TestForgottenLog: a webhook that was disabled for longer than the log is kept
// begins with what there is; a replay of what is gone is refused; and a log that
// is forgotten faster than it is read holds nobody up.
func TestForgottenLog(t *testing.T) {
	within(t, func(p *place) {
		w := p.webhook("off", fine())
		off, on := false, true
		_, err := p.service().Change(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.WebhookChange{Enabled: &off})
		require.NoError(t, err)
		p.happen(p.Ana, 10)
		forgotten := p.Head(p.Acme)
		p.happen(p.Ana, 3)
		p.forget(forgotten)
		_, err = p.service().Change(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.WebhookChange{Enabled: &on})
		require.NoError(t, err)
		stop := p.start(p.dispatcher("one"))
		time.Sleep(5 * time.Second)
		require.ElementsMatch(t, p.log(forgotten), p.got(w))
		_, err = p.service().Replay(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.Replay{After: forgotten - 1, Until: 99})
		require.Equal(t, event.Gone(forgotten+1), err)
		p.happen(p.Ana, 40)
		p.forget(p.Head(p.Acme) - 2)
		time.Sleep(10 * time.Second)
		p.happen(p.Ana, 1)
		time.Sleep(5 * time.Second)
		require.Contains(t, p.got(w), p.log(p.Head(p.Acme) - 1)[0], "it goes on")
		stop()
	})
}

func (p *place) forget(through int64) {
	p.Update(func(ctx context.Context, tx store.Tx) error { return tx.Past().Forget(ctx, p.Acme.ID, through) })
}

// TestTwoDispatchers share webhooks, and send what happens once.
func TestTwoDispatchers(t *testing.T) {
	within(t, func(p *place) {
		head := p.Head(p.Acme)
		var all []*delivery.Webhook
		for i := range 10 {
			all = append(all, p.webhook("e"+string(rune('a'+i)), fine()))
		}
		one, two := p.start(p.dispatcher("one")), p.start(p.dispatcher("two"))
		for range 20 {
			p.happen(p.Ana, 5)
			time.Sleep(time.Second)
		}
		one() // it lets go in good order
		p.happen(p.Ana, 5)
		time.Sleep(10 * time.Second)
		for _, w := range all {
			require.ElementsMatch(t, p.log(head), p.got(w), "each once")
		}
		two()
	})
}

// TestTakeOver: a dispatcher that is gone without a word loses nothing. What was
// sent and not written down is sent again, with the same id.
func TestTakeOver(t *testing.T) {
	within(t, func(p *place) {
		head := p.Head(p.Acme)
		w := p.webhook("fine", fine())
		// What the one before us did: three sent and two of them written down.
		p.happen(p.Ana, 5)
		events := p.log(head)
		p.Update(func(ctx context.Context, tx store.Tx) error {
			held, err := tx.Webhooks().Get(ctx, w.ClientID, w.ID)
			if err != nil {
				return err
			}
			held.Claim("dead", time.Now(), time.Now().Add(30*time.Second))
			var rows []delivery.Delivery
			for _, n := range []int{0, 2} {
				e := event.Event{Seq: head + int64(n) + 1, ID: events[n]}
				rows = append(rows, delivery.NewDelivery(w.ID, e, time.Now()).Note(delivery.Answer{HTTPStatus: 200}, time.Now(), 0))
			}
			return errors.Join(tx.Webhooks().Put(ctx, held), tx.Deliveries().Put(ctx, rows...))
		})
		stop := p.start(p.dispatcher("heir"))
		time.Sleep(29 * time.Second)
		require.Empty(t, p.got(w), "the lease is another's")
		time.Sleep(5 * time.Second)
		require.ElementsMatch(t, []ident.Event{events[1], events[3], events[4]}, p.got(w))
		stop()
		require.Equal(t, head+5, p.now(w).Cursor)
	})
}

// TestALateLease: where the store is so slow that a lease ends before it hears of
// the next one, a dispatcher that serves goes on: nothing is sent twice.
func TestALateLease(t *testing.T) {
	within(t, func(p *place) {
		head := p.Head(p.Acme)
		var all []*delivery.Webhook
		for i := range 10 {
			all = append(all, p.webhook("e"+string(rune('a'+i)), fine()))
		}
		slow := &slowly{Store: p.Store}
		d := p.dispatcher("one")
		d.Store = slow
		stop := p.start(d)
		for round := range 5 {
			slow.pause.Store(int64(round%2) * int64(25*time.Second))
			p.happen(p.Ana, 3)
			time.Sleep(time.Minute)
		}
		stop()
		for _, w := range all {
			require.ElementsMatch(t, p.log(head), p.got(w), "each once")
		}
	})
}

// slowly takes its time before it writes.
type slowly struct {
	store.Store
	pause atomic.Int64
}

func (s *slowly) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	time.Sleep(time.Duration(s.pause.Load()))
	return s.Store.Update(ctx, fence, fn)
}

func TestFilterAndTest(t *testing.T) {
	within(t, func(p *place) {
		w := p.webhook("fine", fine())
		names := []event.Name{event.UserDeleted}
		_, err := p.service().Change(p.t.Context(), p.As(p.Acme), string(w.ID), usecase.WebhookChange{Filter: &usecase.FilterChange{Names: &names}})
		require.NoError(t, err)
		stop := p.start(p.dispatcher("one"))
		p.happen(p.Ana, 300)
		time.Sleep(10 * time.Second)
		require.Empty(t, p.got(w))
		require.Equal(t, p.Head(p.Acme), p.now(w).Cursor, "what is not wanted is passed")
		tried, err := p.service().Test(p.t.Context(), p.As(p.Acme), string(w.ID))
		require.NoError(t, err)
		require.Equal(t, delivery.Delivered, tried.Status)
		require.Equal(t, event.WebhookTest, tried.Name)
		require.Equal(t, []ident.Event{tried.EventID}, p.got(w))
		require.Empty(t, p.deliveries(w))
		stop()
		synctest.Wait()
	})
}

func TestReach(t *testing.T) {
	within(t, func(p *place) {
		w := p.webhook("mine", fine())
		s := p.service()
		for who, principal := range p.Principals() {
			_, err := s.Get(p.t.Context(), principal, string(w.ID))
			if who == "Acme" {
				require.NoError(t, err)
				continue
			}
			p.Unchanged(func() {
				_, rotating := s.Rotate(p.t.Context(), principal, string(w.ID), 0)
				_, changing := s.Change(p.t.Context(), principal, string(w.ID), usecase.WebhookChange{})
				_, testing := s.Test(p.t.Context(), principal, string(w.ID))
				_, listing := s.Deliveries(p.t.Context(), principal, string(w.ID), store.DeliveryFilter{}, store.Page{Limit: 1})
				_, replaying := s.Replay(p.t.Context(), principal, string(w.ID), usecase.Replay{Until: 9})
				for _, err := range []error{err, rotating, changing, testing, listing, replaying, s.Delete(p.t.Context(), principal, string(w.ID))} {
					require.Error(t, err, who)
				}
			})
		}
		require.Empty(t, slices.DeleteFunc(p.sender.Seen(), func(m webhook.Message) bool { return m.URL != w.URL }))
		_, err := s.Create(p.t.Context(), p.As(p.Acme), usecase.NewWebhook{URL: "https://mine.example/", Algorithm: delivery.HMACSHA256, Filter: delivery.Filter{UserID: p.Cleo.ID}})
		require.Error(t, err, "another client's user")
	})
}
