// Command testbank serves the emulated bank and checks its configuration files.
//
// It is thin: it reads the command line, opens a listener and prints. What the bank does is in package testbank.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // banks know their time zone also where the system has no list of them
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}
