// Command server is a sandbox server that stops at a named point of its work
// and waits there to be killed, or told to go on. Nothing in it is a part of
// the product: it composes cmd/tributary/node with gates between the parts.
//
// On file 4 it is told "arm NAME SKIP", "disarm" and "go"; on file 3 it says
// "at NAME" where it stops, and "seen NAME" when it passes a point for the
// first time.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/point"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/cmd/tributary/sandbox"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	o := sandbox.Options{JSON: true, Node: node.Config{Environment: setting.Sandbox, Log: os.Stderr, LogLevel: "info"}}
	flag.StringVar(&o.Node.Data, "data", "", "folder of data")
	flag.StringVar(&o.Node.Listen, "listen", "127.0.0.1:0", "address")
	flag.StringVar(&o.Node.Plugins, "plugins", "", "folder of plugins")
	flag.StringVar(&o.Node.DatabaseURLFile, "database-url-file", "", "file with the address of the database")
	flag.StringVar(&o.TestBankURL, "testbank-url", "", "the test bank")
	lease := flag.Duration("lease", 3*time.Second, "how long a silent holder keeps a run")
	sweep := flag.Duration("sweep", 250*time.Millisecond, "pause between two looks for abandoned runs")
	history := flag.String("history", "", "file to write what was done to runs")
	flag.Parse()
	told, err := openHistory(*history)
	if err != nil {
		return err
	}
	gates := newGates(os.NewFile(3, "said"))
	ctx, end := context.WithCancel(ctx)
	defer end()
	go func() {
		gates.listen(os.NewFile(4, "told"))
		end() // whoever started it has died
	}()
	o.Node.Seams = node.Seams{
		Store: func(next store.Store) store.Store {
			if told != nil {
				next = point.Witness(told, next)
			}
			return point.Store(gates, next)
		},
		Gateway: func(next provider.Gateway) provider.Gateway { return point.Gateway(gates, next) },
		Jobs:    func(kind string, work jobs.Handler) jobs.Handler { return point.Jobs(gates, kind, work) },
		Queue:   func(next jobs.Enqueuer) jobs.Enqueuer { return point.Queue(gates, next) },
		Pace: node.Pace{
			Limits: synchronizing.Limits{Lease: *lease, Look: 100 * time.Millisecond},
			Sweep:  *sweep, Attempt: time.Second, Grace: *lease,
		},
	}
	return sandbox.Run(ctx, os.Stdout, o)
}

// openHistory opens a file that outlives this process, line by line.
func openHistory(path string) (*point.History, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	return point.NewHistory(file, time.Now), nil
}
