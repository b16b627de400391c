// Command simulate plays whole lives of bank accounts through the application
// and compares what the ledger holds at last with what really happened. It
// exits non-zero unless nothing is missing, doubled, wrongly merged or wrong in
// its balance.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	s := &simulation{out: os.Stdout}
	flag.IntVar(&s.years, "n", 100, "account-years to live")
	flag.Uint64Var(&s.seed, "seed", 1, "where the lives come from")
	flag.Uint64Var(&s.one, "life", 0, "plays this life alone, and tells day by day what went wrong")
	flag.IntVar(&s.size.Accounts, "accounts", 4, "accounts of a life")
	flag.IntVar(&s.size.Days, "days", 365, "days of a life")
	flag.BoolVar(&s.bare, "bare", false, "plays core/ledger alone, without services and store: fast, and less")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	right, err := s.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
	if !right {
		os.Exit(1)
	}
}
