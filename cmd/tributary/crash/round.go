package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
)

// victim is who is killed.
type victim string

const (
	theServer   victim = "server"
	thePlugin   victim = "plugin"
	theBank     victim = "bank"
	thePostgres victim = "PostgreSQL"
)

// order is one kill: of whom, and where the server stands then. Without a point
// the moment is drawn.
type order struct {
	victim victim
	point  string
	skip   int
	tries  int
}

func (o order) String() string {
	if o.point == "" {
		return fmt.Sprintf("%s at random", o.victim)
	}
	return fmt.Sprintf("%s at %s", o.victim, o.point)
}

// errNotReached says that a point was not passed by all that went on.
var errNotReached = errors.New("the point was not reached")

// play has everything go on, kills once, and lets it come to rest.
func (s *stage) kill(ctx context.Context, o order, rng *rand.Rand) (check.Report, error) {
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	defer stop()
	reached, err := s.strike(ctx, o, rng)
	if err != nil {
		return check.Report{}, err
	}
	if err := s.rest(ctx); err != nil {
		return check.Report{}, err
	}
	report, err := s.look(ctx)
	if err == nil && !reached {
		err = errNotReached
	}
	return report, err
}

// strike has users do all they do and kills in the middle of it.
func (s *stage) strike(ctx context.Context, o order, rng *rand.Rand) (reached bool, err error) {
	reading, enough := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() { s.listen(reading) })
	defer group.Wait()
	defer enough()
	if needsTime[o.point] {
		if err := s.bank.Hold(ctx, "/api/accounts", 1); err != nil {
			return false, err
		}
	}
	if o.point != "" {
		s.server.Arm(o.point, o.skip)
	}
	round, done := make(chan struct{}), sync.OnceFunc(func() { _ = s.bank.Release(ctx) })
	defer done()
	going, leave := context.WithCancel(ctx)
	defer leave()
	go func() {
		defer close(round)
		s.play.Round(going, rng.IntN(2) == 0 || sleepsLate(o.point) > 0, sleepsLate(o.point))
	}()
	reached = s.await(ctx, o, rng, round)
	if !reached {
		s.server.Disarm()
	}
	enough()
	group.Wait() // a reader whose page was cut off reads it again
	if err := s.slay(ctx, o.victim, leave); err != nil {
		return reached, err
	}
	done()
	select {
	case <-round:
	case <-time.After(time.Minute):
		return reached, errors.New("the round does not end")
	}
	return reached || o.point == "", nil
}

// needsTime are points that are only reached by a run that takes long: the bank
// is slow then.
var needsTime = map[string]bool{
	"synchronizing.extend/before": true, "synchronizing.extend/within": true, "synchronizing.extend/after": true,
}

// sleepsLate is how long users stay away for a point that is only reached where
// they do: who asks for a run comes before the schedule.
func sleepsLate(point string) time.Duration {
	if strings.HasPrefix(point, "scheduling.take/") {
		return 3 * time.Second
	}
	return 0
}

// await waits for the moment: the point, or a random one.
func (s *stage) await(ctx context.Context, o order, rng *rand.Rand, round <-chan struct{}) (reached bool) {
	var moment <-chan time.Time
	if o.point == "" {
		moment = time.After(time.Duration(rng.IntN(900)) * time.Millisecond)
	}
	limit := time.After(20 * time.Second)
	for {
		select {
		case name := <-s.server.At:
			if name == o.point {
				return true
			}
		case <-moment:
			return true
		case <-round:
			if len(s.server.At) == 0 {
				return false
			}
		case <-limit:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// slay kills, and starts again what was killed.
func (s *stage) slay(ctx context.Context, v victim, leave func()) error {
	switch v {
	case theServer:
		s.server.Kill()
		leave()
		if err := s.server.Start(); err != nil {
			return err
		}
		return s.play.Resume(ctx)
	case thePlugin:
		if !s.server.KillPlugin() {
			return errors.New("no plugin runs")
		}
	case theBank:
		s.bank.Kill()
		if err := s.bank.Restart(); err != nil {
			return err
		}
	case thePostgres:
		if err := s.database.Cluster.Kill(); err != nil {
			return err
		}
		if err := s.database.Cluster.Resume(ctx); err != nil {
			return err
		}
	}
	s.server.Go()
	return nil
}

// listen reads events and changes, as an application does all the time.
func (s *stage) listen(ctx context.Context) {
	for ctx.Err() == nil {
		_ = s.memory.Read(ctx) // what is not answered is read again
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}
