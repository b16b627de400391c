// Command measure prints what the server does beside what the machine could do
// at best: each figure stands next to a raw limit that was taken on the same
// driver in the same run. Machines are noisy; the ratios are what to read.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"text/tabwriter"
	"time"
)

// bench is one run over built programs.
type bench struct {
	bin     string
	folder  string
	rows    int
	lasting time.Duration
	workers int
	table   *tabwriter.Writer
}

func main() {
	b := &bench{}
	flag.StringVar(&b.bin, "bin", "bin", "folder of the built programs")
	flag.IntVar(&b.rows, "rows", 100_000, "transactions in the table that is paged through")
	flag.DurationVar(&b.lasting, "lasting", 3*time.Second, "how long each load lasts")
	flag.IntVar(&b.workers, "workers", 8, "requests at once")
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
	b.table = tabwriter.NewWriter(os.Stdout, 2, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(b.table, "what\tours\traw limit\tours/raw\tunit\t")
	for _, section := range []func(context.Context) error{b.footprint, b.plugin, b.tokens, b.ingest, b.pages} {
		if err := section(ctx); err != nil {
			return err
		}
	}
	return b.table.Flush()
}

// row adds a figure; a raw limit of 0 means that there is none to compare with.
func (b *bench) row(what string, ours, raw float64, unit string) {
	if raw == 0 {
		fmt.Fprintf(b.table, "%s\t%.1f\t\t\t%s\t\n", what, ours, unit)
		return
	}
	fmt.Fprintf(b.table, "%s\t%.1f\t%.1f\t%.2f\t%s\t\n", what, ours, raw, ours/raw, unit)
}
