package synchronizing

import (
	"errors"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// reading collects what a fetch streams. It implements provider.Sink.
type reading struct {
	tell func(stage synchronization.Stage, done, total int) error
	// part is the stage that reads rows: the server knows what it asked for.
	part  synchronization.Stage
	stage synchronization.Stage
	// window is what was asked for.
	window provider.Window
	// finished is told of an account that was read to its end; nil keeps all.
	finished func(ref string, i *item) error
	// cut is why the fetch ended before its time.
	cut *provider.Failure
	// broken is an error of our own store: it is not the plugin's.
	broken error
	order  []string
	items  map[string]*item
	// spent is what was reserved for the fetch, used what the plugin says that it
	// took, refused what it did not get.
	spent   *spending
	used    []provider.Usage
	refused []refusal
	settled bool
}

// rows is how many were read.
func (r *reading) rows() (n int) {
	for _, item := range r.items {
		n += len(item.report.Rows)
	}
	return n
}

// item is one account as it was read.
type item struct {
	report  ledger.Report
	failure *provider.Failure
	// entered says that its rows are in the ledger already.
	entered bool
}

func newReading(part synchronization.Stage, tell func(synchronization.Stage, int, int) error) *reading {
	return &reading{tell: tell, part: part, items: map[string]*item{}}
}

// keeps reports whether what was read is good although the fetch failed: one
// failing call does not throw away the accounts that were read to their end. What
// a plugin told that breaks its own word is not believed at all.
func (r *reading) keeps(err error) bool {
	failure, answered := errors.AsType[*provider.Failure](err)
	if r == nil || !answered || failure.Code == provider.BadData {
		return false
	}
	for _, item := range r.items {
		if item.report.Read {
			r.cut = failure
			return true
		}
	}
	return false
}

// asked is the day from which an account was asked for.
func (r *reading) asked(bankID string) bank.Day {
	if from, named := r.window.From[bankID]; named {
		return from
	}
	return r.window.Default
}

var errBadRef = &provider.Failure{Code: provider.BadData, Whose: provider.Plugin}

func (r *reading) Account(ref string, report ledger.Report) error {
	if r.items[ref] != nil {
		return errBadRef // it would throw away what was read, or hide another account
	}
	report.Number = ledger.Concealed(report.Type, report.Number)
	r.order = append(r.order, ref)
	r.items[ref] = &item{report: report}
	return nil
}

func (r *reading) on(ref string, change func(*item)) error {
	found := r.items[ref]
	if found == nil {
		return errBadRef
	}
	change(found)
	return nil
}

func (r *reading) Balances(ref string, balances []ledger.Balance) error {
	return r.on(ref, func(i *item) { i.report.Balances = append(i.report.Balances, balances...) })
}

func (r *reading) Rows(ref string, rows []ledger.Row) error {
	return r.on(ref, func(i *item) { i.report.Rows = append(i.report.Rows, rows...) })
}

func (r *reading) Done(ref string, from, to bank.Day) error {
	err := r.on(ref, func(i *item) { i.report.Read, i.report.From, i.report.To = true, from, to })
	if err != nil || r.finished == nil || r.broken != nil {
		return errors.Join(err, r.broken)
	}
	r.broken = r.finished(ref, r.items[ref])
	return r.broken
}

// Failed keeps what was read of the account: one failing call must not throw
// away the others (field note 2).
func (r *reading) Failed(ref string, scope provider.Scope, failure *provider.Failure) error {
	r.refused = append(r.refused, refusal{ref, scope, failure})
	return r.on(ref, func(i *item) { i.failure = failure })
}

// Progress tells each stage once.
func (r *reading) Progress(stage synchronization.Stage, done, total int) error {
	if stage == synchronization.StageRecent || stage == synchronization.StageFull {
		stage = r.part
	}
	if stage == r.stage || r.broken != nil {
		return r.broken
	}
	r.stage = stage
	r.broken = r.tell(stage, done, total)
	return r.broken
}

// Used is for the quota ledger.
func (r *reading) Used(usage provider.Usage) error {
	r.used = append(r.used, usage)
	return nil
}
