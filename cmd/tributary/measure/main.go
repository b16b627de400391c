// Command measure prints what the server does beside what the machine could do
// at best: each figure stands next to a raw limit that was taken on the same
// driver in the same run. Machines are noisy; the ratios are what to read.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// bench is one run over built programs.
type bench struct {
	bin      string
	folder   string
	rows     int
	ingested int
	sent     int
	lasting  time.Duration
	workers  int
	only     string
	cluster  *pgcluster.Cluster
	table    *table
}

func main() {
	b := &bench{}
	flag.StringVar(&b.bin, "bin", "bin", "folder of the built programs")
	flag.IntVar(&b.rows, "rows", 1_000_000, "transactions in the table that is paged through")
	flag.IntVar(&b.ingested, "ingested", 40_000, "transactions of one synchronization")
	flag.IntVar(&b.sent, "events", 20_000, "deliveries of a backlog of events")
	flag.DurationVar(&b.lasting, "lasting", 3*time.Second, "how long each load lasts")
	flag.IntVar(&b.workers, "workers", 8, "requests at once")
	flag.StringVar(&b.only, "only", "", "measure one section alone")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func (b *bench) run(ctx context.Context) (err error) {
	if b.bin, err = filepath.Abs(b.bin); err != nil {
		return err
	}
	if b.folder, err = os.MkdirTemp("", "tributary-measure-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.folder) }()
	b.say("starting a PostgreSQL server that keeps what it confirms")
	if b.cluster, err = pgcluster.Start(ctx, "fsync=on", "synchronous_commit=on", "full_page_writes=on", "autovacuum=on",
		"shared_buffers=512MB", "max_wal_size=2GB", "random_page_cost=1.1"); err != nil {
		return err
	}
	defer func() { _ = b.cluster.Stop() }()
	b.table = newTable(os.Stdout)
	defer func() { err = errors.Join(err, b.table.flush()) }() // what was measured counts, whatever ends the rest
	for _, section := range b.sections() {
		if b.only != "" && b.only != section.name {
			continue
		}
		if err := section.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", section.name, err)
		}
	}
	return nil
}

type section struct {
	name    string
	measure func(context.Context) error
}

func (b *bench) sections() []section {
	return []section{
		{"size", b.size}, {"start", b.each(b.starts)}, {"plugin", b.plugin}, {"tokens", b.each(b.tokens)},
		{"ingest", b.each(b.ingest)}, {"psd2", b.psd2}, {"synchronizations", b.each(b.synchronizations)}, {"outage", b.each(b.outage)}, {"pages", b.each(b.pages)}, {"schedule", b.each(b.schedule)},
		{"webhooks", b.each(b.webhooks)}, {"events", b.each(b.events)}, {"polls", b.each(b.polls)}, {"widget", b.each(b.widget)},
	}
}

// each measures on both databases.
func (b *bench) each(measure func(context.Context, database) error) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, db := range []database{sqlite{b}, postgres{b}} {
			b.table.on = db.name()
			if err := measure(ctx, db); err != nil {
				return fmt.Errorf("%s: %w", db.name(), err)
			}
		}
		b.table.on = ""
		return nil
	}
}

// say tells what is being done: some of it takes a while.
func (*bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}
