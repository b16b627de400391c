package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/load"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/world"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// crew are several servers on one PostgreSQL database.
type crew struct {
	folder   string
	cluster  *pgcluster.Cluster
	bank     *world.Bank
	database *world.Database
	programs world.Programs
	servers  []*world.Server
	// written are the files of what each process did.
	written []string
}

func openCrew(ctx context.Context, programs world.Programs) (c *crew, err error) {
	c = &crew{programs: programs}
	if c.folder, err = os.MkdirTemp("", "tributary-crew-"); err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(c.folder, "data"), 0o700); err != nil {
		return nil, err
	}
	if c.bank, err = world.OpenBank(programs, c.folder, load.BankFile(time.Now().UTC())); err != nil {
		return nil, err
	}
	if c.cluster, err = world.StartCluster(ctx); err != nil {
		return nil, err
	}
	c.database, err = world.OpenDatabase(ctx, c.folder, c.cluster)
	return c, err
}

// hire starts one more server.
func (c *crew) hire() (*world.Server, error) {
	s, err := world.OpenServer(c.programs, c.folder, c.bank, c.database)
	if err != nil {
		return nil, err
	}
	c.servers = append(c.servers, s)
	return s, c.start(s)
}

// start begins a server's process, with a history of its own.
func (c *crew) start(s *world.Server) error {
	file := filepath.Join(c.folder, fmt.Sprintf("history-%d", len(c.written)))
	c.written = append(c.written, file)
	s.Options = []string{"-history", file}
	return s.Start()
}

func (c *crew) close() {
	for _, s := range c.servers {
		_ = s.Wake()
		s.Kill()
	}
	c.bank.Kill()
	_ = c.cluster.Stop()
	_ = os.RemoveAll(c.folder)
}

// late is what a process comes to that was paused for longer than its lease.
type late struct {
	// point is where it stands.
	point string
	end   string
}

// Ends of what a paused process was about to do.
const (
	// refused by the store: another took over.
	refused = "refused"
	// stopped before it asked the store: the process saw that its lease was over.
	stopped = "stopped"
	// done, because a transaction that was begun keeps the others away.
	done = "done"
)

// lates are places of a run whose next step is a write. The last is within a
// transaction, which the database keeps until the process wakes up.
var lates = []late{
	{"synchronizing.make/before", stopped}, {"synchronizing.ready/before", stopped}, {"Fetch/after", stopped},
	{"synchronizing.apply/before", refused}, {"synchronizing.apply/within", done},
}

// fence pauses a server at a point with SIGSTOP for longer than its lease, has
// another one take over, wakes it with SIGCONT, and looks at what came of it.
func (c *crew) fence(ctx context.Context, l late) (r check.Report, err error) {
	slow, err := c.hire()
	if err != nil {
		return r, err
	}
	play, err := load.Open(ctx, slow, 1)
	if err != nil {
		return r, err
	}
	memory, err := check.Remember(ctx, play.Client())
	if err != nil {
		return r, err
	}
	slow.Arm(l.point, 0)
	if err := play.Connect(ctx, "anna"); err != nil {
		return r, err
	}
	select {
	case <-slow.At:
	case <-time.After(30 * time.Second):
		return r, errNotReached
	}
	if err := slow.Pause(); err != nil {
		return r, err
	}
	quick, err := c.hire()
	if err != nil {
		return r, err
	}
	play.Move(quick)
	if l.end != done {
		err = play.Quiet(ctx) // the other one takes over and brings it to its end
	} else {
		time.Sleep(6 * time.Second) // twice the lease: the other one waits for the database
	}
	if err := errors.Join(err, slow.Wake()); err != nil {
		return r, err
	}
	slow.Go()
	if err := c.come(ctx, l); err != nil {
		return r, err
	}
	if err := errors.Join(play.Quiet(ctx), play.Finish(ctx), play.Quiet(ctx)); err != nil {
		return r, err
	}
	return c.look(ctx, play, memory)
}

// come waits until the late write came to what it has to come to. What is
// stopped is found out by the lock alone: it must not have been done.
func (c *crew) come(ctx context.Context, l late) error {
	var told history
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		var err error
		if told, err = readHistory(c.written[:1]); err != nil {
			return err
		}
		if l.end == stopped || l.end == refused && told.refused > 0 || l.end == done && told.refused == 0 {
			return nil
		}
	}
	return fmt.Errorf("%s: it was not %s: %+v", l.point, l.end, told)
}

// look compares everything, and the histories with a lock.
func (c *crew) look(ctx context.Context, play *load.Play, memory *check.Memory) (r check.Report, err error) {
	db, err := c.database.Open()
	if err != nil {
		return r, err
	}
	defer func() { _ = db.Close() }()
	r, err = check.Scene{Client: play.Client(), Bank: c.bank, DB: db, Promises: play.Promises, Memory: memory}.Look(ctx)
	if err != nil {
		return r, err
	}
	told, err := readHistory(c.written)
	r.Wrong = append(r.Wrong, told.broken()...)
	return r, err
}
