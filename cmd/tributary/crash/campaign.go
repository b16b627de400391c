package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/point"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/world"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// wishes are what the command line asks for.
type wishes struct {
	kills, others, worlds, connections int
	seed                               uint64
	only                               string
}

// campaign is all kills of one call, on both databases.
type campaign struct {
	wishes
	programs world.Programs
	out      io.Writer

	mu     sync.Mutex
	hits   map[string]int
	kills  map[string]int // by victim and database
	seen   map[string]bool
	again  int
	report check.Report
	failed []string
	began  time.Time
}

func newCampaign(programs world.Programs, w wishes, out io.Writer) *campaign {
	return &campaign{wishes: w, programs: programs, out: out, hits: map[string]int{}, kills: map[string]int{}, seen: map[string]bool{}, began: time.Now()}
}

// databases by name.
const (
	onFile   = "SQLite"
	onServer = "PostgreSQL"
)

// run kills on one database after the other.
func (c *campaign) run(ctx context.Context) error {
	for _, database := range []string{onFile, onServer} {
		if err := c.on(ctx, database); err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
	}
	return nil
}

func (c *campaign) on(ctx context.Context, database string) error {
	todo := &orders{list: c.plan(database)}
	var group sync.WaitGroup
	errs := make(chan error, c.worlds)
	for number := range c.worlds {
		group.Go(func() { errs <- c.work(ctx, database, todo, rand.New(rand.NewPCG(c.seed, uint64(number)+1))) })
	}
	group.Wait()
	close(errs)
	var all []error
	for err := range errs {
		all = append(all, err)
	}
	return errors.Join(all...)
}

// fullRun is from how many kills on every point gets its share on each of the
// two databases.
const fullRun, share = 200, 2

