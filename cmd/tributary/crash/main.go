// Command crash kills servers, plugins, banks and databases with SIGKILL, from
// outside, while users work with them, starts them again, and compares what is
// there with what the bank knows and with what was acknowledged.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/world"
)

func main() {
	var w wishes
	flag.IntVar(&w.kills, "n", 40, "kills of the server, on each database")
	flag.IntVar(&w.others, "others", 5, "kills of the plugin, the bank and PostgreSQL each, on both databases together")
	flag.Uint64Var(&w.seed, "seed", 0, "what is drawn; another one each time unless given")
	flag.IntVar(&w.worlds, "worlds", 3, "worlds at once")
	flag.StringVar(&w.only, "only", "", "these points, with commas between them")
	flag.IntVar(&w.connections, "connections", 60, "connections that three servers synchronize together")
	flag.Parse()
	if w.seed == 0 {
		w.seed = uint64(time.Now().UnixNano())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	right, err := run(ctx, w)
	if err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
	}
	if err != nil || !right {
		os.Exit(1)
	}
}

func run(ctx context.Context, w wishes) (right bool, err error) {
	folder, err := os.MkdirTemp("", "tributary-crash-programs-")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	programs, err := world.Build(ctx, folder)
	if err != nil {
		return false, err
	}
	fmt.Printf("seed %d\n", w.seed)
	right = true
	if w.connections > 0 {
		t, err := workTogether(ctx, programs, w.connections, w.seed)
		if err != nil {
			return false, err
		}
		for _, complaint := range append(t.report.Complaints(), t.broken...) {
			fmt.Println("  " + complaint)
			right = false
		}
		fmt.Println(t)
	}
	if w.kills+w.others == 0 {
		return right, nil
	}
	c := newCampaign(programs, w, os.Stdout)
	if err := c.run(ctx); err != nil {
		return false, err
	}
	return c.sum() && right, nil
}
