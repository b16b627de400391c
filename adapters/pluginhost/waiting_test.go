package pluginhost_test

import (
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// waiting is a sink that tells which accounts came.
type waiting struct {
	calls chan string
	give  func() // ends the fetch
}

func (w *waiting) Account(ref string, _ ledger.Report) error    { w.calls <- ref; return nil }
func (*waiting) Balances(string, []ledger.Balance) error        { return nil }
func (*waiting) Rows(string, []ledger.Row) error                { return nil }
func (*waiting) Done(string, bank.Day, bank.Day) error          { return nil }
func (*waiting) Used(port.Usage) error                          { return nil }
func (*waiting) Progress(synchronization.Stage, int, int) error { return nil }
func (*waiting) Failed(string, port.Scope, *port.Failure) error { return nil }
