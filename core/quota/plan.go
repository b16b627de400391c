package quota

import (
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// Reserve is what the daily plan leaves over of every key: for the next try
// where a run fails, or for whoever asks with nobody there.
const Reserve = 1

// Plan is what a fetch wants to read.
type Plan struct {
	// Accounts are those that are known, unless only the list is wanted.
	Accounts []ident.Account
	// ListOnly asks for the list of accounts and nothing of them.
	ListOnly bool
	// Over is what has to be left of each key.
	Over int
}

// keys are what the plan needs, the list first.
func (p Plan) keys() []Key {
	keys := []Key{{Scope: Accounts}}
	if p.ListOnly {
		return keys
	}
	for _, account := range append([]ident.Account{""}, p.Accounts...) {
		keys = append(keys, Key{account, Balances}, Key{account, Transactions})
	}
	return keys
}

// Wait is until when a plan is not worth a call: the list cannot be read, or no
// account of it. It is zero where it is worth one now.
func (l Ledger) Wait(p Plan) time.Time {
	list := l.NextFree(Key{Scope: Accounts}, p.Over)
	if p.ListOnly {
		return list
	}
	var first time.Time
	for _, key := range p.keys()[1:] {
		if key.unknown() && len(p.Accounts) > 0 {
			continue // nobody knows whether there is a new one
		}
		free := l.NextFree(key, p.Over)
		if free.IsZero() {
			return list
		}
		if first.IsZero() || free.Before(first) {
			first = free
		}
	}
	return later(list, first)
}

// Allowance is what a call may spend of a key.
type Allowance struct {
	Key
	Left int
}

// Attend enters a call that somebody is there for: it may spend what it likes.
func (l Ledger) Attend(c Call, p Plan, within time.Duration) Call {
	c.Attended = true
	return l.enter(c, p.keys(), within)
}

// Reserve enters a call that nobody is there for, which may take a time, with
// what it may spend: one of each key that is free, and none of the others. Keys
// without a limit are allowed without being named.
func (l Ledger) Reserve(c Call, p Plan, within time.Duration) (Call, []Allowance) {
	var spends []Key
	var allowed []Allowance
	for _, key := range p.keys() {
		_, limited := l.Left(key)
		free := l.Free(key, p.Over)
		if free {
			spends = append(spends, key)
		}
		switch {
		case limited && free:
			allowed = append(allowed, Allowance{key, 1})
		case limited:
			allowed = append(allowed, Allowance{key, 0})
		}
	}
	return l.enter(c, spends, within), allowed
}

// enter stamps a call. What is entered later never comes before: a clock that
// was set back frees nothing.
func (l Ledger) enter(c Call, keys []Key, within time.Duration) Call {
	c.BegunAt = later(l.Now, l.newest())
	c.At = c.BegunAt.Add(within)
	for _, key := range keys {
		c.Lines = append(c.Lines, Line{Key: key, Count: 1})
	}
	return c
}
