package delivery

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Lease is a stretch of the log that one consumer of a shared queue works on:
// what comes after After, up to Through. Until bounds it, on real time; once it
// is over, what was not acknowledged goes to whoever asks next.
type Lease struct {
	ID             ident.Lease
	After, Through int64
	// Done is acknowledged: it lies from After to Through.
	Done  int64
	Until time.Time
}

func (l Lease) done() bool { return l.Done == l.Through }

// MaxLeases bounds what is out at once.
const MaxLeases = 100

// Errors of leases.
var (
	ErrLease  = fault.New(fault.Conflict, "lease_lost", "This lease is over, or was acknowledged, or never was: its events go to another consumer.")
	ErrLeases = fault.New(fault.Conflict, "too_many_leases", "Too many leases are out; acknowledge some, or wait until they end.")
	ErrLeased = fault.New(fault.Invalid, "acknowledged_beyond_lease", "The lease does not reach this sequence number.")
)

// Stretch is what can be lent next: after After, and not beyond Through unless
// that is 0.
type Stretch struct{ After, Through int64 }

// Free finds the first stretch of the log that nobody works on: what is left of
// a lease that is over, else what comes after all of them.
func (q *Queue) Free(now time.Time) (Stretch, error) {
	out := 0
	for _, l := range q.Leases {
		if l.done() {
			continue
		}
		if !now.Before(l.Until) {
			return Stretch{l.Done, l.Through}, nil
		}
		out++
	}
	if out >= MaxLeases {
		return Stretch{}, ErrLeases
	}
	return Stretch{After: q.reached()}, nil
}

// reached is the end of what was ever lent or acknowledged.
func (q *Queue) reached() int64 {
	if last := len(q.Leases) - 1; last >= 0 {
		return q.Leases[last].Through
	}
	return q.Acked
}

// Lend gives a stretch that Free found, up to through, to a consumer. Of a lease
// that was over the rest stays free.
func (q *Queue) Lend(id ident.Lease, s Stretch, through int64, until time.Time) Lease {
	lent := Lease{ID: id, After: s.After, Through: through, Done: s.After, Until: until}
	at := slices.IndexFunc(q.Leases, func(l Lease) bool { return s.Through != 0 && l.Through == s.Through })
	if at < 0 {
		q.Leases = append(q.Leases, lent)
		return lent
	}
	over := q.Leases[at]
	var parts []Lease
	if over.Done > over.After {
		parts = append(parts, Lease{After: over.After, Through: over.Done, Done: over.Done})
	}
	parts = append(parts, lent)
	if through < over.Through {
		parts = append(parts, Lease{After: through, Through: over.Through, Done: through, Until: over.Until})
	}
	q.Leases = slices.Replace(q.Leases, at, at+1, parts...)
	q.settle()
	return lent
}

// Return acknowledges what a lease gave, up to seq. A lease that is over counts
// as long as nobody else has its events; what everybody is behind already may be
// acknowledged again, because an answer may have been lost.
func (q *Queue) Return(id ident.Lease, seq int64) error {
	at := slices.IndexFunc(q.Leases, func(l Lease) bool { return l.ID == id })
	if at < 0 && seq <= q.Acked {
		return nil
	}
	if at < 0 {
		return ErrLease
	}
	if seq > q.Leases[at].Through {
		return ErrLeased
	}
	q.Leases = slices.Clone(q.Leases)
	q.Leases[at].Done = max(q.Leases[at].Done, seq)
	q.settle()
	return nil
}

// settle moves what is acknowledged without a gap into Acked, forgets leases that
// are behind it, and joins neighbours that are done: they wait for one before
// them.
func (q *Queue) settle() {
	kept := q.Leases[:0:0]
	for _, l := range q.Leases {
		if l.After <= q.Acked {
			q.Acked = max(q.Acked, l.Done)
		}
		if l.Through <= q.Acked {
			continue
		}
		l.After, l.Done = max(l.After, q.Acked), max(l.Done, q.Acked)
		if last := len(kept) - 1; last >= 0 && kept[last].done() && l.done() {
			kept[last] = Lease{After: kept[last].After, Through: l.Through, Done: l.Through}
			continue
		}
		kept = append(kept, l)
	}
	q.Leases = kept
}
