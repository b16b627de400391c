package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// fewRows is the table that the large one is compared with: the cost of a page,
// and of a synchronization, must not grow with it.
const fewRows = 10_000

// toldRows and toldDays are what the bank tells when it is asked again: within
// the overlap of two synchronizations.
const (
	toldRows = 1_000
	toldDays = 13
)

// costs are what a table of some size leads to.
type costs struct {
	ours, bare figures
	spent      time.Duration
	again      repeated
}

// repeated is what a synchronization costs that tells nothing new: how long it
// takes, and what the server spends on each of its rows.
type repeated struct {
	took        time.Duration
	perRow      time.Duration
	allocations float64
}

// pages measures GET /v1/transactions, 100 rows from any day, and a further
// synchronization, with few and with many rows of one account. The raw limit of
// a page is a bare handler that makes the same query on the same driver and
// answers with the same properties.
func (b *bench) pages(ctx context.Context, db database) error {
	rows := max(b.rows, 2*fewRows)
	few, err := b.history(ctx, db, fewRows)
	if err != nil {
		return err
	}
	many, err := b.history(ctx, db, rows)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		rows int
		costs
	}{{fewRows, few}, {rows, many}} {
		b.table.add(fmt.Sprintf("pages of 100 from %d", c.rows), c.ours.rate, c.bare.rate, "/s")
		b.table.add(fmt.Sprintf("pages of 100 from %d, p99", c.rows), ms(c.ours.p99), ms(c.bare.p99), "ms")
	}
	b.table.add(fmt.Sprintf("CPU of the server a page, %d rows beside %d", rows, fewRows),
		micros(many.spent)/float64(many.ours.count), micros(few.spent)/float64(few.ours.count), "µs")
	for _, figure := range []struct {
		what      string
		many, few float64
		unit      string
	}{
		{"%d rows told again, %d known beside %d", ms(many.again.took), ms(few.again.took), "ms"},
		{"CPU of the server for one of %d rows told again, %d known beside %d", micros(many.again.perRow), micros(few.again.perRow), "µs"},
		{"allocations for one of %d rows told again, %d known beside %d", many.again.allocations, few.again.allocations, ""},
	} {
		b.table.add(fmt.Sprintf(figure.what, toldRows, rows, fewRows), figure.many, figure.few, figure.unit)
	}
	return nil
}

// history makes a table of so many rows, and measures with it. It takes the table
// away again: ten million rows are some gigabytes, and there are two databases.
func (b *bench) history(ctx context.Context, db database, rows int) (c costs, err error) {
	name := fmt.Sprintf("pages-%d", rows)
	config, err := b.bank("pages", toldRows/(toldDays+1), toldDays)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.remove(context.WithoutCancel(ctx), name)) }()
	first, err := b.start(ctx, db, name, "--testbank-config", config)
	if err != nil {
		return c, err
	}
	_, err = first.connect(ctx)
	first.stop()
	if err != nil {
		return c, err
	}
	b.say("filling a table of %d transactions on %s", rows, db.name())
	if err := b.seed(ctx, db, name, rows); err != nil {
		return c, err
	}
	s, err := b.watched(ctx, db, name, "--testbank-config", config)
	if err != nil {
		return c, err
	}
	defer s.stop()
	s.connection = first.connection
	b.say("reading pages of %d transactions on %s", rows, db.name())
	if c, err = b.reading(ctx, db, s, name, rows); err != nil {
		return c, err
	}
	b.say("synchronizing again beside %d transactions on %s", rows, db.name())
	c.again, err = s.several(ctx)
	return c, err
}

func (b *bench) reading(ctx context.Context, db database, s *server, name string, rows int) (c costs, err error) {
	token, err := s.token()
	if err != nil {
		return c, err
	}
	before := s.spent()
	c.ours, err = b.load(ctx, b.workers, func() (*http.Request, error) {
		req, err := http.NewRequest(http.MethodGet, s.BaseURL+"/v1/transactions?limit=100&to="+randomDay(rows), nil)
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		return req, err
	})
	if err != nil {
		return c, err
	}
	c.spent = s.spent() - before
	c.bare, err = b.rawPages(ctx, db, name, rows)
	return c, err
}

// randomDay is one with a whole page before it.
func randomDay(rows int) string {
	return time.Now().AddDate(0, 0, -rand.IntN(rows/dailyRows-2)).Format(time.DateOnly)
}

// several is the middle one of some further synchronizations, and what they cost
// together, told by row. One before them is not counted: it reads everything into
// the caches.
func (s *server) several(ctx context.Context) (r repeated, err error) {
	if _, err := s.again(ctx); err != nil {
		return r, err
	}
	before, err := s.allocations(ctx)
	if err != nil {
		return r, err
	}
	spent := s.spent()
	var took []time.Duration
	for range starts {
		one, err := s.again(ctx)
		if err != nil {
			return r, err
		}
		took = append(took, one)
	}
	after, err := s.allocations(ctx)
	return repeated{
		took: middle(took), perRow: (s.spent() - spent) / (starts * toldRows), allocations: (after - before) / (starts * toldRows),
	}, err
}
