package pluginhost

import (
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// calls is a sink that keeps the arguments of the calls.
type calls []any

func (c *calls) add(args ...any) error {
	*c = append(*c, args...)
	return nil
}

func (c *calls) Account(ref string, r ledger.Report) error        { return c.add(ref, r) }
func (c *calls) Balances(ref string, b []ledger.Balance) error    { return c.add(ref, b) }
func (c *calls) Rows(ref string, r []ledger.Row) error            { return c.add(ref, r) }
func (c *calls) Done(ref string, from, to bank.Day) error         { return c.add(ref, from, to) }
func (c *calls) Used(u port.Usage) error                          { return c.add(u) }
func (c *calls) Progress(s synchronization.Stage, d, n int) error { return c.add(s, d, n) }
func (c *calls) Failed(ref string, s port.Scope, f *port.Failure) error {
	return c.add(ref, s, f)
}
