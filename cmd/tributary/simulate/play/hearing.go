package play

import (
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// hearing collects what a bank tells; it implements provider.Sink.
type hearing struct {
	reports []ledger.Report
}

func (h *hearing) last() *ledger.Report { return &h.reports[len(h.reports)-1] }

func (h *hearing) Account(_ string, report ledger.Report) error {
	h.reports = append(h.reports, report)
	return nil
}

func (h *hearing) Balances(_ string, balances []ledger.Balance) error {
	h.last().Balances = balances
	return nil
}

func (h *hearing) Rows(_ string, rows []ledger.Row) error {
	h.last().Rows = append(h.last().Rows, rows...)
	return nil
}

func (h *hearing) Done(_ string, from, to bank.Day) error {
	h.last().Read, h.last().From, h.last().To = true, from, to
	return nil
}

func (h *hearing) Failed(string, provider.Scope, *provider.Failure) error { return nil }

func (h *hearing) Progress(synchronization.Stage, int, int) error { return nil }

func (h *hearing) Used(provider.Usage) error { return nil }
