package providertest

import (
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// Account is what a fetch told of one account.
type Account struct {
	Ref      string
	Report   ledger.Report
	Balances []ledger.Balance
	Rows     []ledger.Row
	From, To bank.Day
	Finished bool
	Failure  *provider.Failure
}

// Recorder is a sink that keeps what it is told.
type Recorder struct {
	Accounts []*Account
	Stages   []synchronization.Stage
	Usages   []provider.Usage
	// Disorder names what came about an account that was not told before.
	Disorder []string
	// Refuse, if set, is what every call answers.
	Refuse error
	Calls  int
}

var _ provider.Sink = (*Recorder)(nil)

// Account implements provider.Sink.
func (r *Recorder) Account(ref string, report ledger.Report) error {
	r.Accounts = append(r.Accounts, &Account{Ref: ref, Report: report})
	return r.told()
}

// Balances implements provider.Sink.
func (r *Recorder) Balances(ref string, balances []ledger.Balance) error {
	a := r.account("Balances", ref)
	a.Balances = append(a.Balances, balances...)
	return r.told()
}

// Rows implements provider.Sink.
func (r *Recorder) Rows(ref string, rows []ledger.Row) error {
	a := r.account("Rows", ref)
	a.Rows = append(a.Rows, rows...)
	return r.told()
}

// Done implements provider.Sink.
func (r *Recorder) Done(ref string, from, to bank.Day) error {
	a := r.account("Done", ref)
	a.From, a.To, a.Finished = from, to, true
	return r.told()
}

// Failed implements provider.Sink.
func (r *Recorder) Failed(ref string, _ provider.Scope, failure *provider.Failure) error {
	r.account("Failed", ref).Failure = failure
	return r.told()
}

// Progress implements provider.Sink.
func (r *Recorder) Progress(stage synchronization.Stage, _, _ int) error {
	r.Stages = append(r.Stages, stage)
	return r.told()
}

// Used implements provider.Sink.
func (r *Recorder) Used(usage provider.Usage) error {
	r.Usages = append(r.Usages, usage)
	return r.told()
}

func (r *Recorder) told() error {
	r.Calls++
	return r.Refuse
}

func (r *Recorder) account(call, ref string) *Account {
	for _, a := range r.Accounts {
		if a.Ref == ref {
			return a
		}
	}
	r.Disorder = append(r.Disorder, call+" of "+ref)
	return &Account{}
}
