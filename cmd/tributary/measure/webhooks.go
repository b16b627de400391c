package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// webhooks measures how fast a backlog of events is delivered, signed and written
// down, to a sink on the same machine, and how soon after its commit an event is
// there at half that rate; with 1, 100 and 1,000 endpoints of one client, of which
// a tenth takes requests and never answers. The raw limit is a bare loop that signs
// and posts the same body, and writes nothing down.
func (b *bench) webhooks(ctx context.Context, db database) error {
	raw, err := b.rawWebhooks(ctx)
	if err != nil {
		return err
	}
	for _, endpoints := range []int{1, 100, 1000} {
		if err := b.delivering(ctx, db, endpoints, raw); err != nil {
			return err
		}
	}
	return nil
}

// rawWebhooks signs and posts with nothing else to do.
func (b *bench) rawWebhooks(ctx context.Context) (figures, error) {
	to, err := newSink(false)
	if err != nil {
		return figures{}, err
	}
	defer to.close()
	key := make([]byte, delivery.KeySize)
	_, _ = rand.Read(key)
	signers := []delivery.Signer{delivery.NewSigner(delivery.HMACSHA256, secret.FromBytes(key), time.Time{})}
	body := fmt.Appendf(nil, `{"type":"user.created","data":{},"padding":%q}`, rand.Text()+rand.Text()+rand.Text()+rand.Text()+rand.Text()+rand.Text())
	return b.load(ctx, b.workers, func() (*http.Request, error) {
		return signed(to.url(), signers, body)
	})
}

// hooked is a server with endpoints.
type hooked struct {
	*server
	token  string
	living int
	sink   *sink
}

func (b *bench) delivering(ctx context.Context, db database, endpoints int, raw figures) error {
	good, err := newSink(false)
	if err != nil {
		return err
	}
	defer good.close()
	bad, err := newSink(true)
	if err != nil {
		return err
	}
	defer bad.close()
	name := "webhooks" + strconv.Itoa(endpoints)
	h, err := b.hook(ctx, db, name, endpoints, good, bad)
	if err != nil {
		return err
	}
	h.stop()
	events := max(b.sent/h.living, 1)
	b.say("delivering %d events to each of %d endpoints on %s", events, h.living, db.name())
	if err := b.backlog(ctx, db, name, events); err != nil {
		return err
	}
	base := good.arrived.Load()
	if h.server, err = b.start(ctx, db, name, outbound...); err != nil {
		return err
	}
	defer h.stop()
	began, spent := time.Now(), h.spent()
	arrived := func() int { return int(good.arrived.Load() - base) }
	if err := h.wait(ctx, arrived, events*h.living/10); err != nil {
		return err
	}
	early := h.peak()
	if err := h.wait(ctx, arrived, events*h.living); err != nil {
		return err
	}
	took := time.Unix(0, good.last.Load()).Sub(began)
	count := float64(events * h.living)
	on := fmt.Sprintf(", %d endpoints", endpoints)
	b.table.add("deliveries"+on, count/took.Seconds(), raw.rate, "/s")
	b.table.add("CPU of the server a delivery"+on, micros(h.spent()-spent)/count, 0, "µs")
	b.table.add("most memory during a backlog"+on+", beside its first tenth", h.peak(), early, "MiB")
	if err := b.latency(ctx, h, count/took.Seconds()/2, on); err != nil {
		return err
	}
	h.stop()
	return b.written(ctx, db, name, events*h.living)
}

// outbound lets the server ask this machine.
var outbound = []string{"--outbound-allow", "127.0.0.0/8"}

