package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// size tells how large the programs are.
func (b *bench) size(context.Context) error {
	for _, program := range []string{"tributary", "plugins/testbank"} {
		info, err := os.Stat(filepath.Join(b.bin, program))
		if err != nil {
			return err
		}
		b.table.add("size of "+program, float64(info.Size())/(1<<20), 0, "MiB")
	}
	return nil
}

// starts is how often a start is measured: the middle one counts.
const starts = 5

// starts measures how quickly the server answers, and what it holds when nobody
// asks anything. The raw limits are those of the same program when it only tells
// its version: what linking all of it costs.
func (b *bench) starts(ctx context.Context, db database) error {
	b.say("starting on %s", db.name())
	first, err := b.start(ctx, db, "idle") // makes database and keys
	if err != nil {
		return err
	}
	first.stop()
	var took, bare []time.Duration
	for range starts {
		began := time.Now()
		s, err := b.start(ctx, db, "idle")
		if err != nil {
			return err
		}
		took = append(took, time.Since(began))
		s.stop()
		ran, err := ended(exec.Command(filepath.Join(b.bin, "tributary"), "version"))
		if err != nil {
			return err
		}
		bare = append(bare, ran.took)
	}
	b.table.add("start of the sandbox, all parts", ms(middle(took)), ms(middle(bare)), "ms")
	return b.idle(ctx, db)
}

func (b *bench) idle(ctx context.Context, db database) error {
	s, err := b.start(ctx, db, "idle")
	if err != nil {
		return err
	}
	defer s.stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(3 * time.Second):
	}
	bare, err := ended(exec.Command(filepath.Join(b.bin, "tributary"), "version"))
	if err != nil {
		return err
	}
	idle, err := memory(s.command.Process.Pid, "VmRSS:")
	b.table.add("memory of the idle server", idle, bare.memory, "MiB")
	return err
}

func middle(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
