// Command scraper is the provider plugin for banks that are read from their web sites: one process, one browser, and one
// readable recipe for each bank.
//
// It owns the choice of the bank, the sessions that are open and their ends; how a site is read is package engine's. It must
// not know the server, and no bank. Invariants: a bank is a file and no code; nothing of one session reaches another; a
// session that nobody uses is closed; what a user gave is in memory only, and in nothing that is written.
package main

import (
	"os"

	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

func main() {
	if len(os.Args) > 1 {
		if command, known := commands[os.Args[1]]; known {
			os.Exit(command(os.Args[2:], os.Stdout, os.Stderr))
		}
	}
	serve.Main(fromSettings)
}
