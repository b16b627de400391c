package check

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// Report lists what is not as it must be.
type Report struct {
	// Missing and Doubled are rows and accounts, Events facts that were not told,
	// told twice or told otherwise. Lost are acknowledged writes that are not
	// there, Quota are accesses without their user that were not counted, or more
	// than there may be, Calls are bank calls that nobody agreed to or wrote down.
	// Wrong is everything else.
	Missing, Doubled, Events, Lost, Quota, Calls, Wrong []string
	// Rows, Facts and Visits count what was compared: the last the bank's calls.
	Rows, Facts, Visits int
}

// Add takes another report over.
func (r *Report) Add(other Report) {
	r.Missing, r.Doubled = append(r.Missing, other.Missing...), append(r.Doubled, other.Doubled...)
	r.Events, r.Lost, r.Wrong = append(r.Events, other.Events...), append(r.Lost, other.Lost...), append(r.Wrong, other.Wrong...)
	r.Quota, r.Calls = append(r.Quota, other.Quota...), append(r.Calls, other.Calls...)
	r.Rows, r.Facts, r.Visits = r.Rows+other.Rows, r.Facts+other.Facts, r.Visits+other.Visits
}

// Complaints are all of them.
func (r *Report) Complaints() (all []string) {
	for _, kind := range []struct {
		name  string
		lines []string
	}{{"missing", r.Missing}, {"doubled", r.Doubled}, {"events", r.Events}, {"lost", r.Lost}, {"quota", r.Quota}, {"calls", r.Calls}, {"wrong", r.Wrong}} {
		for _, line := range kind.lines {
			all = append(all, kind.name+": "+line)
		}
	}
	return all
}

func add(to *[]string, format string, args ...any) { *to = append(*to, fmt.Sprintf(format, args...)) }

// Bank is the outside truth.
type Bank interface {
	Truth(ctx context.Context, login string) ([]call.Thing, error)
	Today(ctx context.Context) (string, error)
	// Visits are the calls that the bank had of programs.
	Visits() ([]call.Thing, error)
}

// Scene is a server at rest, with all that is known about it.
type Scene struct {
	Client   call.Caller
	Bank     Bank
	DB       *sql.DB
	Promises *Promises
	Memory   *Memory
}

// Look compares everything.
func (s Scene) Look(ctx context.Context) (r Report, err error) {
	for _, part := range []func(context.Context, *Report) error{
		s.Memory.Follow, s.ledger, s.feed, s.events, s.promises, s.state, s.calls,
	} {
		if err := part(ctx, &r); err != nil {
			return r, err
		}
	}
	return r, nil
}