// hook makes a server whose client has so many endpoints, each tenth a dead one.
func (b *bench) hook(ctx context.Context, db database, name string, endpoints int, good, bad *sink) (h hooked, err error) {
	if h.server, err = b.start(ctx, db, name, outbound...); err != nil {
		return h, err
	}
	h.sink = good
	if h.token, err = h.server.token(); err != nil {
		return h, err
	}
	if err = h.event(ctx, 0); err != nil {
		return h, err
	}
	for n := range endpoints {
		to := good
		if n%10 == 9 {
			to = bad
		} else {
			h.living++
		}
		if err = h.call(ctx, h.token, http.MethodPost, "/v1/webhooks", map[string]string{"url": to.url() + strconv.Itoa(n)}, nil); err != nil {
			return h, err
		}
	}
	return h, nil
}

// event makes something happen.
func (h hooked) event(ctx context.Context, n int) error {
	return h.call(ctx, h.token, http.MethodPost, "/v1/users", map[string]string{"external_id": fmt.Sprint("measured", n)}, nil)
}

// wait is until so many are there.
func (h hooked) wait(ctx context.Context, there func() int, count int) error {
	before, stuck := -1, 0
	for now := there(); now < count; now = there() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if now != before {
			before, stuck = now, 0
		} else if stuck++; stuck > 6000 {
			return fmt.Errorf("%d of %d deliveries, and no more for a minute", now, count)
		}
	}
	return nil
}

// fastest is how many events a second are made at most: each is a call of the API,
// on the same machine.
const fastest = 200

// latency makes events so fast that there are so many deliveries a second, as far
// as that can be.
func (b *bench) latency(ctx context.Context, h hooked, rate float64, on string) error {
	each := min(rate/float64(h.living), fastest)
	count := max(int(each*b.lasting.Seconds()), 3)
	h.sink.time()
	tick := time.NewTicker(time.Duration(float64(time.Second) / each))
	defer tick.Stop()
	for n := range count {
		<-tick.C
		if err := h.event(ctx, n+1); err != nil {
			return err
		}
	}
	if err := h.wait(ctx, func() int { return len(h.sink.timed()) }, count*h.living); err != nil {
		return err
	}
	taken := h.sink.timed()
	slices.Sort(taken)
	what := fmt.Sprintf("commit to delivery at %.0f/s%s", each*float64(h.living), on)
	b.table.add(what+", p50", ms(taken[len(taken)/2]), 0, "ms")
	b.table.add(what+", p99", ms(taken[len(taken)*99/100]), 0, "ms")
	return nil
}

// written fails unless everything that arrived is in the log of deliveries.
func (b *bench) written(ctx context.Context, db database, name string, count int) error {
	pool, err := db.open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	var there int
	if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM deliveries WHERE status = 'DELIVERED'").Scan(&there); err != nil {
		return err
	}
	if there < count {
		return fmt.Errorf("%d of %d deliveries were written down", there, count)
	}
	return nil
}

// backlog writes so many events to the log of a client that has one, as copies of it.
func (b *bench) backlog(ctx context.Context, db database, name string, events int) error {
	pool, err := db.open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(1)
	return execute(ctx, pool, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO events (client_id, seq, id, name, version, occurred_at, user_id, connection_id, channel_definition, data)
		SELECT e.client_id, h.seq + n.i, 'evt_' || %s, e.name, e.version, e.occurred_at, e.user_id, e.connection_id, e.channel_definition, e.data
		FROM n CROSS JOIN event_heads AS h JOIN events AS e ON e.client_id = h.client_id AND e.seq = 1`, events, db.digits("h.seq + n.i", 26)),
		fmt.Sprintf("UPDATE event_heads SET seq = seq + %d", events))
}

// signed is the request that a bare loop makes.
func signed(url string, signers []delivery.Signer, body []byte) (*http.Request, error) {
	at, id := time.Now(), ident.Event("evt_01j9z3k6f8q2v4x6z8b0d2f4h6")
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err == nil {
		r.Header = http.Header{
			"Content-Type": {"application/json"}, webhook.IDHeader: {string(id)}, webhook.TimestampHeader: {strconv.FormatInt(at.Unix(), 10)},
			webhook.SignatureHeader: {delivery.Sign(signers, id, at, body)},
		}
	}
	return r, err
}