// plan draws what is done on a database. In a full run each point is reached
// twice, four times on both, and more kills are at random; a short one takes some of the points.
func (c *campaign) plan(database string) (all []order) {
	rng := rand.New(rand.NewPCG(c.seed, uint64(len(database))))
	points := point.Names()
	if c.wishes.kills < fullRun {
		points = point.Common()
	}
	if c.only != "" {
		points = strings.Split(c.only, ",")
	}
	rng.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
	if c.wishes.kills < fullRun {
		points = points[:min(len(points), c.wishes.kills*3/4)]
	}
	for _, name := range points {
		all = append(all, order{victim: theServer, point: name, skip: rng.IntN(3)})
	}
	if c.wishes.kills >= fullRun {
		for range share - 1 {
			for _, name := range points {
				all = append(all, order{victim: theServer, point: name, skip: rng.IntN(3)})
			}
		}
	}
	for range max(c.wishes.kills-len(all), c.wishes.kills/10) {
		all = append(all, order{victim: theServer})
	}
	for _, v := range []victim{thePlugin, theBank, thePostgres} {
		for number := range c.shareOf(v, database) {
			o := order{victim: v}
			if number%2 == 0 {
				o.point = points[rng.IntN(len(points))]
			}
			all = append(all, o)
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// shareOf is how many of the others are killed beside one of the databases:
// PostgreSQL beside itself alone.
func (c *campaign) shareOf(v victim, database string) int {
	switch {
	case v != thePostgres:
		return (c.others + 1) / 2
	case database == onServer:
		return c.others
	}
	return 0
}

// orders are taken by several worlds.
type orders struct {
	mu   sync.Mutex
	list []order
}

func (o *orders) take() (next order, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.list) == 0 {
		return next, false
	}
	next, o.list = o.list[0], o.list[1:]
	return next, true
}

func (o *orders) back(again order) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = append(o.list, again)
}

// lifetime is after how many kills a world is replaced: the bank's history, and
// what has to be compared, grow with each.
const lifetime = 25

// work kills in one world after the other until nothing is left to do.
func (c *campaign) work(ctx context.Context, database string, todo *orders, rng *rand.Rand) error {
	var cluster *pgcluster.Cluster
	if database == onServer {
		var err error
		if cluster, err = world.StartCluster(ctx); err != nil {
			return err
		}
		defer func() { _ = cluster.Stop() }()
	}
	for ctx.Err() == nil {
		next, ok := todo.take()
		if !ok {
			return nil
		}
		todo.back(next)
		if err := c.life(ctx, database, cluster, todo, rng); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (c *campaign) life(ctx context.Context, database string, cluster *pgcluster.Cluster, todo *orders, rng *rand.Rand) error {
	s, err := openStage(ctx, c.programs, cluster, rng.Uint64())
	if err != nil {
		return err
	}
	defer s.close(ctx)
	defer func() { c.passed(s.server.Seen(), s.play.Again) }()
	for range lifetime {
		o, ok := todo.take()
		if !ok {
			return nil
		}
		began := time.Now()
		report, err := s.kill(ctx, o, rng)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !c.note(database, o, report, err, todo, s, time.Since(began)) {
			return nil // in a world that is broken nothing more can be found
		}
	}
	return nil
}

// maxTries is how often a point is waited for before it counts as one that is
// never reached.
const maxTries = 16

// note writes down what came of a kill.
func (c *campaign) note(database string, o order, report check.Report, err error, todo *orders, s *stage, took time.Duration) (whole bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Add(report)
	c.kills[string(o.victim)+" on "+database]++
	complaints := report.Complaints()
	if errors.Is(err, errNotReached) {
		o.tries, o.skip, err = o.tries+1, 0, nil
		if o.tries < maxTries {
			todo.back(o)
		} else {
			c.failed = append(c.failed, o.String()+" on "+database+": "+errNotReached.Error())
		}
	} else if o.point != "" && err == nil {
		c.hits[o.point]++
	}
	if err != nil {
		complaints = append(complaints, err.Error())
	}
	_, _ = fmt.Fprintf(c.out, "%5.1fs %s, %s: %d complaints\n", took.Seconds(), database, o, len(complaints))
	for _, complaint := range complaints[:min(len(complaints), 20)] {
		_, _ = fmt.Fprintf(c.out, "  %s\n", complaint)
		c.failed = append(c.failed, fmt.Sprintf("%s, %s: %s", database, o, complaint))
	}
	if len(complaints) > 0 {
		_, _ = fmt.Fprintf(c.out, "the server said:\n%s\n", s.server.Said())
	}
	return len(complaints) == 0
}

func (c *campaign) passed(names []string, again int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.again += again
	for _, name := range names {
		c.seen[name] = true
	}
}

// sum prints what it came to; the last line is the figure.
func (c *campaign) sum() (right bool) {
	for _, name := range point.Names() {
		_, _ = fmt.Fprintf(c.out, "%4d × %s\n", c.hits[name], name)
	}
	for name := range c.seen {
		if !slices.Contains(slices.Concat(point.Names(), point.Unused()), name) {
			c.failed = append(c.failed, "reached, and not named in the list of points: "+name)
		}
	}
	for _, line := range c.failed {
		_, _ = fmt.Fprintf(c.out, "failed: %s\n", line)
	}
	for who, count := range c.kills {
		_, _ = fmt.Fprintf(c.out, "%d kills of %s\n", count, who)
	}
	_, _ = fmt.Fprintf(c.out, "%d rows, %d events and %d calls of the bank compared in %.0f s, users signed in again %d times\n", c.report.Rows, c.report.Facts, c.report.Visits, time.Since(c.began).Seconds(), c.again)
	_, _ = fmt.Fprintf(c.out, "crash: %d kills on SQLite, %d on PostgreSQL: %d missing, %d doubled, %d events missing, %d acknowledged writes lost, %d accesses not counted or too many, %d bank calls without consent or access log, %d else\n",
		c.count(onFile), c.count(onServer), len(c.report.Missing), len(c.report.Doubled), len(c.report.Events), len(c.report.Lost),
		len(c.report.Quota), len(c.report.Calls), len(c.report.Wrong))
	return len(c.failed) == 0
}

func (c *campaign) count(database string) (all int) {
	for who, count := range c.kills {
		if len(who) > len(database) && who[len(who)-len(database):] == database {
			all += count
		}
	}
	return all
}
