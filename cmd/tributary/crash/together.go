package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/load"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/world"
)

// together is what several servers on one database came to.
type together struct {
	connections, kills, pauses int
	report                     check.Report
	history                    history
	broken                     []string
}

// String is its figure.
func (t together) String() string {
	return fmt.Sprintf("together: 3 servers, %d connections, %d kills, %d pauses longer than the lease: %d claims, %d writes, %d late writes refused, %d runs with two holders, %d complaints",
		t.connections, t.kills, t.pauses, t.history.claims, t.history.writes, t.history.refused, len(t.broken), len(t.report.Complaints()))
}

// workTogether has three servers synchronize many connections, twice, while they
// are killed and paused for longer than their lease, and looks at what came of it.
func workTogether(ctx context.Context, programs world.Programs, connections int, seed uint64) (t together, err error) {
	c, err := openCrew(ctx, programs)
	if err != nil {
		return t, err
	}
	defer c.close()
	for range 3 {
		if _, err := c.hire(); err != nil {
			return t, err
		}
	}
	play, err := load.Open(ctx, c.servers[0], seed)
	if err != nil {
		return t, err
	}
	memory, err := check.Remember(ctx, play.Client())
	if err != nil {
		return t, err
	}
	t.connections = connections
	if err := c.disturb(ctx, &t, rand.New(rand.NewPCG(seed, 2)), func(ctx context.Context) error { return play.Crowd(ctx, "anna", connections) }); err != nil {
		return t, err
	}
	if err := errors.Join(play.Back(ctx), play.Settle(ctx), play.Quiet(ctx), play.Finish(ctx), play.Quiet(ctx)); err != nil {
		return t, err
	}
	if t.report, err = c.look(ctx, play, memory); err != nil {
		return t, err
	}
	t.history, err = readHistory(c.written)
	t.broken = t.history.broken()
	return t, err
}

// disturb kills and pauses servers, one at a time, until the work is done.
func (c *crew) disturb(ctx context.Context, t *together, rng *rand.Rand, work func(context.Context) error) (err error) {
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		defer close(done)
		err = work(ctx)
	})
	for working := true; working; {
		select {
		case <-done:
			working = false
		case <-time.After(time.Duration(300+rng.IntN(700)) * time.Millisecond):
			if wrong := c.hit(c.servers[rng.IntN(len(c.servers))], t, rng); wrong != nil {
				group.Wait()
				return wrong
			}
		}
	}
	return err
}

// hit kills a server, or pauses it for up to three times its lease.
func (c *crew) hit(s *world.Server, t *together, rng *rand.Rand) error {
	if rng.IntN(3) == 0 {
		t.kills++
		s.Kill()
		return c.start(s)
	}
	t.pauses++
	if err := s.Pause(); err != nil {
		return err
	}
	time.Sleep(time.Duration(3200+rng.IntN(6000)) * time.Millisecond)
	return s.Wake()
}
